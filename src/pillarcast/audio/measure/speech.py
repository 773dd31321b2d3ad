"""Whether a sound may be speech: syllables make its level rise steeply and often, which held notes do not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.sound import cell

_CELLS = 25
_STEEP_DB = 6.0
_RISES_A_SECOND = 1.0
_SYLLABLES_HZ = (2.5, 9.0)
_SLOWEST_HZ = 0.3
_SYLLABIC_SHARE = 0.4
_STRETCHES = 200


def may_be_speech(survey: Survey) -> bool:
    """False only for what is surely none: few steep rises, and a level that does not move as syllables do."""
    levels, rate = _envelope(survey)
    if len(levels) < 4 * rate:
        return True
    return _rises(levels) * rate > _RISES_A_SECOND or _syllabic_share(levels, rate) > _SYLLABIC_SHARE


def _envelope(survey: Survey) -> tuple[npt.NDArray[np.float64], float]:
    """Level by 25 cells, and how many of those a second has."""
    cells = survey.levels[: len(survey.levels) // _CELLS * _CELLS].reshape(-1, _CELLS)
    power = np.einsum("nc,nc->n", cells, cells, dtype=np.float64) / _CELLS
    return np.sqrt(power), survey.rate_hz / cell(survey.rate_hz) / _CELLS


def _rises(levels: npt.NDArray[np.float64]) -> float:
    """Share of steps, where there is sound, that go up steeply."""
    steps = np.diff(20 * np.log10(np.maximum(levels, 1e-5)))
    return float(np.mean(steps[levels[1:] > 0.1 * levels.mean()] > _STEEP_DB))


def _syllabic_share(levels: npt.NDArray[np.float64], rate: float) -> float:
    """Share of the level's movement that lies at the pace of syllables, as the median of stretches of two seconds."""
    width = int(2 * rate)
    starts = np.unique(np.linspace(0, len(levels) - width, _STRETCHES).astype(np.intp))
    stretches = levels[starts[:, None] + np.arange(width)]
    stretches = stretches[stretches.mean(axis=1) > 0.3 * levels.mean()]
    if not len(stretches):
        return 1.0
    moving = (stretches - stretches.mean(axis=1, keepdims=True)) * np.hanning(width)
    power = np.square(np.abs(np.fft.rfft(moving, axis=1)))
    pace = np.fft.rfftfreq(width, 1 / rate)
    syllabic = power[:, (pace >= _SYLLABLES_HZ[0]) & (pace < _SYLLABLES_HZ[1])].sum(axis=1)
    return float(np.median(syllabic / np.maximum(power[:, pace > _SLOWEST_HZ].sum(axis=1), 1e-20)))
