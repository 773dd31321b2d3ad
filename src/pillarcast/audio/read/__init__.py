"""Reading: any file that a podcaster hands in, as a sound."""
