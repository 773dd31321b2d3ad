"""One reading of a sound, and all that is to be known of it: loudness, peaks, the channels, faults."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from pillarcast.audio import loudness, truepeak
from pillarcast.audio.kweighting import BlockFilter, k_weighting
from pillarcast.audio.sound import Curve, Pcm, Sound, regular
from pillarcast.model.master import Loudness

_FULL_SCALE = np.float32(0.9999)
_CLIPPED_RUN = 3
"""Samples in a row at full scale that a limiter would not leave."""

_LOUDEST = np.float32(64.0)
"""36 dB over full scale: beyond is no sound but a broken number, and LAME would die of it."""


def milli(rate_hz: int) -> int:
    """Samples of the grid of about a millisecond; a whole number of them makes a hop of 100 ms."""
    return rate_hz // 1000 if rate_hz % 1000 == 0 else 42


def healed(pcm: Pcm) -> tuple[Pcm, int]:
    """The samples without NaN, infinity and absurd values, and how many those were."""
    broken = ~(np.abs(pcm) <= _LOUDEST)
    count = int(np.count_nonzero(broken.any(axis=0)))
    return (np.where(broken, np.float32(0), pcm), count) if count else (pcm, 0)


@dataclass
class Channels:
    """Sums over all samples: of each channel, of their squares, and of left times right, by the hop."""

    total: npt.NDArray[np.float64]
    squares: list[npt.NDArray[np.float32]] = field(default_factory=list)
    cross: list[npt.NDArray[np.float32]] = field(default_factory=list)


@dataclass(frozen=True)
class Survey:
    """`hops` are energies of whole 100 ms; `peaks` and `levels` (root mean square) are by the millisecond."""

    rate_hz: int
    length: int
    hops: loudness.Energies
    peaks: npt.NDArray[np.float16]
    levels: npt.NDArray[np.float16]
    true_peak: float
    squares: Curve
    cross: Curve
    offset: tuple[float, ...]
    clipped: dict[int, int]
    broken: int

    @property
    def duration_s(self) -> float:
        return self.length / self.rate_hz

    @property
    def clipped_s(self) -> float:
        return sum(self.clipped.values()) / self.rate_hz

    def summary(self) -> Loudness:
        """The measurement as it stands in the catalogue; silence is held at -99."""
        return Loudness(
            integrated_lufs=round(max(loudness.integrated_lufs(self.hops), -99.0), 2),
            range_lu=round(loudness.range_lu(self.hops), 2),
            true_peak_dbtp=round(decibels(self.true_peak), 2),
            noise_floor_dbfs=round(self.noise_floor_dbfs(), 1),
            clipped_s=round(self.clipped_s, 3),
        )

    def noise_floor_dbfs(self) -> float:
        """What is left in the pauses: the tenth part of all hops that is quietest, digital silence apart."""
        per_hop = self.rate_hz // loudness.HOPS_A_SECOND // milli(self.rate_hz)
        levels = self.levels[: len(self.levels) // per_hop * per_hop].astype(np.float32).reshape(-1, per_hop)
        power = np.square(levels).mean(axis=1)
        heard = power[power > 1e-10]
        return decibels(math.sqrt(float(np.percentile(heard, 10)))) if len(heard) else -99.0


def decibels(value: float) -> float:
    """An amplitude in decibels of full scale, silence held at -99."""
    return max(20 * math.log10(value), -99.0) if value > 0 else -99.0


class Meter:
    """Takes a sound in blocks of whole hops (the last may be shorter) and makes a Survey of it."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self.rate_hz, self.channels = rate_hz, channels
        self.grid, self.hop = milli(rate_hz), rate_hz // loudness.HOPS_A_SECOND
        self.length = self.broken = 0
        self._weigh = BlockFilter(k_weighting(rate_hz), self.grid, channels)
        self._hops: list[npt.NDArray[np.float32]] = []
        self._peaks: list[npt.NDArray[np.float16]] = []
        self._levels: list[npt.NDArray[np.float16]] = []
        self._sums = Channels(np.zeros(channels))
        self._clipped: dict[int, int] = {}
        self._true_peak = 0.0
        self._tail = np.zeros((channels, 2 * truepeak.MARGIN + self.grid), np.float32)

    def take(self, pcm: Pcm) -> None:
        """The next samples."""
        pcm, broken = healed(pcm)
        self.broken += broken
        whole = pcm.shape[1] // self.hop * self.hop
        self._weighed(pcm[:, :whole])
        peaks = self._graded(pcm)
        self._sums.total += pcm.sum(axis=1, dtype=np.float64)
        self._count_clipped(pcm, peaks)
        self._seek_true_peak(pcm, peaks)
        self.length += pcm.shape[1]

    def _weighed(self, pcm: Pcm) -> None:
        if pcm.shape[1]:
            weighed = self._weigh(pcm).reshape(self.channels, -1, self.hop)
            self._hops.append(np.einsum("chn,chn->h", weighed, weighed) / np.float32(self.hop))
            plain = pcm.reshape(self.channels, -1, self.hop)
            self._sums.squares.append(np.einsum("chn,chn->hc", plain, plain))
            self._sums.cross.append(np.einsum("hn,hn->h", plain[0], plain[-1]))

    def _graded(self, pcm: Pcm) -> Curve:
        if rest := -pcm.shape[1] % self.grid:
            pcm = np.concatenate([pcm, np.zeros((self.channels, rest), np.float32)], axis=1)
        cells = pcm.reshape(self.channels, -1, self.grid)
        peaks = np.maximum(cells.max(axis=2), -cells.min(axis=2)).max(axis=0)
        power = np.einsum("cmn,cmn->m", cells, cells) / np.float32(self.grid * self.channels)
        self._peaks.append(peaks.astype(np.float16))
        self._levels.append(np.sqrt(power).astype(np.float16))
        return np.asarray(peaks, np.float32)

    def _count_clipped(self, pcm: Pcm, peaks: Curve) -> None:
        if peaks.max(initial=0) < _FULL_SCALE:
            return
        full = np.asarray((np.abs(pcm) >= _FULL_SCALE).any(axis=0))
        run = full.copy()
        for shift in range(1, _CLIPPED_RUN):
            run[shift:] &= full[:-shift]
        run[: _CLIPPED_RUN - 1] = False
        for second, count in zip(*np.unique(np.flatnonzero(run) // self.rate_hz, return_counts=True), strict=True):
            at = self.length // self.rate_hz + int(second)
            self._clipped[at] = self._clipped.get(at, 0) + int(count)

    def _seek_true_peak(self, pcm: Pcm, peaks: Curve) -> None:
        """Between samples it may lie well above them, but nowhere above twice: quieter cells cannot hold it."""
        self._true_peak = max(self._true_peak, float(peaks.max(initial=0)))
        joined = np.concatenate([self._tail, pcm], axis=1)
        hot = np.flatnonzero(peaks > 0.6 * self._true_peak) * self.grid + self._tail.shape[1]
        before = np.array([truepeak.MARGIN], np.intp)
        starts = np.concatenate([before, hot[hot + self.grid + truepeak.MARGIN <= joined.shape[1]]])
        if joined.shape[1] >= self._tail.shape[1] + truepeak.MARGIN:
            self._true_peak = max(self._true_peak, float(truepeak.peaks_between(joined, starts, self.grid).max()))
        self._tail = joined[:, -self._tail.shape[1] :]

    def survey(self) -> Survey:
        """What was seen. Empty arrays for no samples."""
        return Survey(
            rate_hz=self.rate_hz,
            length=self.length,
            hops=_joined(self._hops, np.float64),
            peaks=_joined(self._peaks, np.float16),
            levels=_joined(self._levels, np.float16),
            true_peak=self._true_peak,
            squares=_joined(self._sums.squares, np.float32),
            cross=_joined(self._sums.cross, np.float32),
            offset=tuple(float(total) / max(self.length, 1) for total in self._sums.total),
            clipped=self._clipped,
            broken=self.broken,
        )


def surveyed(sound: Sound, blocks: Iterable[Pcm]) -> Survey:
    """The survey of all `blocks` of a sound."""
    meter = Meter(sound.rate_hz, sound.channels)
    for block in regular(blocks, sound.rate_hz):
        meter.take(block)
    return meter.survey()


def _joined(parts: list[Any], dtype: type) -> Any:
    return np.concatenate(parts).astype(dtype) if parts else np.zeros(0, dtype)
