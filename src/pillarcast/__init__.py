"""pillarcast: a recording dropped into a folder becomes a public episode and a post, exactly once."""

__version__ = "0.1.0"
