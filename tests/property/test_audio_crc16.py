"""The CRC of long contents is that of their bytes taken one by one."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from pillarcast.audio.mp3.crc16 import crc16

CHECK = 0xBB3D
"""Of `123456789`, by the catalogue of CRC algorithms."""


def by_bits(content: bytes, crc: int) -> int:
    for byte in content:
        crc ^= byte
        for _bit in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def test_it_is_the_one_of_the_catalogue() -> None:
    assert crc16(b"123456789") == CHECK


@settings(deadline=None)
@given(st.integers(0, 1200), st.integers(0, 255), st.integers(0, 0xFFFF))
def test_short_contents(length: int, seed: int, crc: int) -> None:
    content = Random(seed).randbytes(length)
    assert crc16(content, crc) == by_bits(content, crc)


def test_contents_as_long_as_to_be_folded_again_and_again() -> None:
    for length in (513, 545, 4609, 33_000, 262_144, 262_145, 290_001):
        content = Random(length).randbytes(length)
        assert crc16(content, 7) == by_bits(content, 7)


@settings(deadline=None)
@given(st.integers(0, 600_000), st.integers(0, 600_000))
def test_contents_in_two_pieces(first: int, second: int) -> None:
    content = Random(first).randbytes(first + second)
    assert crc16(content[first:], crc16(content[:first])) == crc16(content)
