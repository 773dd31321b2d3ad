"""The inner loops in numpy: for machines whose installation found no C compiler, and what those in C are held to."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from pillarcast.audio.kernels.contract import FADE, LOOK_AHEAD, RELEASE, Cells, Interleaved, Weighing
from pillarcast.audio.kernels.filters import BlockFilter, k_weighting
from pillarcast.audio.kernels.interpolation import MARGIN, taps
from pillarcast.audio.sound import Curve, Pcm, cell, hop

_NO_SIGN = np.uint32(0x7FFFFFFF)
_BATCH = 4096
_PARTS = 3
"""A block is worked on in so many parts: most of the matrix of a whole one would be zeros."""


def apart(interleaved: Interleaved) -> Pcm:
    """Samples of 16 bits, channel by channel."""
    out = np.empty(interleaved.shape[::-1], np.float32)
    for channel, samples in enumerate(interleaved.T):
        out[channel] = samples
    out *= np.float32(2.0**-15)
    return out


def cells(pcm: Pcm, size: int) -> Cells:
    """Of a whole number of cells of `size` samples.

    Without their sign the bits of floats are in the order of their magnitudes, and those of NaN come last: whole
    numbers are compared in half the time.
    """
    by_cell = pcm.reshape(len(pcm), -1, size)
    magnitude = by_cell.view(np.uint32) & _NO_SIGN
    both = magnitude[0] if len(magnitude) == 1 else np.maximum(magnitude[0], magnitude[1])
    sums = by_cell @ np.ones(size, np.float32)
    return Cells(both.max(axis=1, initial=0).view(np.float32), sums, np.vecdot(by_cell, by_cell))


def cross(pcm: Pcm, size: int) -> Curve:
    """The sum over each `size` samples of the first channel times the last."""
    by_hop = pcm.reshape(len(pcm), -1, size)
    return np.asarray(np.vecdot(by_hop[0], by_hop[-1]))


class _Weighing:
    """By matrix products."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._filter = BlockFilter(k_weighting(rate_hz), cell(rate_hz), channels)
        self._channels, self._hop = channels, hop(rate_hz)

    def __call__(self, pcm: Pcm) -> npt.NDArray[np.float64]:
        weighed = self._filter(pcm).reshape(self._channels, -1, self._hop)
        return np.asarray(np.vecdot(weighed, weighed).sum(axis=0), np.float64)


def weighing(rate_hz: int, channels: int) -> Weighing:
    """One that has heard nothing."""
    return _Weighing(rate_hz, channels)


def between(pcm: Pcm, starts: npt.NDArray[np.intp], size: int) -> Curve:
    """The highest interpolated magnitude, over channels, of the blocks at `starts`. `pcm` must hold their margins.

    `size` is a multiple of three. Worked out in double precision and then rounded: the same to the last bit however
    many blocks come at once.
    """
    if not len(starts):
        return np.zeros(0, np.float32)
    third = size // _PARTS
    matrix, windows = _interpolator(third), sliding_window_view(pcm, third + 2 * MARGIN, axis=1)
    begins = (starts[:, None] + (np.arange(_PARTS) * third - MARGIN)).reshape(-1)
    tops = np.zeros(len(begins), np.float32)
    for first in range(0, len(begins), _BATCH):
        part = slice(first, first + _BATCH)
        values = windows[:, begins[part]].astype(np.float64) @ matrix
        tops[part] = np.abs(values, out=values).max(axis=(0, 2))
    return np.asarray(tops.reshape(-1, _PARTS).max(axis=1, initial=0))


@cache
def _interpolator(block: int) -> npt.NDArray[np.float64]:
    """From `block` samples with MARGIN around them to the three values after each of them."""
    matrix = np.zeros((block + 2 * MARGIN, block, 3))
    for sample in range(block):
        matrix[sample + 1 : sample + 1 + len(taps()), sample] = taps()
    return matrix.reshape(len(matrix), -1)


def gain_edges(peaks: Curve, ceiling: float) -> Curve:
    """The gain at the edges of the cells (one more than cells): never above what either neighbour may have."""
    dips = (1 - np.minimum(1, ceiling / np.maximum(peaks, 1e-9))).astype(np.float32)
    lasting = dips.copy()
    for age in range(1, min(RELEASE, len(dips) - 1) + 1):
        np.maximum(lasting[age:], dips[:-age] * FADE[age], out=lasting[age:])
    ahead = lasting.copy()
    for lead in range(1, min(LOOK_AHEAD, len(dips) - 1) + 1):
        np.maximum(ahead[:-lead], lasting[lead:], out=ahead[:-lead])
    padded = np.concatenate([np.repeat(ahead[:1], LOOK_AHEAD), ahead])
    smooth = sum(padded[shift : shift + len(ahead)] for shift in range(LOOK_AHEAD + 1)) / np.float32(LOOK_AHEAD + 1)
    gains = 1 - np.maximum(smooth, dips)
    return np.concatenate([gains[:1], np.minimum(gains[1:], gains[:-1]), gains[-1:]])


def attenuate(pcm: Pcm, edges: Curve, size: int) -> None:
    """Each cell, in place, times a line from the gain at its one edge to that at the other. `pcm` lies in rows."""
    active = np.flatnonzero((edges[:-1] < 1) | (edges[1:] < 1))
    slope = np.arange(size, dtype=np.float32) / size
    gains = edges[active, None] * (1 - slope) + edges[active + 1, None] * slope
    pcm.reshape(len(pcm), -1, size)[:, active] *= gains
