"""A file cut into parts, and how a part is known again in the store."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import md5, sha256
from typing import Any, BinaryIO

MIB = 1 << 20
PART_BYTES = 8 * MIB
_MAX_PARTS = 10_000  # of S3; so are 5 MiB as the least and 5 GiB as the most for a part


@dataclass(frozen=True)
class Part:
    """`number` counts from 1."""

    number: int
    body: bytes

    @cached_property
    def md5(self) -> str:
        return md5(self.body, usedforsecurity=False).hexdigest()

    @cached_property
    def sha256(self) -> str:
        return b64encode(sha256(self.body).digest()).decode()

    def checksum(self, *, with_sha256: bool) -> dict[str, Any]:
        if with_sha256:
            return {"ChecksumSHA256": self.sha256}
        return {"ContentMD5": b64encode(bytes.fromhex(self.md5)).decode()}


@dataclass(frozen=True)
class Kept:
    """A part that the store has. `sha256` is empty where the store keeps no checksums."""

    number: int
    length_bytes: int
    etag: str
    sha256: str

    def holds(self, part: Part) -> bool:
        """Never true by mistake: a store whose ETag is no MD5 gets the part again."""
        if self.length_bytes != len(part.body):
            return False
        return self.sha256 == part.sha256 if self.sha256 else self.etag == part.md5


def part_bytes(length_bytes: int) -> int:
    """Follows from the length alone, so that a later attempt cuts the file in the same places."""
    least = -(-length_bytes // _MAX_PARTS)
    return max(PART_BYTES, -(-least // MIB) * MIB)


def parts_of(file: BinaryIO, size_bytes: int) -> Iterator[Part]:
    number = 0
    while body := file.read(size_bytes):
        number += 1
        yield Part(number, body)


def composite_checksum(checksums: list[str]) -> str:
    """What S3 reports for an object of parts: the SHA-256 of their digests, and how many they are."""
    if not all(checksums):
        return ""
    joined = b"".join(b64decode(checksum) for checksum in checksums)
    return f"{b64encode(sha256(joined).digest()).decode()}-{len(checksums)}"
