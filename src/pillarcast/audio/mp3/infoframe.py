"""The first frame of an MP3, which players read and do not play: frames, bytes, seek table, delay and padding."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pillarcast.audio.mp3.crc16 import crc16
from pillarcast.audio.mp3.mpeg import Header, parse_header

_NAMES = (b"Info", b"Xing")
_VBRI = 36
_ALL_FIELDS = 0x0F
_LAME = 120
"""Where LAME's own part begins, from the name."""

_NEEDED = _LAME + 36
_KEEPS_RATE = 0x0C


@dataclass(frozen=True)
class Gapless:
    """What LAME's part tells: samples to leave out at both ends, and the CRC of all frames."""

    delay: int
    padding: int
    music_crc: int


def info_frame(
    first: bytes,
    offsets: Sequence[int] | npt.NDArray[np.int64],
    total: int,
    gapless: Gapless | None = None,
    *,
    is_cbr: bool = True,
) -> bytes:
    """The frame for a stream that begins with the header `first`, whose frames lie at `offsets` of `total` bytes."""
    header, four = _roomy(first)
    frame = bytearray(header.length)
    frame[:4] = four
    at, size = 4 + header.side_length, total + header.length
    struct.pack_into(">4sIII", frame, at, _NAMES[0 if is_cbr else 1], _ALL_FIELDS, len(offsets), size)
    frame[at + 16 : at + 116] = _seek_table(offsets, size, header.length)
    if gapless is not None:
        frame[at + _LAME : at + _LAME + 10] = b"LAME4.0  " + bytes([1 if is_cbr else 4])
        lengths = gapless.delay << 12 | min(gapless.padding, 4095)
        frame[at + _LAME + 21 : at + _LAME + 24] = lengths.to_bytes(3, "big")
        struct.pack_into(">I", frame, at + _LAME + 28, size)
        _seal(frame, at + _LAME, gapless.music_crc)
    return bytes(frame)


def is_info(frame: bytes, header: Header) -> bool:
    """Whether a frame is one that players do not play: LAME's, or that of Fraunhofer's encoder."""
    at = 4 + header.side_length
    return frame[at : at + 4] in _NAMES or frame[_VBRI : _VBRI + 4] == b"VBRI"


def frame_count(info: bytes, header: Header) -> int:
    """Frames that an Info frame counts; 0 where it does not."""
    at = 4 + header.side_length
    if info[at : at + 4] not in _NAMES or not info[at + 7] & 1:
        return 0
    return int.from_bytes(info[at + 8 : at + 12], "big")


def with_music_crc(info: bytes, header: Header, music_crc: int) -> bytes:
    """The same Info frame for frames whose level was changed: peak and replay gain no longer hold."""
    at = 4 + header.side_length
    if info[at + 7] != _ALL_FIELDS or info[at + _LAME : at + _LAME + 4] != b"LAME":
        return info
    frame = bytearray(info)
    frame[at + _LAME + 11 : at + _LAME + 19] = bytes(8)
    _seal(frame, at + _LAME, music_crc)
    return bytes(frame)


def _seal(frame: bytearray, lame: int, music_crc: int) -> None:
    struct.pack_into(">H", frame, lame + 32, music_crc)
    struct.pack_into(">H", frame, lame + 34, crc16(frame[: lame + 34]))


def _roomy(first: bytes) -> tuple[Header, bytes]:
    """The stream's header at the lowest bit rate, not below its own, whose frame holds all fields; without CRC."""
    for index in range(first[2] >> 4, 15):
        four = bytes([first[0], first[1] | 1, index << 4 | first[2] & _KEEPS_RATE, first[3]])
        header = parse_header(four)
        if header is not None and header.length >= 4 + header.side_length + _NEEDED:
            return header, four
    raise ValueError("no MPEG frame is large enough for an Info tag")


def _seek_table(offsets: Sequence[int] | npt.NDArray[np.int64], size: int, lead: int) -> bytes:
    count = len(offsets)
    return bytes(min(255, (int(offsets[count * percent // 100]) + lead) * 256 // size) for percent in range(100))
