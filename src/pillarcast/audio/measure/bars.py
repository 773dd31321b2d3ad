"""Pictures in a few hundred bytes, of the survey that was made anyway: the waveform, and loudness over time."""

from __future__ import annotations

import math
from base64 import b64encode
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pillarcast.audio.measure.loudness import short_term_lufs
from pillarcast.audio.measure.survey import Cells, Survey
from pillarcast.model.master import Course

BARS = 240
POINTS = 120
QUIETEST_LUFS = -60.0
MOST_PLACES = 500
_SMOOTHED = 50
"""Cells of a millisecond."""


def waveform(survey: Survey) -> str:
    """Base64 of one byte a bar, the loudest bar 255."""
    count = min(BARS, len(survey.levels))
    edges = np.arange(count + 1) * len(survey.levels) // max(count, 1)
    bars = np.array([_loudest(survey.levels, first, last) for first, last in pairwise(edges.tolist())])
    return _encoded(bars / max(float(bars.max(initial=0)), 1e-9))


def course(survey: Survey) -> Course:
    """Short-term loudness over time, and the seconds that are clipped."""
    points = _gathered(short_term_lufs(survey.hops), POINTS, np.maximum)
    curve = _encoded(np.clip(1 - points / QUIETEST_LUFS, 0, 1))
    clipped = sorted(survey.clipped) if survey.clipped_s else []
    return Course(duration_s=round(survey.duration_s, 3), curve=curve, clipped_at_s=tuple(clipped[:MOST_PLACES]))


def _gathered(values: npt.NDArray[np.float64], most: int, how: np.ufunc) -> npt.NDArray[np.float64]:
    count = min(most, len(values))
    if count == 0:
        return np.zeros(0)
    starts = np.arange(count) * len(values) // count
    return np.asarray(how.reduceat(values, starts))


def _loudest(levels: Cells, first: int, last: int) -> float:
    """The highest root mean square of 50 ms that begins within these cells: what the eye takes for loudness.

    Of a stretch alone: whole arrays of it would be most of the memory that three hours take.
    """
    width = min(_SMOOTHED, len(levels))
    begin = min(first, len(levels) - width)
    end = max(begin + 1, min(last, len(levels) - width + 1))
    power = np.square(levels[begin : end + width - 1], dtype=np.float32)
    total = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
    return math.sqrt(max(float((total[width:] - total[:-width]).max()), 0) / width)


def _encoded(shares: npt.NDArray[np.float64]) -> str:
    return b64encode((shares * 255).round().astype(np.uint8).tobytes()).decode()
