"""The gain that brings a sound to its loudness once the limiter has had its part."""

from __future__ import annotations

import math

from pillarcast.audio.measure.loudness import amplitude, integrated_lufs
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.shape.limiter import kept_energy

_CLOSE_LU = 0.005
_ATTEMPTS = 8
_FIRST, _STEEPEST = 1.5, 6.0
"""Decibels of gain for one of loudness: what is tried first, and the most. More brings little to what is limited."""

_MOST_DB = 40.0
"""Of gain beyond what would do without a limiter: a loudness that cannot be reached would take it to infinity."""


def solved_gain(survey: Survey, target_lufs: float, ceiling: float) -> float:
    """The factor; predicted from the survey alone. ValueError for a sound without loudness.

    By secants: the limiter takes a growing part of each decibel, and what the last step brought tells how much.
    """
    if not math.isfinite(survey.integrated_lufs):
        raise ValueError("a sound without loudness has no gain")
    gain_db, step_db, missed = target_lufs - survey.integrated_lufs, 0.0, 0.0
    for _ in range(_ATTEMPTS):
        miss = target_lufs - predicted_lufs(survey, amplitude(gain_db), ceiling)
        if abs(miss) < _CLOSE_LU:
            break
        step_db, missed = miss * _price(step_db, missed - miss), miss
        gain_db = min(gain_db + step_db, target_lufs - survey.integrated_lufs + _MOST_DB)
    return amplitude(round(gain_db, 3))


def _price(step_db: float, brought_db: float) -> float:
    """Decibels of gain for one of loudness, by what the last step brought; a guess before the first one."""
    if not step_db:
        return _FIRST
    return min(max(step_db / brought_db, 1.0), _STEEPEST) if brought_db * step_db > 0 else _STEEPEST


def predicted_lufs(survey: Survey, gain: float, ceiling: float) -> float:
    """Loudness after this gain and the limiter."""
    return integrated_lufs(survey.hops * (gain * gain) * kept_energy(survey, gain, ceiling))
