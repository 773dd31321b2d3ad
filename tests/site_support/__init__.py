"""A show with everything that pages can show, and a server that reads it out as a bucket does."""
