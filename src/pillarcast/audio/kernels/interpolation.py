"""Values between samples, by four times oversampling (ITU-R BS.1770-4 annex 2): what each sample has in them."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

_HALF = 12
"""Samples on each side that an interpolated one is made of."""

MARGIN = _HALF
"""Samples of context that a block wants on both sides."""


@cache
def taps() -> npt.NDArray[np.float64]:
    """Shape (24, 3): what the samples from 11 before to 12 after have in the three values that follow, by a Kaiser
    window."""
    places = np.arange(-_HALF + 1, _HALF + 1)[:, None]
    distance = np.arange(1, 4) / 4 - places
    kernels = np.sinc(distance) * np.i0(6.0 * np.sqrt(np.maximum(0, 1 - (distance / _HALF) ** 2)))
    return np.asarray(kernels / kernels.sum(axis=0))
