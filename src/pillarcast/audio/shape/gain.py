"""The gain that brings a sound to its loudness once the limiter has had its part."""

from __future__ import annotations

import math

from pillarcast.audio.measure.loudness import amplitude, integrated_lufs
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.shape.limiter import kept_energy

_CLOSE_LU = 0.005
_ATTEMPTS = 8


def solved_gain(survey: Survey, target_lufs: float, ceiling: float) -> float:
    """The factor; predicted from the survey alone. ValueError for a sound without loudness."""
    if not math.isfinite(survey.integrated_lufs):
        raise ValueError("a sound without loudness has no gain")
    gain_db = target_lufs - survey.integrated_lufs
    for _ in range(_ATTEMPTS):
        miss = target_lufs - predicted_lufs(survey, amplitude(gain_db), ceiling)
        if abs(miss) < _CLOSE_LU:
            break
        gain_db += 1.1 * miss
    return amplitude(round(gain_db, 3))


def predicted_lufs(survey: Survey, gain: float, ceiling: float) -> float:
    """Loudness after this gain and the limiter."""
    return integrated_lufs(survey.hops * (gain * gain) * kept_energy(survey, gain, ceiling))
