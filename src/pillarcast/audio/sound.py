"""A sound: samples by position, whatever they are read from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.float32]
"""Shape (channels, samples); full scale is 1.0."""

Curve = npt.NDArray[np.float32]
"""One value a cell (about a millisecond) or a hop (100 ms)."""

HOPS_A_SECOND = 10

AT_ONCE_S = 2
"""Seconds of sound that are worked on at a time. With less of them threads wait for each other's steps of Python; with
more, what is made of them leaves the cache of a core: four seconds took a fifth more CPU."""

LOUDEST = np.float32(64.0)
"""36 dB over full scale: beyond is no sound but a broken number, and LAME would take the process down with it."""


class Sound(Protocol):
    """Samples at 44.1 or 48 kHz, in one or two channels; reading a range twice gives the same samples."""

    @property
    def rate_hz(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def seeks(self) -> bool:
        """Whether reading from the middle costs no more than reading from the beginning."""

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        """The samples from `start` to `stop` in order, fewer where the sound ends before."""


def cell(rate_hz: int) -> int:
    """Samples of the grid of about a millisecond, of which a whole number makes a hop."""
    return 48 if rate_hz == 48000 else 42


def hop(rate_hz: int) -> int:
    """Samples in 100 ms."""
    return rate_hz // HOPS_A_SECOND


def healed(pcm: Pcm, loudest: np.float32 = LOUDEST) -> tuple[Pcm, int]:
    """The samples without NaN, infinity and absurd values, and how many those were."""
    broken = ~(np.abs(pcm) <= loudest)
    count = int(np.count_nonzero(broken))
    return (np.where(broken, np.float32(0), pcm), count) if count else (pcm, 0)


def regular(blocks: Iterable[Pcm], size: int) -> Iterator[Pcm]:
    """The same samples in blocks of exactly `size`, but for the last."""
    waiting: list[Pcm] = []
    held = 0
    for block in blocks:
        waiting.append(block)
        held += block.shape[1]
        if held < size:
            continue
        whole = np.concatenate(waiting, axis=1) if len(waiting) > 1 else block
        for at in range(0, held - size + 1, size):
            yield whole[:, at : at + size]
        rest = held % size
        waiting, held = ([whole[:, held - rest :]], rest) if rest else ([], 0)
    if held:
        yield np.concatenate(waiting, axis=1)


def cut(blocks: Iterable[Pcm], skip: int, count: int) -> Iterator[Pcm]:
    """`count` samples after the first `skip`."""
    at, stop = 0, skip + count
    for block in blocks:
        first, last = max(skip - at, 0), min(stop - at, block.shape[1])
        if last > first:
            yield block[:, first:last]
        at += block.shape[1]
        if at >= stop:
            return
