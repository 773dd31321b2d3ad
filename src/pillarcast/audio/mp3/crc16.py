"""CRC-16/ARC over megabytes in a moment: thousands of lanes in step, joined by powers of the zero operator."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

_LANES = 4096
_CHUNK = 1 << 23
Table = npt.NDArray[np.uint16]


@cache
def _bytewise() -> tuple[int, ...]:
    table = []
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
        table.append(crc)
    return tuple(table)


@cache
def _wordwise() -> Table:
    """What two bytes of zero make of each CRC; a CRC xor the next two bytes goes through the same table."""
    bytewise, every = np.array(_bytewise(), np.uint16), np.arange(65536, dtype=np.uint16)
    once = (every >> 8) ^ bytewise[every & 255]
    return np.asarray((once >> 8) ^ bytewise[once & 255], np.uint16)


def crc16(content: bytes | bytearray | memoryview, crc: int = 0) -> int:
    """The CRC that LAME's Info frame carries, going on from `crc`."""
    view = memoryview(content)
    for first in range(0, len(view), _CHUNK):
        crc = _long(view[first : first + _CHUNK], crc)
    return crc


def _long(view: memoryview, crc: int) -> int:
    words = len(view) // 2 // _LANES
    words -= words > 1 and words % 2 == 0  # lanes a power of two apart would share the few places of one cache line
    if words:
        lanes = np.frombuffer(view[: words * 2 * _LANES], "<u2").reshape(_LANES, words).T.copy()
        crc = _joined(lanes, crc)
    return _short(view[words * 2 * _LANES :], crc)


def _joined(lanes: Table, crc: int) -> int:
    table, crcs = _wordwise(), np.zeros(lanes.shape[1], np.uint16)
    crcs[0] = crc
    for word in lanes:
        crcs = table[crcs ^ word]
    advance = _power(len(lanes))
    while len(crcs) > 1:
        crcs = advance[crcs[0::2]] ^ crcs[1::2]
        advance = advance[advance]
    return int(crcs[0])


@cache
def _power(words: int) -> Table:
    result, factor = np.arange(65536, dtype=np.uint16), _wordwise()
    while words:
        if words & 1:
            result = factor[result]
        factor, words = factor[factor], words >> 1
    return result


def _short(view: memoryview, crc: int) -> int:
    table = _bytewise()
    for byte in view:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 255]
    return crc
