"""Silence at the head and the tail of a recording, cut but for a breath."""

from __future__ import annotations

import numpy as np

from pillarcast.audio.measure.loudness import energy_of
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.sound import HOPS_A_SECOND, hop

_WORTH_HOPS = 2 * HOPS_A_SECOND
_KEPT_BEFORE, _KEPT_BEHIND = 5, 10
_BELOW_VOICE_LU = 30.0


def spoken_range(survey: Survey) -> tuple[int, int]:
    """First sample and the one after the last that are kept: half a second before the first sound, one behind the last.

    What is 30 LU below the voice is silence; less than two seconds of it stay.
    """
    width, count = hop(survey.rate_hz), len(survey.hops)
    floor = max(energy_of(survey.integrated_lufs - _BELOW_VOICE_LU), energy_of(-70))
    sounding = np.flatnonzero(survey.hops > floor)
    if not len(sounding):
        return 0, survey.length
    first, last = int(sounding[0]), int(sounding[-1]) + 1
    start = (first - _KEPT_BEFORE) * width if first > _WORTH_HOPS else 0
    stop = (last + _KEPT_BEHIND) * width if count - last > _WORTH_HOPS else survey.length
    return start, stop
