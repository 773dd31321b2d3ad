"""What is done to a recording before its level is set: kept range, channels, offset, rumble, speakers' levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pillarcast.audio.kernels.filters import BlockFilter, high_pass
from pillarcast.audio.read.downmix import mixed
from pillarcast.audio.sound import Curve, Pcm, Sound, cell, healed, hop, regular

RUMBLE_HZ = 80.0


@dataclass(frozen=True)
class Treatment:
    """`mix` goes from the recording's channels to the master's; `levels_db` has one value a hop of the recording."""

    start: int
    stop: int
    mix: tuple[tuple[float, ...], ...]
    offset: tuple[float, ...]
    has_high_pass: bool = False
    levels_db: Curve | None = None

    @property
    def length(self) -> int:
        return self.stop - self.start

    @property
    def changes_samples(self) -> bool:
        """False where nothing is done but cutting."""
        is_filtered = self.has_high_pass or self.levels_db is not None
        return is_filtered or any(self.offset) or not is_straight(self.mix)


def is_straight(mix: tuple[tuple[float, ...], ...]) -> bool:
    """Whether channels stay what they are."""
    return np.array_equal(mix, np.eye(len(mix)))


class Treated:
    """A sound under treatment; its first sample is the first that is kept."""

    def __init__(self, source: Sound, treatment: Treatment) -> None:
        self.rate_hz, self.channels, self.seeks = source.rate_hz, len(treatment.mix), source.seeks
        self._source, self._treatment = source, treatment
        self._mix = np.array(treatment.mix, np.float32)
        self._is_straight = is_straight(treatment.mix)
        self._offset = np.array(treatment.offset, np.float32)[:, None]

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        first, last = start + self._treatment.start, min(stop + self._treatment.start, self._treatment.stop)
        blocks = self._filtered(first, last) if self._treatment.has_high_pass else self._plain(first, last)
        for block in blocks:
            yield self._levelled(block, first)
            first += block.shape[1]

    def _plain(self, first: int, last: int) -> Iterator[Pcm]:
        """What goes on as it is needs no healing here: whoever hears it, or limits it, looks for that anyway."""
        if not self._treatment.changes_samples:
            yield from self._source.blocks(first, last)
            return
        for block in self._source.blocks(first, last):
            pcm = healed(block)[0]
            pcm = pcm - self._offset if self._offset.any() else pcm
            yield pcm if self._is_straight else mixed(self._mix, pcm)

    def _filtered(self, first: int, last: int) -> Iterator[Pcm]:
        """Begun a second early, on the grid of the filter's blocks: by then it has forgotten where it began."""
        width = cell(self.rate_hz)
        at = max(0, (first - self.rate_hz) // width * width)
        rumble = BlockFilter(high_pass(self.rate_hz, RUMBLE_HZ), width, self.channels, np.float64)
        for block in regular(self._plain(at, last), width * 1000):
            heard = rumble(block).astype(np.float32)[:, max(first - at, 0) :]
            at += block.shape[1]
            if heard.shape[1]:
                yield heard

    def _levelled(self, pcm: Pcm, first: int) -> Pcm:
        if self._treatment.levels_db is None:
            return pcm
        return pcm * gains(self._treatment.levels_db, first, pcm.shape[1], hop(self.rate_hz))


def gains(levels_db: Curve, first: int, count: int, width: int) -> npt.NDArray[np.float32]:
    """Factors for `count` samples from `first` on: a line in decibels from the middle of each hop to the next."""
    places = (np.arange(first, first + count) + 0.5) / width - 0.5
    level = np.interp(places, np.arange(len(levels_db)), levels_db)
    return np.asarray(10 ** (level / 20), np.float32)
