"""Sounds one after the other, without a gap: an intro, the recording, an outro."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pillarcast.audio.sound import Pcm, Sound


@dataclass(frozen=True)
class Piece:
    """A sound of known length, at a gain."""

    sound: Sound
    length: int
    gain: float = 1.0


class Joined:
    """Pieces of one rate in a row, all in `channels` channels."""

    def __init__(self, pieces: Sequence[Piece], channels: int) -> None:
        self.rate_hz, self.channels = pieces[0].sound.rate_hz, channels
        self.seeks = all(piece.sound.seeks for piece in pieces)
        self.length = sum(piece.length for piece in pieces)
        self._pieces = pieces

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        at = 0
        for piece in self._pieces:
            first, last = max(start - at, 0), min(stop - at, piece.length)
            if first < last:
                for block in _exact(piece.sound.blocks(first, last), last - first, piece.sound.channels):
                    yield self._fitted(block) * np.float32(piece.gain)
            at += piece.length

    def _fitted(self, pcm: Pcm) -> Pcm:
        if len(pcm) == self.channels:
            return pcm
        return np.repeat(pcm, 2, axis=0) if self.channels == 2 else pcm.mean(axis=0, dtype=np.float32, keepdims=True)


def _exact(blocks: Iterator[Pcm], length: int, channels: int) -> Iterator[Pcm]:
    """Silence for what a piece has less than it should: what follows must not move."""
    for block in blocks:
        yield block
        length -= block.shape[1]
    if length > 0:
        yield np.zeros((channels, length), np.float32)
