"""The first frame of an MP3, which players read and do not play: frames, bytes, seek table, delay and padding."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from pillarcast.audio.crc16 import crc16
from pillarcast.audio.mpeg import Header, parse_header

_NEEDED = 8 + 4 + 4 + 100 + 4 + 36
_KEEPS_RATE_AND_PADDING_OFF = 0x0D


def info_frame(
    first: bytes, offsets: Sequence[int], total: int, *, music_crc: int, delay: int, padding: int, is_cbr: bool = True
) -> bytes:
    """The frame for a stream that begins with the header `first`, whose frames lie at `offsets` of `total` bytes."""
    header, four = _roomy(first)
    frame = bytearray(header.length)
    frame[:4] = four
    at = 4 + header.side_length
    size = total + header.length
    struct.pack_into(">4sIII", frame, at, b"Info" if is_cbr else b"Xing", 0x0F, len(offsets), size)
    frame[at + 16 : at + 116] = _seek_table(offsets, size, header.length)
    lame = at + 120
    frame[lame : lame + 10] = b"LAME4.0  " + bytes([1 if is_cbr else 4])
    frame[lame + 21 : lame + 24] = (delay << 12 | min(padding, 4095)).to_bytes(3, "big")
    struct.pack_into(">IH", frame, lame + 28, size, music_crc)
    struct.pack_into(">H", frame, lame + 34, crc16(frame[: lame + 34]))
    return bytes(frame)


def _roomy(first: bytes) -> tuple[Header, bytes]:
    """The stream's header at the lowest bit rate, not below its own, whose frame holds all fields; without CRC."""
    for index in range(first[2] >> 4, 15):
        four = bytes([first[0], first[1] | 1, index << 4 | first[2] & _KEEPS_RATE_AND_PADDING_OFF, first[3]])
        header = parse_header(four)
        if header is not None and header.length >= 4 + header.side_length + _NEEDED:
            return header, four
    raise ValueError("no MPEG frame is large enough for an Info tag")


def _seek_table(offsets: Sequence[int], size: int, lead: int) -> bytes:
    count = len(offsets)
    return bytes(min(255, (offsets[count * percent // 100] + lead) * 256 // size) for percent in range(100))
