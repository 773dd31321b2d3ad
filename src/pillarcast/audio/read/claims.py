"""How long a file says that it is, in its own header: what was decoded has to reach it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from pillarcast.audio.mp3 import mpeg

_STREAMED = ((0x7FFFF000, 0x80000000), (0xFFFFF000, 0x100000000), (1 << 62, 1 << 64))
"""Sizes that programs write who could not know the end: about as much as the field holds."""
_GUESSED = {"aac", "ac3", "amr", "dts", "eac3", "ogg"}
"""Without a length in their header: FFmpeg makes one up from bit rate and size, for AMR by a thirtieth too long."""

_WIDE = (b"RF64", b"BW64")
_W64_DATA = bytes.fromhex("64617461f3acd3118cd100c04f8edb8a")


def claimed_s(path: Path, container: str, stream_s: float | None, bytes_a_second: int) -> float | None:
    """Seconds by the header, or None where it does not say. `bytes_a_second` is 0 for compressed audio."""
    kind = container.split(",", maxsplit=1)[0]
    with path.open("rb") as file:
        try:
            if kind == "mp3":
                return _mp3(file)
            if kind in _SIZES and bytes_a_second:
                size = _SIZES[kind](file)
                return size / bytes_a_second if size is not None and _is_meant(size) else None
        except (OSError, ValueError, struct.error):  # a header that leads to places which no file has
            return None
    return None if kind in _GUESSED else stream_s


def _is_meant(size: int) -> bool:
    return size > 0 and not any(low <= size < high for low, high in _STREAMED)


def _mp3(file: BinaryIO) -> float | None:
    head = file.read(10)
    start = mpeg.tag_length(head)
    file.seek(start)
    content = file.read(1 << 16)
    for at in range(max(0, len(content) - 4)):
        header = mpeg.parse_header(content[at : at + 4])
        if header is not None and mpeg.parse_header(content[at + header.length : at + header.length + 4]):
            return _info(content[at : at + header.length], header)
    return None


def _info(frame: bytes, header: mpeg.Header) -> float | None:
    at = 4 + header.side_length
    if frame[at : at + 4] not in (b"Xing", b"Info") or not frame[at + 7] & 1:
        return None
    count = int.from_bytes(frame[at + 8 : at + 12], "big")
    return count * header.samples / header.rate_hz


def _riff(file: BinaryIO) -> int | None:
    head = file.read(12)
    wide = None
    while len(chunk := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", chunk)
        if name == b"ds64":
            content = file.read(size)
            wide = struct.unpack_from("<Q", content, 8)[0] if size >= 16 else None
        elif name == b"data":
            return int(wide) if wide is not None and head[:4] in _WIDE else int(size)
        else:
            file.seek(size + size % 2, 1)
    return None


def _w64(file: BinaryIO) -> int | None:
    file.seek(40)
    while len(chunk := file.read(24)) == 24:
        size = int(struct.unpack_from("<Q", chunk, 16)[0])
        if chunk[:16] == _W64_DATA:
            return size - 24
        if size < 24:
            return None
        file.seek((size + 7) // 8 * 8 - 24, 1)
    return None


def _aiff(file: BinaryIO) -> int | None:
    file.seek(12)
    while len(chunk := file.read(8)) == 8:
        name, size = struct.unpack(">4sI", chunk)
        if name == b"SSND":
            return int(size) - 8
        file.seek(size + size % 2, 1)
    return None


def _caf(file: BinaryIO) -> int | None:
    file.seek(8)
    while len(chunk := file.read(12)) == 12:
        name, size = struct.unpack(">4sq", chunk)
        if name == b"data":
            return None if size < 0 else int(size) - 4
        if size < 0:
            return None
        file.seek(size, 1)
    return None


_SIZES: dict[str, Callable[[BinaryIO], int | None]] = {"wav": _riff, "w64": _w64, "aiff": _aiff, "caf": _caf}
