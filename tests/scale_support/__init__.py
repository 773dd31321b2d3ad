"""Shows with long archives, made quickly, and the hour at which many of them are due."""
