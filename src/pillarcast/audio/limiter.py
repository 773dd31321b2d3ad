"""A look-ahead true-peak limiter on a grid of about a millisecond.

The gain at a sample depends on the samples around it only, never on where reading began: segments of one sound can be
limited apart and joined without a trace.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from pillarcast.audio import truepeak
from pillarcast.audio.sound import Curve, Pcm, Sound, regular
from pillarcast.audio.survey import healed, milli

LOOK_AHEAD = 5
"""Cells over which the gain goes down before a peak."""

RELEASE = 60
"""Cells over which it comes back: short enough not to be heard as pumping, long enough not to distort a low voice."""

REACH = LOOK_AHEAD + RELEASE + 2
"""Cells on each side that can have a part in a gain."""

_FADE = (0.5 + 0.5 * np.cos(np.pi * np.arange(RELEASE + 1) / (RELEASE + 1))).astype(np.float32)
_WATCHED = 0.7
"""Share of the ceiling above which the values between samples are looked at."""


def gain_edges(peaks: Curve, ceiling: float) -> Curve:
    """The gain at the edges of the cells (one more than cells): never above what either neighbour may have."""
    dips = 1 - np.minimum(1, ceiling / np.maximum(peaks, 1e-9)).astype(np.float32)
    lasting = dips.copy()
    for age in range(1, min(RELEASE, len(dips) - 1) + 1):
        np.maximum(lasting[age:], dips[:-age] * _FADE[age], out=lasting[age:])
    ahead = lasting.copy()
    for lead in range(1, min(LOOK_AHEAD, len(dips) - 1) + 1):
        np.maximum(ahead[:-lead], lasting[lead:], out=ahead[:-lead])
    padded = np.concatenate([np.repeat(ahead[:1], LOOK_AHEAD), ahead])
    total = np.concatenate([[0.0], np.cumsum(padded, dtype=np.float64)])
    gains = 1 - ((total[LOOK_AHEAD + 1 :] - total[: -LOOK_AHEAD - 1]) / (LOOK_AHEAD + 1)).astype(np.float32)
    edges = np.empty(len(gains) + 1, np.float32)
    edges[1:-1] = np.minimum(gains[1:], gains[:-1])
    edges[0], edges[-1] = gains[0], gains[-1]
    return edges


def energy_ratio(peaks: Curve, levels: Curve, ceiling: float, per_hop: int) -> Curve:
    """The share of each hop's energy that limiting leaves, for cells already at their final gain."""
    count = len(peaks) // per_hop * per_hop
    if peaks.max(initial=0) <= ceiling:
        return np.ones(count // per_hop, np.float32)
    edges = gain_edges(peaks, ceiling)
    power_gain = (edges[1:] ** 2 + edges[1:] * edges[:-1] + edges[:-1] ** 2) / 3
    power = np.square(levels[:count]).reshape(-1, per_hop)
    kept = power * power_gain[:count].reshape(-1, per_hop)
    return np.asarray(kept.sum(axis=1) / np.maximum(power.sum(axis=1), 1e-20), np.float32)


class Limited:
    """A sound with a gain, held below a ceiling."""

    def __init__(self, source: Sound, gain: float, ceiling: float) -> None:
        self.rate_hz, self.channels = source.rate_hz, source.channels
        self._source, self._gain, self._ceiling = source, np.float32(gain), ceiling
        self._grid = milli(source.rate_hz)
        self._reach = (REACH + math.ceil(truepeak.MARGIN / self._grid)) * self._grid

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        first = max(0, (start - self._reach) // self._grid * self._grid)
        held = np.zeros((self.channels, 0), np.float32)
        at, out = first, start
        for block in regular(self._source.blocks(first, stop + self._reach), self._grid * 2000):
            held = np.concatenate([held, block], axis=1)
            safe = min(stop, at + held.shape[1] - self._reach)
            if safe > out:
                yield self._limited(held)[:, out - at : safe - at]
                out = safe
                drop = max(0, (out - self._reach - at) // self._grid * self._grid)
                held, at = held[:, drop:], at + drop
        end = min(stop, at + held.shape[1])
        if end > out:
            yield self._limited(held)[:, out - at : end - at]

    def _limited(self, pcm: Pcm) -> Pcm:
        length = pcm.shape[1]
        loud = np.zeros((self.channels, -(-length // self._grid) * self._grid), np.float32)
        np.multiply(healed(pcm)[0], self._gain, out=loud[:, :length])
        peaks = self._peaks(loud)
        if peaks.max(initial=0) > self._ceiling:
            self._attenuate(loud, gain_edges(peaks, self._ceiling))
        return loud[:, :length]

    def _peaks(self, pcm: Pcm) -> Curve:
        cells = pcm.reshape(self.channels, -1, self._grid)
        peaks = np.asarray(np.maximum(cells.max(axis=2), -cells.min(axis=2)).max(axis=0), np.float32)
        hot = np.flatnonzero(peaks > self._ceiling * _WATCHED)
        starts = hot * self._grid
        inside = (starts >= truepeak.MARGIN) & (starts + self._grid + truepeak.MARGIN <= pcm.shape[1])
        between = truepeak.peaks_between(pcm, starts[inside], self._grid)
        peaks[hot[inside]] = np.maximum(peaks[hot[inside]], between)
        return peaks

    def _attenuate(self, pcm: Pcm, edges: Curve) -> None:
        active = np.flatnonzero((edges[:-1] < 1) | (edges[1:] < 1))
        slope = np.arange(self._grid, dtype=np.float32) / self._grid
        gains = edges[active, None] * (1 - slope) + edges[active + 1, None] * slope
        pcm.reshape(self.channels, -1, self._grid)[:, active] *= gains
