"""One vendor a file; each translates its vendor's errors into ours."""
