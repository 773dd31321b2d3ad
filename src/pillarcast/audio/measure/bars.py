"""Pictures in a few hundred bytes, of the survey that was made anyway: the waveform, and loudness over time."""

from __future__ import annotations

from base64 import b64encode

import numpy as np
import numpy.typing as npt

from pillarcast.audio.measure.loudness import short_term_lufs
from pillarcast.audio.measure.survey import Survey
from pillarcast.model.master import Course

BARS = 240
POINTS = 120
QUIETEST_LUFS = -60.0
MOST_PLACES = 500


def waveform(survey: Survey) -> str:
    """Base64 of one byte a bar, the loudest bar 255."""
    bars = _gathered(_smooth(survey), BARS, np.maximum)
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


def _smooth(survey: Survey) -> npt.NDArray[np.float64]:
    """Root mean square over 50 ms: what the eye takes for loudness."""
    width = min(50, len(survey.levels))
    if width == 0:
        return np.zeros(0)
    power = np.square(survey.levels, dtype=np.float32)
    total = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
    mean = (total[width:] - total[:-width]) / width
    return np.asarray(np.sqrt(np.maximum(np.pad(mean, (0, len(power) - len(mean)), mode="edge"), 0)))


def _encoded(shares: npt.NDArray[np.float64]) -> str:
    return b64encode((shares * 255).round().astype(np.uint8).tobytes()).decode()
