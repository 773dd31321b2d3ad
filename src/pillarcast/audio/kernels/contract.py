"""What both forms of the inner loops give."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from pillarcast.audio.sound import Curve, Pcm

LOOK_AHEAD = 5
"""Cells over which the limiter's gain goes down before a peak."""

RELEASE = 60
"""Cells over which it comes back: too short to be heard as pumping, too long to distort a low voice."""

FADE: Curve = (0.5 + 0.5 * np.cos(np.pi * np.arange(RELEASE + 1) / (RELEASE + 1))).astype(np.float32)
"""What is left of a dip so many cells after it."""

Interleaved = npt.NDArray[np.int16]
"""Shape (samples, channels)."""


class Cells(NamedTuple):
    """`peaks` (cells) are the highest magnitudes over all channels, NaN where one is among them; `sums` and `squares`
    (channels, cells) are over the samples of each cell."""

    peaks: Curve
    sums: Curve
    squares: Curve


class Weighing(Protocol):
    """A K-weighting that remembers where it is."""

    def __call__(self, pcm: Pcm) -> npt.NDArray[np.float64]:
        """The K-weighted energy of each hop, a sum of squares over all channels. `pcm` are whole hops."""
