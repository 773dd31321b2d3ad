"""Formats beside MP3, by FFmpeg through PyAV."""
