"""The guard of peaks: encoding overshoots here and there, and there alone the level is taken down, in the frames.

Of an hour some hundred granules (13 ms each) come out above the limit. Only the seconds around them are heard again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import numpy as np

from pillarcast.audio.measure.loudness import decibels
from pillarcast.audio.measure.meter import survey_of_span
from pillarcast.audio.measure.survey import Survey, spliced
from pillarcast.audio.mp3 import globalgain
from pillarcast.audio.mp3.stream import LEAD, Stream
from pillarcast.audio.sound import cell

_GRANULE = 576
_FILTER_BANK = 481
"""Samples by which the synthesis filter bank spreads a granule to the right."""

_ATTEMPTS = 8


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
        for granule, steps in wanted.items():
            _lower(stream, granule, steps)
        for first, last in _seconds(wanted, survey.rate_hz):
            span = (first * survey.rate_hz, min(last * survey.rate_hz, survey.length))
            survey = spliced(survey, survey_of_span(stream, span, limit), first)
    return survey


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


def _seconds(granules: Iterable[int], rate_hz: int) -> Iterator[tuple[int, int]]:
    """Whole seconds in which these granules are heard, as runs of first and after last."""
    places = [granule * _GRANULE - LEAD + shift for granule in granules for shift in (0, 4 * _GRANULE)]
    touched = {max(0, place // rate_hz) for place in places}
    for _key, run in groupby(enumerate(sorted(touched)), key=lambda each: each[1] - each[0]):
        seconds = [second for _place, second in run]
        yield seconds[0], seconds[-1] + 1
