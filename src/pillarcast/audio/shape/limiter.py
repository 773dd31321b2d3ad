"""A look-ahead true-peak limiter on a grid of about a millisecond.

The gain at a sample depends on the samples around it only, never on where reading began: segments of one sound can be
limited apart and joined without a trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from pillarcast.audio import kernels
from pillarcast.audio.cores import threads
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.sound import AT_ONCE_S, LOUDEST, Curve, Pcm, Sound, cell, healed, hop, regular

REACH = kernels.LOOK_AHEAD + kernels.RELEASE + 2
"""Cells on each side that can have a part in a gain."""

_WATCHED = 0.7
"""Share of the ceiling above which the values between samples are looked at."""

_HOPS_AT_ONCE = 3000


def kept_energy(survey: Survey, gain: float, ceiling: float) -> Curve:
    """The share of each hop's energy that the limiter leaves after this gain, as the survey foresees it."""
    starts = range(0, len(survey.hops), _HOPS_AT_ONCE)
    with ThreadPoolExecutor(threads()) as pool:
        parts = list(pool.map(lambda first: _kept_from(survey, first, gain, ceiling), starts))
    return np.concatenate([np.ones(0, np.float32), *parts])


def _kept_from(survey: Survey, first: int, gain: float, ceiling: float) -> Curve:
    per_hop, last = hop(survey.rate_hz) // cell(survey.rate_hz), min(first + _HOPS_AT_ONCE, len(survey.hops))
    low = max(first * per_hop - REACH, 0)
    peaks = survey.peaks[low : last * per_hop + REACH].astype(np.float32) * np.float32(gain)
    if peaks.max(initial=0) <= ceiling:
        return np.ones(last - first, np.float32)
    levels = survey.levels[first * per_hop : last * per_hop].astype(np.float32)
    power_gain = _power_gain(peaks, ceiling)[first * per_hop - low :][: len(levels)]
    power = np.square(levels).reshape(-1, per_hop)
    left = (power * power_gain.reshape(-1, per_hop)).sum(axis=1)
    return np.asarray(left / np.maximum(power.sum(axis=1), 1e-20), np.float32)


def _power_gain(peaks: Curve, ceiling: float) -> Curve:
    """Mean squared gain of each cell; worked out only where a peak is within reach."""
    near = np.flatnonzero(_spread(peaks > ceiling))
    edges = kernels.gain_edges(peaks[near], ceiling)
    gains = np.ones(len(peaks), np.float32)
    gains[near] = (edges[1:] ** 2 + edges[1:] * edges[:-1] + edges[:-1] ** 2) / 3
    return gains


def _spread(hot: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Also what is within reach of the hot cells: between two of them all, unless they are too far apart."""
    at = np.flatnonzero(hot)
    is_apart = np.diff(at) > 2 * REACH + 1
    steps = np.zeros(len(hot) + 1, np.int8)
    steps[np.maximum(at[np.concatenate([[True], is_apart])[: len(at)]] - REACH, 0)] = 1
    steps[np.minimum(at[np.concatenate([is_apart, [True]])[: len(at)]] + REACH + 1, len(hot))] = -1
    return np.cumsum(steps[:-1], dtype=np.int8).view(np.bool_)


class Limited:
    """A sound with a gain, held below a ceiling."""

    def __init__(self, source: Sound, gain: float, ceiling: float) -> None:
        self.rate_hz, self.channels, self.seeks = source.rate_hz, source.channels, source.seeks
        self._source, self._gain, self._ceiling = source, np.float32(gain), ceiling
        self._cell = cell(source.rate_hz)
        self._reach = (REACH + 1) * self._cell

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        at = max(0, (start - self._reach) // self._cell * self._cell)
        held, out = np.zeros((self.channels, 0), np.float32), start
        size = AT_ONCE_S * (self.rate_hz // self._cell) * self._cell
        for block in regular(self._source.blocks(at, stop + self._reach), size):
            held = self._followed(held, block)
            safe = min(stop, (at + held.shape[1]) // self._cell * self._cell - self._reach)
            if safe > out:
                drop = max(0, (safe - self._reach - at) // self._cell * self._cell)
                kept = held[:, drop:].copy()
                yield self._limited(held)[:, out - at : safe - at]
                held, at, out = kept, at + drop, safe
        end = min(stop, at + held.shape[1])
        if end > out:
            yield self._limited(held)[:, out - at : end - at]

    def _followed(self, loud: Pcm, pcm: Pcm) -> Pcm:
        """`loud`, which has its gain, and then `pcm` with it."""
        length = loud.shape[1]
        both = np.empty((self.channels, length + pcm.shape[1]), np.float32)
        both[:, :length] = loud
        with np.errstate(over="ignore", invalid="ignore"):
            np.multiply(pcm, self._gain, out=both[:, length:])
        return both

    def _limited(self, loud: Pcm) -> Pcm:
        """Changed in place, where it has whole cells. What is no number shows in the peaks; only then all is looked
        through for it."""
        length = loud.shape[1]
        if rest := -length % self._cell:
            loud = np.concatenate([loud, np.zeros((self.channels, rest), np.float32)], axis=1)
        peaks = kernels.cells(loud, self._cell).peaks
        if not peaks.max(initial=0) < LOUDEST * self._gain:
            loud = healed(loud, LOUDEST * self._gain)[0]
            peaks = kernels.cells(loud, self._cell).peaks
        self._look_between(loud, peaks)
        if peaks.max(initial=0) > self._ceiling:
            kernels.attenuate(loud, kernels.gain_edges(peaks, self._ceiling), self._cell)
        return loud[:, :length]

    def _look_between(self, pcm: Pcm, peaks: Curve) -> None:
        """Raises `peaks` to the values between the samples."""
        hot = np.flatnonzero(peaks > self._ceiling * _WATCHED)
        starts = hot * self._cell
        inside = (starts >= kernels.MARGIN) & (starts + self._cell + kernels.MARGIN <= pcm.shape[1])
        between = kernels.between(pcm, starts[inside], self._cell)
        peaks[hot[inside]] = np.maximum(peaks[hot[inside]], between)
