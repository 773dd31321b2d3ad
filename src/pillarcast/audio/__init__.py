"""The mastering engine: decode, measure, limit, encode, tag. Knows files, not shows."""
