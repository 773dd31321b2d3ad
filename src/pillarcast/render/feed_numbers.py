"""Numbers as feeds write them."""

from __future__ import annotations

import re

_CLOCK = re.compile(r"(?:(?:(\d+):)?(\d{1,3}):)?(\d+)(?:[.,]\d+)?")
_LONGEST_S = 1_000_000
_MOST_CHARACTERS = 40


def parse_duration(text: str) -> float:
    """Seconds of `3723`, `1:02:03` or `62:03`; 0 where nothing can be made of it."""
    match = _CLOCK.fullmatch("".join(text.split()))
    if match is None or len(match[0]) > _MOST_CHARACTERS:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    total = hours * 3600 + minutes * 60 + seconds
    return total if total < _LONGEST_S else 0


def parse_count(text: str) -> int | None:
    """A whole number from 1, such as a season; None for anything else."""
    digits = text.strip().lstrip("#")
    is_number = digits.isdecimal() and digits.isascii() and len(digits) < _MOST_CHARACTERS
    return int(digits) if is_number and 0 < int(digits) < 10**9 else None


def parse_length(text: str) -> int:
    """A number of bytes; 0 where none is said. Some hosts write `12,345` or `12345.0`."""
    digits = text.replace(",", "").removesuffix(".0").strip()
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) < 16 else 0
