"""Shaping: repair, levels, joins, gain and limiting, as sounds made of sounds."""
