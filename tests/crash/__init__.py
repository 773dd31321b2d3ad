"""Runs that are killed, refused and left without an answer at every outside call, and what is true afterwards."""
