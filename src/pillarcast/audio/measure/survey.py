"""What one reading of a sound tells: loudness, peaks by the millisecond, the channels, faults."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pillarcast.audio.measure import loudness
from pillarcast.audio.sound import Curve, cell, hop

Cells = npt.NDArray[np.float16]
"""One value a cell: half the memory of float32, and 0.004 dB of grain are nothing here."""


@dataclass(frozen=True)
class Survey:
    """One sound, or a part of it that begins at a whole second.

    `hops` are K-weighted energies of whole 100 ms; `peaks` and `levels` (root mean square) are by the cell, over all
    channels; `squares` (hops, channels) and `cross` (left times right) are plain energies without offset; `sums` are
    over all samples, by the channel; `clipped` counts samples by the second; `hot` holds the cells near the limit and
    their true peaks.
    """

    rate_hz: int
    channels: int
    length: int
    hops: loudness.Energies
    peaks: Cells
    levels: Cells
    squares: npt.NDArray[np.float32]
    cross: Curve
    sums: npt.NDArray[np.float64]
    clipped: Counter[int]
    broken: int
    true_peak: float
    hot: tuple[npt.NDArray[np.int64], Curve]

    @property
    def duration_s(self) -> float:
        return self.length / self.rate_hz

    @property
    def clipped_s(self) -> float:
        """Seconds at full scale; none where samples go beyond it, for then it was no limit."""
        return self.clipped.total() / self.rate_hz if self.peaks.max(initial=0) < 1.01 else 0.0

    @property
    def integrated_lufs(self) -> float:
        """-inf for silence."""
        return loudness.integrated_lufs(self.hops)

    @property
    def true_peak_dbtp(self) -> float:
        return loudness.decibels(self.true_peak)

    def plain_hops(self) -> Curve:
        """Unweighted mean power of each hop, averaged over channels."""
        return np.asarray(np.maximum(self.squares.mean(axis=1), 0), np.float32)

    def noise_floor_dbfs(self) -> float:
        """What is left in the pauses: the quietest tenth of all hops, digital silence apart."""
        power = self.plain_hops()
        heard = power[power > 1e-10]
        return loudness.decibels(math.sqrt(float(np.percentile(heard, 10)))) if len(heard) else loudness.SILENCE_LUFS


def joined(parts: Sequence[Survey]) -> Survey:
    """The survey of parts that follow each other, all but the last of whole seconds."""
    first, starts = parts[0], np.cumsum([0, *(part.length for part in parts)])
    clipped: Counter[int] = Counter()
    for part, start in zip(parts, starts, strict=False):
        clipped.update({second + int(start) // first.rate_hz: count for second, count in part.clipped.items()})
    grid = cell(first.rate_hz)
    return Survey(
        rate_hz=first.rate_hz,
        channels=first.channels,
        length=int(starts[-1]),
        hops=np.concatenate([part.hops for part in parts]),
        peaks=np.concatenate([part.peaks for part in parts]),
        levels=np.concatenate([part.levels for part in parts]),
        squares=np.concatenate([part.squares for part in parts]),
        cross=np.concatenate([part.cross for part in parts]),
        sums=np.sum([part.sums for part in parts], axis=0),
        clipped=clipped,
        broken=sum(part.broken for part in parts),
        true_peak=max(part.true_peak for part in parts),
        hot=(
            np.concatenate([part.hot[0] + start // grid for part, start in zip(parts, starts, strict=False)]),
            np.concatenate([part.hot[1] for part in parts]),
        ),
    )


def spliced(survey: Survey, parts: Sequence[tuple[int, Survey]]) -> Survey:
    """The survey with each part, from that hop on, in the place of what was heard there before; parts are in order."""
    per_hop = hop(survey.rate_hz) // cell(survey.rate_hz)
    found, tops = survey.hot
    outside = np.ones(len(found), bool)
    for at, part in parts:
        for old, new, first in (
            (survey.hops, part.hops, at),
            (survey.squares, part.squares, at),
            (survey.cross, part.cross, at),
            (survey.peaks, part.peaks, at * per_hop),
            (survey.levels, part.levels, at * per_hop),
        ):
            old[first : first + len(new)] = new
        outside &= (found < at * per_hop) | (found >= at * per_hop + len(part.peaks))
    hot = (
        np.concatenate([found[outside], *(part.hot[0] + at * per_hop for at, part in parts)]),
        np.concatenate([tops[outside], *(part.hot[1] for _at, part in parts)]),
    )
    highest = max(float(survey.peaks.max(initial=0)), float(hot[1].max(initial=0)))
    return replace(survey, hot=hot, true_peak=highest)


def window(survey: Survey, start: int, stop: int) -> Survey:
    """The survey of a range that begins and ends on hops (or at the end), for what was trimmed."""
    width, grid = hop(survey.rate_hz), cell(survey.rate_hz)
    hops, cells = slice(start // width, stop // width), slice(start // grid, -(-stop // grid))
    first_second, last_second = start // survey.rate_hz, -(-stop // survey.rate_hz)
    clipped = {at - first_second: count for at, count in survey.clipped.items() if first_second <= at < last_second}
    inside = (survey.hot[0] >= cells.start) & (survey.hot[0] < cells.stop)
    return Survey(
        rate_hz=survey.rate_hz,
        channels=survey.channels,
        length=stop - start,
        hops=survey.hops[hops],
        peaks=survey.peaks[cells],
        levels=survey.levels[cells],
        squares=survey.squares[hops],
        cross=survey.cross[hops],
        sums=survey.sums,
        clipped=Counter(clipped),
        broken=survey.broken,
        true_peak=survey.true_peak,
        hot=(survey.hot[0][inside] - cells.start, survey.hot[1][inside]),
    )
