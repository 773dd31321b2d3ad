"""One gzip member stitched from pieces that were deflated apart, so that a new episode compresses only what is new.

Each piece is raw deflate ended with a full flush (RFC 1951), so pieces may follow each other; the trailer's CRC is
combined from the pieces' own (RFC 1952). One member, never several: readers in use stop after the first.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

LEVEL = 6
_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31
_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_FINAL_BLOCK = b"\x03\x00"
_FLUSHED = b"\x00\x00\xff\xff"
"""How a full flush ends. Inside of a piece it is as rare as any four bytes."""
_PIECE = struct.Struct("<IIQ")
_TRAILER = struct.Struct("<II")


@dataclass(frozen=True)
class Piece:
    """Deflated bytes with what the trailer needs: CRC-32, x^(8·length) modulo its polynomial, length in bytes."""

    deflated: bytes
    crc: int
    power: int
    length_bytes: int

    def to_bytes(self) -> bytes:
        return _PIECE.pack(self.crc, self.power, self.length_bytes) + self.deflated

    @classmethod
    def from_bytes(cls, packed: bytes) -> Piece:
        crc, power, length = _PIECE.unpack_from(packed)
        return cls(packed[_PIECE.size :], crc, power, length)


def deflate(plain: bytes, level: int = LEVEL) -> Piece:
    compressor = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    deflated = compressor.compress(plain) + compressor.flush(zlib.Z_FULL_FLUSH)
    return Piece(deflated, zlib.crc32(plain), _power_of_x(8 * len(plain)), len(plain))


def joined(pieces: Iterable[Piece]) -> Piece:
    """One piece of all in their order."""
    out, crc, power, length = [], 0, _ONE, 0
    for piece in pieces:
        out.append(piece.deflated)
        crc = _multiply(piece.power, crc) ^ piece.crc
        power = _multiply(piece.power, power)
        length += piece.length_bytes
    return Piece(b"".join(out), crc, power, length)


def stitch(pieces: Iterable[Piece]) -> bytes:
    """A gzip file of all pieces in their order, the same bytes on any machine."""
    whole = joined(pieces)
    trailer = _TRAILER.pack(whole.crc, whole.length_bytes & 0xFFFFFFFF)
    return b"".join([_HEADER, whole.deflated, _FINAL_BLOCK, trailer])


def taken_apart(whole: bytes, most_bytes: int) -> list[tuple[bytes, Piece]]:
    """The pieces of what `stitch` made, each with its plain bytes, so that those that stay are not deflated again.

    ValueError for whatever cannot be taken apart, or holds more than `most_bytes`: nothing is said of it then.
    """
    pieces, left = [], most_bytes
    for deflated in parted(whole):
        plain, piece = inflated(deflated, left)
        left -= len(plain)
        pieces.append((plain, piece))
    check_stitched(whole, (piece for _, piece in pieces))
    return pieces


def parted(whole: bytes) -> list[bytes]:
    """What `stitch` made, where it was stitched. ValueError for anything else."""
    end = len(_FINAL_BLOCK) + _TRAILER.size
    flushed = whole[len(_HEADER) : -end].split(_FLUSHED)
    if len(whole) < len(_HEADER) + end or not whole.startswith(_HEADER) or flushed.pop():
        raise ValueError("it was not stitched")
    return [deflated + _FLUSHED for deflated in flushed]


def inflated(deflated: bytes, most_bytes: int) -> tuple[bytes, Piece]:
    """The plain bytes of one piece. ValueError where they are more than `most_bytes`, or need what stands before."""
    plain = _inflated(deflated, most_bytes)
    return plain, Piece(deflated, zlib.crc32(plain), _power_of_x(8 * len(plain)), len(plain))


def check_stitched(whole: bytes, pieces: Iterable[Piece]) -> None:
    """ValueError where the pieces of `whole` are not these: its checksum tells."""
    if stitch(pieces) != whole:
        raise ValueError("its checksum is another")


def _inflated(deflated: bytes, most_bytes: int) -> bytes:
    """Of one piece, without those before it: only so may it follow another one."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = inflater.decompress(deflated, most_bytes + 1)
    except zlib.error as error:
        raise ValueError("a piece of it cannot be read") from error
    if len(plain) > most_bytes or inflater.eof:
        raise ValueError("a piece of it is no piece")
    return plain


def _multiply(left: int, right: int) -> int:
    """The product of two polynomials over GF(2), modulo the CRC's; the highest bit is x^0."""
    product = 0
    while left:
        if left & _ONE:
            product ^= right
        left = left << 1 & 0xFFFFFFFF
        right = right >> 1 ^ (_POLYNOMIAL if right & 1 else 0)
    return product


@lru_cache(256)  # most pieces are of a few lengths
def _power_of_x(exponent: int) -> int:
    power, square = _ONE, _ONE >> 1
    while exponent:
        if exponent & 1:
            power = _multiply(power, square)
        square = _multiply(square, square)
        exponent >>= 1
    return power
