"""Files that are dropped, by what follows the dot."""

from __future__ import annotations

import re

NUMBER = re.compile(r"^(\d{1,4})[\s._-]+(?=\D)")
AUDIO = frozenset({
    ".wav", ".wave", ".rf64", ".bwf", ".w64", ".flac", ".mp3", ".m4a", ".m4b", ".aac", ".ogg", ".oga", ".opus",
    ".aiff", ".aif", ".aifc", ".caf", ".mp4", ".mov", ".mka", ".webm", ".wma", ".amr",
})  # fmt: skip
NOTES = frozenset({".md", ".markdown"})
PICTURES = frozenset({".jpg", ".jpeg", ".png"})
TRANSCRIPTS = frozenset({".vtt", ".srt"})
SUFFIXES = AUDIO | NOTES | PICTURES | TRANSCRIPTS


def number_in_front(name: str) -> int | None:
    """The number in front of a file's name, when it is no date."""
    match = NUMBER.match(name)
    return int(match[1]) or None if match else None
