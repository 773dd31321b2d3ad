"""CRC-16/ARC over megabytes in a moment: long contents are folded to short ones that have the same CRC.

The polynomial is x^16 + x^15 + x^2 + 1. Where m is a power of two its m-th power, over bits, is x^16m + x^15m + x^2m +
1: what stands 16 m bits before the end may stand 15 m, 2 m and no bits before it instead. So whole blocks move at once.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

_ORDER = 16
_BLOCKS = (1 << 14, 1 << 11, 1 << 8, 1 << 5)
"""Bytes: the first takes little of numpy and stays in a core's cache; what the last leaves takes little of Python."""

Bytes = npt.NDArray[np.uint8]


def crc16(content: bytes | bytearray | memoryview, crc: int = 0) -> int:
    """The CRC that LAME's Info frame carries, going on from `crc`."""
    folded: Bytes = np.frombuffer(content, np.uint8)
    for block in _BLOCKS:
        if len(folded) > _ORDER * block:
            folded, crc = _folded(folded, block, crc), 0
    return _bytewise(folded.tobytes(), crc)


def _folded(content: Bytes, block: int, crc: int) -> Bytes:
    """At most 17 blocks whose CRC, from 0 on, is that of the content from `crc` on."""
    count = len(content) // block
    state = content[: _ORDER * block].reshape(_ORDER, block).copy()
    state[0, :2] ^= np.frombuffer(crc.to_bytes(2, "little"), np.uint8)
    for number in range(_ORDER, count):
        first = state[number % _ORDER]
        state[(number + 1) % _ORDER] ^= first
        state[(number + _ORDER - 2) % _ORDER] ^= first
        first ^= content[number * block : (number + 1) * block]
    return np.concatenate([np.roll(state, -(count % _ORDER), axis=0).reshape(-1), content[count * block :]])


def _bytewise(content: bytes, crc: int) -> int:
    table = _table()
    for byte in content:
        crc = (crc >> 8) ^ table[(crc ^ byte) & 255]
    return crc


@cache
def _table() -> tuple[int, ...]:
    table = []
    for value in range(256):
        crc = value
        for _ in range(8):
            crc = (crc >> 1) ^ (0xA001 if crc & 1 else 0)
        table.append(crc)
    return tuple(table)
