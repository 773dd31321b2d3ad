"""True peak: the highest value between the samples, by four times oversampling (ITU-R BS.1770-4 annex 2)."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from pillarcast.audio.sound import Pcm

_HALF = 12
"""Samples on each side that an interpolated one is made of."""

MARGIN = _HALF
"""Samples of context that a block wants on both sides."""

_BATCH = 4096
_PARTS = 3
"""A block is worked on in so many parts: most of the matrix of a whole one would be zeros."""


@cache
def _interpolator(block: int) -> npt.NDArray[np.float64]:
    """From `block` samples with MARGIN around them to the three values after each of them, Kaiser-windowed."""
    taps = np.arange(-_HALF + 1, _HALF + 1)
    matrix = np.zeros((block + 2 * MARGIN, 3 * block))
    for phase in range(3):
        distance = (phase + 1) / 4 - taps
        kernel = np.sinc(distance) * np.i0(6.0 * np.sqrt(np.maximum(0, 1 - (distance / _HALF) ** 2)))
        kernel /= kernel.sum()
        for sample in range(block):
            first = sample + 1
            matrix[first : first + 2 * _HALF, phase * block + sample] = kernel
    return matrix


def peaks_between(pcm: Pcm, starts: npt.NDArray[np.intp], block: int) -> npt.NDArray[np.float32]:
    """The highest interpolated magnitude, over channels, of the blocks at `starts`. `pcm` must hold their margins.

    `block` is a multiple of three. Worked out in double precision and then rounded: the same to the last bit however
    many blocks come at once.
    """
    third = block // _PARTS
    matrix, windows = _interpolator(third), sliding_window_view(pcm, third + 2 * MARGIN, axis=1)
    begins = (starts[:, None] + (np.arange(_PARTS) * third - MARGIN)).reshape(-1)
    tops = np.zeros(len(begins), np.float32)
    for first in range(0, len(begins), _BATCH):
        part = slice(first, first + _BATCH)
        between = windows[:, begins[part]].astype(np.float64) @ matrix
        tops[part] = np.abs(between, out=between).max(axis=(0, 2))
    return np.asarray(tops.reshape(-1, _PARTS).max(axis=1, initial=0))
