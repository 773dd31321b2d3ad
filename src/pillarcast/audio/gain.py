"""The gain that brings a sound to its loudness once the limiter has had its part."""

from __future__ import annotations

import math

import numpy as np

from pillarcast.audio import limiter, loudness
from pillarcast.audio.survey import Survey, milli

_CLOSE_LU = 0.005
_ATTEMPTS = 8


def solved_gain(survey: Survey, target_lufs: float, ceiling: float) -> float:
    """The factor; predicted from the survey alone. ValueError for a sound without loudness."""
    integrated = loudness.integrated_lufs(survey.hops)
    if not math.isfinite(integrated):
        raise ValueError("a sound without loudness has no gain")
    gain_db = target_lufs - integrated
    for _ in range(_ATTEMPTS):
        miss = target_lufs - predicted_lufs(survey, 10 ** (gain_db / 20), ceiling)
        if abs(miss) < _CLOSE_LU:
            break
        gain_db += 1.1 * miss
    return float(10 ** (gain_db / 20))


def predicted_lufs(survey: Survey, gain: float, ceiling: float) -> float:
    """Loudness after this gain and the limiter."""
    per_hop = survey.rate_hz // loudness.HOPS_A_SECOND // milli(survey.rate_hz)
    peaks = survey.peaks.astype(np.float32) * np.float32(gain)
    ratio = limiter.energy_ratio(peaks, survey.levels.astype(np.float32), ceiling, per_hop)
    return loudness.integrated_lufs(survey.hops * gain * gain * ratio[: len(survey.hops)])
