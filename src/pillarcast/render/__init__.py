"""Renderers: the model in, bytes out. No input, no output, no clock."""
