"""Measuring: loudness, peaks, channels, and what is to be said of them."""
