"""How long a Matroska or WebM file says that it is, in its segment's Info (RFC 9559, section 5.1.2)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_HEAD = 1 << 16
_SEGMENT, _INFO = bytes.fromhex("18538067"), bytes.fromhex("1549a966")
_TICK, _DURATION = bytes.fromhex("2ad7b1"), bytes.fromhex("4489")
_DEFAULT_TICK_NS = 1_000_000


def claimed_s(path: Path) -> float | None:
    """Seconds of its longest track, or None where it does not say: who streams does not know."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    segment = dict(_elements(head)).get(_SEGMENT, b"")
    said = dict(_elements(dict(_elements(segment)).get(_INFO, b"")))
    ticks = _number(said.get(_DURATION, b""))
    tick_ns = int.from_bytes(said.get(_TICK, b"")) or _DEFAULT_TICK_NS
    return ticks * tick_ns / 1e9 if ticks > 0 else None


def _elements(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and contents; the first bits of a name say how many bytes it has."""
    at = 0
    while at < len(content) and content[at]:
        end = at + 9 - content[at].bit_length()
        length, begin = _size(content, end)
        yield content[at:end], content[begin : begin + length]
        at = begin + length


def _size(content: bytes, at: int) -> tuple[int, int]:
    """The size that stands there, and where what it counts begins."""
    if at >= len(content) or not content[at]:
        return 0, len(content)
    width = 9 - content[at].bit_length()
    return int.from_bytes(content[at : at + width]) & (1 << 7 * width) - 1, at + width


def _number(content: bytes) -> float:
    kind = {4: ">f", 8: ">d"}.get(len(content))
    return float(struct.unpack(kind, content)[0]) if kind else 0.0
