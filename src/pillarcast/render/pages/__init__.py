"""The pages of the site in the bucket, one kind of page a module."""
