"""Tags: one table of values, and a writer for each format."""
