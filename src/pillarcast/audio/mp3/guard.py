"""The guard of peaks: encoding overshoots here and there, and there alone the level is taken down, in the frames.

Of an hour some hundred granules (13 ms each) come out above the limit. Only what lies around them is decoded again.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pillarcast.audio.measure import truepeak
from pillarcast.audio.measure.loudness import decibels
from pillarcast.audio.measure.meter import highest
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.mp3 import globalgain
from pillarcast.audio.mp3.stream import LEAD, Stream
from pillarcast.audio.sound import cell

_GRANULE = 576
_FILTER_BANK = 481
"""Samples by which the synthesis filter bank spreads a granule to the right."""

_ATTEMPTS = 8
_AROUND = 4 * _GRANULE


def guarded(stream: Stream, survey: Survey, limit: float) -> Survey:
    """The survey after every granule that goes over `limit` was taken down; the frames are changed in place.

    What cannot be mended within some attempts is left: the survey tells.
    """
    cells, tops = survey.hot
    found = dict(zip(cells.tolist(), tops.tolist(), strict=True))
    over = {at: top for at, top in found.items() if top > limit}
    for attempt in range(_ATTEMPTS):
        if not over:
            break
        for granule, steps in _wanted(over, survey.rate_hz, limit, attempt).items():
            _lower(stream, granule, steps)
        again = _again(stream, list(over), survey)
        found.update(again)
        over = {at: top for at, top in again.items() if top > limit}
    if not len(cells):
        return survey
    known = np.array(list(found), np.int64), np.array(list(found.values()), np.float32)
    return replace(survey, hot=known, true_peak=max(found.values()))


def _wanted(over: dict[int, float], rate_hz: int, limit: float, attempt: int) -> dict[int, int]:
    """Steps down for each granule with a part in what is over; its right neighbour too where that was not enough."""
    wanted: dict[int, int] = {}
    for at, top in over.items():
        centre = (at * cell(rate_hz) + LEAD - _FILTER_BANK) // _GRANULE
        steps = max(1, int(np.ceil((decibels(top) - decibels(limit)) / globalgain.STEP_DB)))
        for granule in range(centre - 1, centre + (2 if attempt else 1)):
            wanted[granule] = max(wanted.get(granule, 0), steps)
    return wanted


def _lower(stream: Stream, granule: int, steps: int) -> None:
    frame, part = divmod(granule, 2)
    if 0 <= frame < stream.frames:
        globalgain.lower(stream.content, int(stream.offsets[frame]), stream.header, part, steps)


def _again(stream: Stream, cells: list[int], survey: Survey) -> dict[int, float]:
    """True peaks around these cells after a change."""
    width = cell(survey.rate_hz)
    tops: dict[int, float] = {}
    done = -1
    for at in sorted(cells):
        first, last = max((at * width - _AROUND) // width, done + 1, 0), (at * width + _AROUND) // width
        last = min(last, len(survey.peaks) - 1)
        if last >= first:
            tops.update(_tops(stream, first, last))
            done = last
    return tops


def _tops(stream: Stream, first: int, last: int) -> dict[int, float]:
    width, margin = cell(stream.rate_hz), truepeak.MARGIN
    begin, end = first * width - margin, (last + 1) * width + margin
    pcm = np.zeros((stream.channels, end - begin), np.float32)
    lead = max(0, -begin)
    decoded = list(stream.blocks(begin + lead, end))
    if decoded:
        joined = np.concatenate(decoded, axis=1)
        pcm[:, lead : lead + joined.shape[1]] = joined
    starts = np.arange(last + 1 - first) * width + margin
    between = truepeak.peaks_between(pcm, starts, width)
    plain = highest(pcm[:, margin : margin + len(starts) * width].reshape(stream.channels, -1, width))
    return dict(zip(range(first, last + 1), np.maximum(between, plain).tolist(), strict=True))
