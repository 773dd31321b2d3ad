"""Parsers against what nobody would write, for a bounded time and from a seed: `make fuzz`."""
