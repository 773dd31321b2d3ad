"""MPEG audio layer III frames: headers, side information, and where each frame lies (ISO/IEC 11172-3 and 13818-3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_V1_KBPS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_V2_KBPS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES_HZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


@dataclass(frozen=True)
class Header:
    """The four bytes that begin a frame, in words."""

    is_mpeg1: bool
    rate_hz: int
    channels: int
    bitrate_kbps: int
    length: int
    has_crc: bool

    @property
    def samples(self) -> int:
        return 1152 if self.is_mpeg1 else 576

    @property
    def side_at(self) -> int:
        """Where the side information begins, from the frame's first byte."""
        return 6 if self.has_crc else 4

    @property
    def side_length(self) -> int:
        if self.is_mpeg1:
            return 17 if self.channels == 1 else 32
        return 9 if self.channels == 1 else 17


@lru_cache(maxsize=4096)
def parse_header(four: bytes) -> Header | None:
    """The header, or None where four bytes are none of layer III (free format apart)."""
    if len(four) < 4 or four[0] != 0xFF or four[1] & 0xE6 != 0xE2:
        return None
    version, rate_index, bitrate_index = (four[1] >> 3) & 3, (four[2] >> 2) & 3, four[2] >> 4
    if version == 1 or rate_index == 3 or bitrate_index in (0, 15):
        return None
    is_mpeg1 = version == 3
    kbps, rate_hz = (_V1_KBPS if is_mpeg1 else _V2_KBPS)[bitrate_index], _RATES_HZ[version][rate_index]
    length = (144000 if is_mpeg1 else 72000) * kbps // rate_hz + ((four[2] >> 1) & 1)
    return Header(is_mpeg1, rate_hz, 1 if four[3] >> 6 == 3 else 2, kbps, length, not four[1] & 1)


def tag_length(head: bytes) -> int:
    """Bytes of the ID3v2 tag that something begins with, from its first ten; 0 where there is none."""
    if head[:3] != b"ID3" or len(head) < 10 or max(head[6:10]) > 0x7F:
        return 0
    footer = 10 if head[5] & 0x10 else 0
    return 10 + footer + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])


def frames(content: bytes | memoryview, start: int = 0) -> Iterator[tuple[int, Header]]:
    """Position and header of each whole frame from `start` on, until something else stands there."""
    at, end = start, len(content)
    while at + 4 <= end:
        header = parse_header(bytes(content[at : at + 4]))
        if header is None or at + header.length > end:
            return
        yield at, header
        at += header.length


def places(content: bytes) -> list[int]:
    """Where each whole frame of one encoder's output begins, and where the last one ends.

    Mostly all are as long as the first; that is seen at once, by the two bytes that every one begins with and the
    third, which holds its length.
    """
    header = parse_header(content[:4])
    if header is None or header.length > len(content):
        return [0]
    length, end = header.length, len(content) - len(content) % header.length
    if all(content[byte:end:length] == content[byte : byte + 1] * (end // length) for byte in range(3)):
        return list(range(0, end + 1, length))
    whole = list(frames(content))
    return [*(at for at, _header in whole), whole[-1][0] + whole[-1][1].length]
