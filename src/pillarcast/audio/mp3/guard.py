"""The guard of peaks: encoding overshoots here and there, and there alone the level is taken down, in the frames.

Of an hour some hundred granules (13 ms each) come out above the limit. Only what lies around them is heard again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import numpy as np

from pillarcast.audio.cores import threads
from pillarcast.audio.measure.loudness import decibels
from pillarcast.audio.measure.survey import Survey, spliced
from pillarcast.audio.measure.surveying import context, survey_of_span
from pillarcast.audio.mp3 import globalgain
from pillarcast.audio.mp3.stream import LEAD, Stream
from pillarcast.audio.sound import Pcm, cell, hop

_GRANULE = 576
_FILTER_BANK = 481
"""Samples by which the synthesis filter bank spreads a granule to the right."""

_ATTEMPTS = 8
_HELD = 64
"""Changes of a few bytes, each of which brings the pages around it into memory."""


def guarded(stream: Stream, survey: Survey, limit: float) -> Survey:
    """The survey after every granule that goes over `limit` was taken down; the frames are changed in place.

    What cannot be mended within some attempts is left: the survey tells.
    """
    for attempt in range(_ATTEMPTS):
        cells, tops = survey.hot
        over = tops > limit
        if not over.any():
            break
        wanted = _wanted(cells[over], tops[over], survey.rate_hz, limit, reach=1 + bool(attempt))
        for number, (granule, steps) in enumerate(wanted.items()):
            _lower(stream, granule, steps)
            if number % _HELD == 0:
                stream.let_go()
        survey = _heard_again(stream, survey, wanted, limit)
    return survey


class Stretch:
    """A span of a stream with what a meter wants around it, decoded once: each stretch costs what leads up to it."""

    seeks = True

    def __init__(self, stream: Stream, span: tuple[int, int]) -> None:
        self.rate_hz, self.channels = stream.rate_hz, stream.channels
        before, after = context(stream.rate_hz)
        self._first = max(span[0] - before, 0)
        self._pcm = np.concatenate(list(stream.blocks(self._first, span[1] + after)), axis=1)

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        part = self._pcm[:, start - self._first : stop - self._first]
        if part.shape[1]:
            yield part


def _heard_again(stream: Stream, survey: Survey, granules: Iterable[int], limit: float) -> Survey:
    width = hop(survey.rate_hz)
    runs = list(_hops(granules, survey.rate_hz, -(-survey.length // width)))
    spans = [(first * width, min(last * width, survey.length)) for first, last in runs]
    with ThreadPoolExecutor(threads()) as pool:
        parts = list(pool.map(lambda span: survey_of_span(Stretch(stream, span), span, limit), spans))
    return spliced(survey, [(first, part) for (first, _last), part in zip(runs, parts, strict=True)])


def _wanted(
    cells: Iterable[np.int64], tops: Iterable[np.float32], rate_hz: int, limit: float, reach: int
) -> dict[int, int]:
    """Steps down for each granule with a part in what is over; its right neighbour too where that was not enough."""
    wanted: dict[int, int] = {}
    for at, top in zip(cells, tops, strict=True):
        centre = (int(at) * cell(rate_hz) + LEAD - _FILTER_BANK) // _GRANULE
        steps = max(1, int(np.ceil((decibels(float(top)) - decibels(limit)) / globalgain.STEP_DB)))
        for granule in range(centre - 1, centre + reach):
            wanted[granule] = max(wanted.get(granule, 0), steps)
    return wanted


def _lower(stream: Stream, granule: int, steps: int) -> None:
    frame, part = divmod(granule, 2)
    if 0 <= frame < stream.frames:
        globalgain.lower(stream.content, int(stream.offsets[frame]), stream.header, part, steps)


def _hops(granules: Iterable[int], rate_hz: int, count: int) -> Iterator[tuple[int, int]]:
    """Hops in which these granules are heard, as runs of first and after last."""
    places = [granule * _GRANULE - LEAD + shift for granule in granules for shift in (0, 4 * _GRANULE)]
    touched = {min(max(0, place // hop(rate_hz)), count - 1) for place in places}
    for _key, run in groupby(enumerate(sorted(touched)), key=lambda each: each[1] - each[0]):
        hops = [place for _number, place in run]
        yield hops[0], hops[-1] + 1
