"""Lossless changes of level inside MP3 frames: the field global_gain, in steps of 1.5 dB, of some or all granules."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from pillarcast.audio.mp3.mpeg import Header

STEP_DB = 20 * 0.25 * np.log10(2)
"""One unit of global_gain scales by the fourth root of two."""

Bytes = npt.NDArray[np.uint8]


def fields(header: Header) -> list[list[int]]:
    """Bit positions of global_gain in the side information: a list of its channels for each granule."""
    count = header.channels
    if header.is_mpeg1:
        base = 9 + (5 if count == 1 else 3) + 4 * count
        return [[base + (granule * count + channel) * 59 + 21 for channel in range(count)] for granule in range(2)]
    base = 8 + (1 if count == 1 else 2)
    return [[base + channel * 63 + 21 for channel in range(count)]]


def has_room(content: Bytes, offsets: npt.NDArray[np.int64], header: Header, steps: int) -> bool:
    """Whether all fields of all frames can change by `steps`. Those at zero do not count: their granules are silent."""
    for granule in fields(header):
        for bit in granule:
            values = _words(content, offsets + header.side_at + bit // 8) >> 8 - bit % 8 & 255
            moved = values[values > 0] + steps
            if moved.size and (moved.min() < 1 or moved.max() > 255):
                return False
    return True


def shift(content: Bytes, offsets: npt.NDArray[np.int64], header: Header, steps: int) -> None:
    """Changes all frames at `offsets`, which share the layout of `header`, for which there has to be room."""
    for granule in fields(header):
        for bit in granule:
            places, by = offsets + header.side_at + bit // 8, 8 - bit % 8
            words = _words(content, places)
            values = words >> by & 255
            words = words & ~(255 << by) | np.where(values > 0, values + steps, values) << by
            content[places], content[places + 1] = words >> 8, words & 255
    if header.has_crc:
        _protect(content, offsets, header)


def lower(content: Bytes, offset: int, header: Header, granule: int, steps: int) -> None:
    """Takes one granule of the frame at `offset` down, in all channels."""
    for bit in fields(header)[granule]:
        place, shift = offset + header.side_at + bit // 8, 8 - bit % 8
        word = int(content[place]) << 8 | int(content[place + 1])
        word = word & ~(255 << shift) | max(0, (word >> shift & 255) - steps) << shift
        content[place], content[place + 1] = word >> 8, word & 255


def _words(content: Bytes, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return content[places].astype(np.int64) << 8 | content[places + 1]


def _protect(content: Bytes, offsets: npt.NDArray[np.int64], header: Header) -> None:
    """The CRC of protected frames anew: over the header's last two bytes and the side information."""
    table = _crc_table()
    crc = np.full(len(offsets), 0xFFFF, np.int64)
    for place in (2, 3, *range(6, 6 + header.side_length)):
        crc = (crc << 8 & 0xFFFF) ^ table[(crc >> 8) ^ content[offsets + place]]
    content[offsets + 4], content[offsets + 5] = crc >> 8, crc & 255


@cache
def _crc_table() -> npt.NDArray[np.int64]:
    table = np.arange(256, dtype=np.int64) << 8
    for _ in range(8):
        table = np.where(table & 0x8000, table << 1 ^ 0x8005, table << 1) & 0xFFFF
    return table
