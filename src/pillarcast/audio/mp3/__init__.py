"""MP3: frames, LAME, seams between segments, the guard of peaks, and files."""
