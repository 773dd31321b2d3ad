"""The waveform for the page: a few hundred bars of the survey that was made anyway."""

from __future__ import annotations

from base64 import b64encode

import numpy as np
import numpy.typing as npt

from pillarcast.audio.survey import Survey

BARS = 240


def waveform(survey: Survey) -> str:
    """Base64 of one byte a bar, the loudest bar 255."""
    count = min(BARS, len(survey.levels))
    if count == 0:
        return ""
    edges = np.linspace(0, len(survey.levels), count, endpoint=False).astype(np.intp)
    heights = np.maximum.reduceat(_smooth(survey), edges)
    return b64encode((heights / max(heights.max(), 1e-9) * 255).round().astype(np.uint8).tobytes()).decode()


def _smooth(survey: Survey) -> npt.NDArray[np.float64]:
    """Root mean square over 50 ms: what the eye takes for loudness."""
    power = np.square(survey.levels.astype(np.float32))
    width = min(50, len(power))
    total = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
    mean = (total[width:] - total[:-width]) / width
    return np.asarray(np.sqrt(np.maximum(np.pad(mean, (0, len(power) - len(mean)), mode="edge"), 0)))
