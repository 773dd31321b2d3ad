"""An MP3 as a file: tag, Info frame, audio; written once and hashed on the way."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutagen.mp3 import MP3

from pillarcast.audio import id3
from pillarcast.audio.tags import Tags

_PIECE = 1 << 20


@dataclass(frozen=True)
class Written:
    """What stands on the disk."""

    sha256: str
    length_bytes: int


def write(path: Path, parts: Iterable[bytes | memoryview]) -> Written:
    """All parts into a file that appears under its name only when whole."""
    sha, length = hashlib.sha256(), 0
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as file:
            for part in parts:
                file.write(part)
                sha.update(part)
                length += len(part)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return Written(sha.hexdigest(), length)


def retag(path: Path, tags: Tags) -> None:
    """Into the room of the tag that stands there, or the whole file anew."""
    room = tag_length(path)
    tag = id3.render(tags, seconds(path), id3.receipt(path), room)
    if len(tag) == room:
        with path.open("r+b") as file:
            file.write(tag)
    else:
        write(path, _with_audio(tag, path, room))


def tag_length(path: Path) -> int:
    """Bytes in front of the audio."""
    with path.open("rb") as file:
        return id3.length(file.read(10))


def seconds(path: Path) -> float:
    """Duration by the Info frame that every master has."""
    mp3: Any = MP3
    return float(mp3(path).info.length)


def _with_audio(tag: bytes, path: Path, start: int) -> Iterator[bytes]:
    yield tag
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(_PIECE):
            yield piece
