"""An MP3 as a file: tag, Info frame, audio; written once and hashed on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutagen.mp3 import MP3

from pillarcast.audio.mp3 import mpeg

PIECE = 1 << 20


@dataclass(frozen=True)
class Written:
    """What stands on the disk."""

    sha256: str
    length_bytes: int


def write(path: Path, parts: Iterable[bytes | memoryview]) -> Written:
    """All parts into a file, whole or not at all."""
    sha, length = hashlib.sha256(), 0
    with path.open("wb") as file:
        for part in parts:
            file.write(part)
            sha.update(part)
            length += len(part)
    return Written(sha.hexdigest(), length)


def hashed(path: Path) -> Written:
    """What stands in a file that somebody else wrote."""
    with path.open("rb") as file:
        return Written(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def tag_room(path: Path) -> int:
    """Bytes of the ID3v2 tag in front of the audio."""
    with path.open("rb") as file:
        return mpeg.tag_length(file.read(10))


def seconds(path: Path) -> float:
    """Duration by the Info frame that every master has."""
    mp3: Any = MP3
    return float(mp3(path).info.length)
