"""A bucket, and the address by which the public reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pillarcast.ports import Bucket, ObjectMeta

MIB = 1 << 20
AUDIO = "audio/mpeg"
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class World:
    """`again` connects anew, as another process would."""

    name: str
    bucket: Bucket
    public_url: str
    again: Callable[[], Bucket]


def meta_of(body: bytes, file_name: str = "", media_type: str = AUDIO) -> ObjectMeta:
    return ObjectMeta(media_type, FOR_EVER, hashlib.sha256(body).hexdigest(), file_name)


def noise(length_bytes: int, seed: int = 0) -> bytes:
    """Bytes that do not compress and that a seed repeats."""
    return hashlib.shake_128(f"{seed}".encode()).digest(length_bytes)


def a_file(folder: Path, body: bytes, name: str = "master.mp3") -> Path:
    path = folder / name
    path.write_bytes(body)
    return path
