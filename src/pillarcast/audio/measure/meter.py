"""The meter: takes a sound block by block and makes its survey, in one reading."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from pillarcast.audio import kernels
from pillarcast.audio.kernels.contract import Cells
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.sound import LOUDEST, Curve, Pcm, cell, healed, hop

_FULL_SCALE = np.float32(0.9999)
_CLIPPED_RUN = 3
"""Samples in a row at full scale that a limiter would not leave."""

_NEAR_PEAK, _NEAR_LIMIT = 0.6, 0.75
"""Between samples a peak may stand above them, but by 4.4 or 2.5 dB only in what is no sound."""


class Meter:
    """Takes blocks of whole hops; the last may be shorter."""

    def __init__(self, rate_hz: int, channels: int, limit: float = 1.0) -> None:
        self.rate_hz, self.channels, self._limit = rate_hz, channels, limit
        self._cell, self._hop = cell(rate_hz), hop(rate_hz)
        self._weigh = kernels.weighing(rate_hz, channels)
        self._seen: dict[str, list[Any]] = {name: [] for name in ("hops", "peaks", "levels", "squares", "cross")}
        self._sums = np.zeros(channels)
        self._clipped: Counter[int] = Counter()
        self._length = self._broken = 0
        self._true_peak = 0.0
        self._tail = np.zeros((channels, kernels.MARGIN + self._cell), np.float32)
        self._tail_peak = np.zeros(1, np.float32)
        self._hot: tuple[list[Any], list[Any]] = ([], [])

    def warm(self, pcm: Pcm) -> None:
        """What comes before, so that filters are where they would be."""
        pcm = healed(pcm)[0]
        self._weigh(pcm)
        self._tail = pcm[:, -self._tail.shape[1] :]

    def take(self, pcm: Pcm) -> None:
        """The next samples."""
        pcm, cells = self._take_cells(pcm)
        self._take_hops(pcm, cells)
        self._take_clipped(pcm, cells.peaks)
        self._take_between(pcm, cells.peaks)
        self._length += pcm.shape[1]

    def _take_cells(self, pcm: Pcm) -> tuple[Pcm, Cells]:
        """Peaks tell whether there is anything to heal: most sounds are not looked through for it."""
        cells = kernels.cells(self._filled(pcm), self._cell)
        if not cells.peaks.max(initial=0) <= LOUDEST:
            pcm, broken = healed(pcm)
            self._broken += broken
            cells = kernels.cells(self._filled(pcm), self._cell)
        levels = np.sqrt(cells.squares.sum(axis=0) / np.float32(self._cell * self.channels))
        self._seen["peaks"].append(cells.peaks.astype(np.float16))
        self._seen["levels"].append(levels.astype(np.float16))
        self._sums += cells.sums.sum(axis=1, dtype=np.float64)
        return pcm, cells

    def _filled(self, pcm: Pcm) -> Pcm:
        """With silence to the end of its last cell."""
        rest = -pcm.shape[1] % self._cell
        return np.concatenate([pcm, np.zeros((self.channels, rest), np.float32)], axis=1) if rest else pcm

    def _take_hops(self, pcm: Pcm, cells: Cells) -> None:
        whole = pcm.shape[1] // self._hop * self._hop
        if not whole:
            return
        size, pcm = np.float32(self._hop), pcm[:, :whole]
        mean, squares = self._by_hop(cells.sums, whole) / size, self._by_hop(cells.squares, whole) / size
        self._seen["hops"].append(self._weigh(pcm) / self._hop)
        self._seen["squares"].append((squares - np.square(mean)).T)
        self._seen["cross"].append(kernels.cross(pcm, self._hop) / size - mean[0] * mean[-1])

    def _by_hop(self, by_cell: Curve, samples: int) -> Curve:
        """What cells have, added up for each hop of so many samples."""
        inside = by_cell[:, : samples // self._cell]
        return np.asarray(inside.reshape(self.channels, -1, self._hop // self._cell).sum(axis=2))

    def _take_clipped(self, pcm: Pcm, peaks: Curve) -> None:
        if peaks.max(initial=0) < _FULL_SCALE:
            return
        full = np.asarray((np.abs(pcm) >= _FULL_SCALE).any(axis=0))
        inside = full[1:-1] & full[:-2] & full[2:]
        run = np.zeros(len(full), bool)
        for shift in range(_CLIPPED_RUN):
            run[shift : shift + len(inside)] |= inside
        seconds = (self._length + np.flatnonzero(run)) // self.rate_hz
        self._clipped.update(int(second) for second in seconds)

    def _take_between(self, pcm: Pcm, peaks: Curve) -> None:
        """True peaks of cells that could hold the highest, or reach the limit; the last one waits for what follows."""
        self._true_peak = max(self._true_peak, float(peaks.max(initial=0)))
        near = min(_NEAR_PEAK * self._true_peak, _NEAR_LIMIT * self._limit)
        known, width = np.concatenate([self._tail_peak, peaks]), self._tail.shape[1]
        edge = np.concatenate([self._tail, pcm[:, :width]], axis=1)
        hot = np.flatnonzero(known[: (width + pcm.shape[1] - 2 * kernels.MARGIN) // self._cell] > near)
        is_early = hot < 2
        tops = np.concatenate(
            [
                kernels.between(edge, hot[is_early] * self._cell + kernels.MARGIN, self._cell),
                kernels.between(pcm, (hot[~is_early] - 1) * self._cell, self._cell),
            ]
        )
        tops = np.maximum(tops, known[hot])
        self._true_peak = max(self._true_peak, float(tops.max(initial=0)))
        close = tops > 0.9 * self._limit
        self._hot[0].append(hot[close] - 1 + self._length // self._cell)
        self._hot[1].append(tops[close])
        self._tail = np.concatenate([self._tail, pcm[:, -width:]], axis=1)[:, -width:]
        self._tail_peak = peaks[-1:]

    def survey(self, following: Pcm | None = None) -> Survey:
        """What was seen, before `following` or before silence. Empty arrays for no samples."""
        after = np.zeros((self.channels, self._cell), np.float32)
        if following is not None:
            after[:, : following.shape[1]] = healed(following)[0]
        self._take_between(after, np.zeros(1, np.float32))
        return Survey(
            rate_hz=self.rate_hz,
            channels=self.channels,
            length=self._length,
            hops=_whole(self._seen["hops"], np.float64),
            peaks=_whole(self._seen["peaks"], np.float16),
            levels=_whole(self._seen["levels"], np.float16),
            squares=_whole(self._seen["squares"], np.float32).reshape(-1, self.channels),
            cross=_whole(self._seen["cross"], np.float32),
            sums=self._sums,
            clipped=self._clipped,
            broken=self._broken,
            true_peak=self._true_peak,
            hot=(_whole(self._hot[0], np.int64), _whole(self._hot[1], np.float32)),
        )


def _whole(parts: list[Any], dtype: type) -> Any:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype)
