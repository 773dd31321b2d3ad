"""The bits of MP3 frames that are played: side information and main data, without the stuffing between them.

LAME stuffs with bits that alternate over the whole stream, so two encoders that agree in every sample may still differ
in bytes that nobody decodes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pillarcast.audio.mp3.mpeg import Header, parse_header

_RESERVOIR_BITS = 9
_LENGTH_BITS = 12
_GRANULE_BITS = 59


def audible(content: bytes, offsets: Sequence[int]) -> list[bytes | None]:
    """For each MPEG-1 frame at `offsets` (the last is the end) what is played of it, as bytes to compare.

    None where its main data begin before `content`.
    """
    main, starts, sides = bytearray(), [], []
    for at, end in pairwise(offsets):
        header = parse_header(content[at : at + 4])
        assert header is not None, "offsets are those of frames"
        data_at = at + header.side_at + header.side_length
        sides.append((header, content[at:data_at]))
        starts.append(len(main))
        main += content[data_at:end]
    return [_played(header, side, main, start) for (header, side), start in zip(sides, starts, strict=True)]


def _played(header: Header, side: bytes, main: bytearray, start: int) -> bytes | None:
    value = int.from_bytes(side[header.side_at :], "big")
    width = header.side_length * 8
    first = start - (value >> width - _RESERVOIR_BITS)
    if first < 0:
        return None
    bits = sum(value >> width - at - _LENGTH_BITS & 0xFFF for at in _length_places(header.channels))
    last, rest = divmod(bits, 8)
    data = bytes(main[first : first + last])
    ending = main[first + last] & 0xFF00 >> rest & 0xFF if rest and first + last < len(main) else 0
    return side + data + bytes([ending])


def _length_places(channels: int) -> list[int]:
    """Bit positions of part2_3_length in the side information."""
    base = _RESERVOIR_BITS + (5 if channels == 1 else 3) + 4 * channels
    return [base + number * _GRANULE_BITS for number in range(2 * channels)]
