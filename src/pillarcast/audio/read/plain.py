"""Plain PCM read straight from the disk, from any sample on: no decoder, no copy more than needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pillarcast.audio import kernels
from pillarcast.audio.read.shape import Shape, pcm_bytes
from pillarcast.audio.sound import AT_ONCE_S, Pcm

_CONTAINERS = {"wav", "w64", "aiff", "caf"}
_TYPES = {
    "pcm_u8": "u1",
    "pcm_s16le": "<i2",
    "pcm_s16be": ">i2",
    "pcm_s32le": "<i4",
    "pcm_s32be": ">i4",
    "pcm_f32le": "<f4",
    "pcm_f32be": ">f4",
    "pcm_f64le": "<f8",
    "pcm_f64be": ">f8",
    "pcm_s24le": "<3",
    "pcm_s24be": ">3",
}


@dataclass(frozen=True)
class Plain:
    """Interleaved samples of one type in a row; `length` counts samples of each channel, `at_once` those of a block."""

    path: Path
    first_byte: int
    length: int
    channels: int
    type: str
    at_once: int

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        width = int(self.type[-1]) * self.channels
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.first_byte + start * width)
            for at in range(start, min(stop, self.length), self.at_once):
                content = file.read((min(at + self.at_once, stop, self.length) - at) * width)
                whole = len(content) // width
                yield self._floats(content[: whole * width], whole)

    def _floats(self, content: bytes, count: int) -> Pcm:
        if self.type == "<i2":
            return kernels.apart(np.frombuffer(content, "<i2").reshape(count, self.channels))
        values, scale = _values(content, self.type)
        out = np.empty((self.channels, count), np.float32)
        for channel, samples in enumerate(values.reshape(count, self.channels).T):
            out[channel] = samples
        if self.type == "u1":
            out -= np.float32(128)
        if scale != 1:
            out *= np.float32(scale)
        return out


def plain(path: Path, shape: Shape) -> Plain | None:
    """Where the samples of a recording lie, or None where they have to be decoded."""
    kind, width = _TYPES.get(shape.codec), pcm_bytes(shape.codec) * shape.channels
    if kind is None or shape.container not in _CONTAINERS or not shape.first_byte:
        return None
    there = (path.stat().st_size - shape.first_byte) // width
    claimed = there if shape.claimed_s is None else round(shape.claimed_s * shape.rate_hz)
    return Plain(path, shape.first_byte, min(there, claimed), shape.channels, kind, at_once=AT_ONCE_S * shape.rate_hz)


def _values(content: bytes, kind: str) -> tuple[npt.NDArray[np.generic], float]:
    """The samples as numbers, and what to multiply them by for a full scale of 1."""
    if kind[-1] == "3":
        return _twenty_four_bits(content, kind), 2.0**-31
    values = np.frombuffer(content, kind)
    return values, 1.0 if values.dtype.kind == "f" else 2.0 ** (1 - 8 * values.dtype.itemsize)


def _twenty_four_bits(content: bytes, kind: str) -> npt.NDArray[np.int32]:
    """Each three bytes as the upper ones of four."""
    three = np.frombuffer(content, np.uint8).reshape(-1, 3)
    four = np.zeros((len(three), 4), np.uint8)
    order = (0, 1, 2) if kind[0] == "<" else (2, 1, 0)
    for place, byte in enumerate(order, start=1):
        four[:, place] = three[:, byte]
    return four.view("<i4")[:, 0]
