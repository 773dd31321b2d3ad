"""Hitting loudness and peak as they are measured after encoding: an encoder is not quite what the survey foresees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.spec import TOLERANCE_LU, MasterSpec
from pillarcast.errors import PillarcastError, RecordingRefused

_CLOSE_LU = 0.15
HEADROOM_DB = 0.6
"""What encoding adds to peaks nearly everywhere; what it adds beyond, here and there, is mended after it.

With half of it ten times as many places had to be mended, which is heard sooner than a limiter 0.3 dB lower.
"""

_FURTHER_DOWN_DB = 0.3
"""Beyond what was over: every encoding puts its peaks somewhere else."""

_ATTEMPTS = 6


@dataclass(frozen=True)
class Aim:
    """What to bring a sound to before it is encoded."""

    loudness_lufs: float
    ceiling_dbtp: float


def aimed(name: str, spec: MasterSpec, make: Callable[[Aim], Survey], headroom_db: float = HEADROOM_DB) -> Survey:
    """Makes, measures, and makes again with a corrected aim where it missed; nearly always the first one hits."""
    aim = Aim(spec.loudness_lufs, spec.true_peak_dbtp - headroom_db)
    for attempt in range(_ATTEMPTS):
        made = make(aim)
        miss, over = spec.loudness_lufs - made.integrated_lufs, made.true_peak_dbtp - spec.true_peak_dbtp
        close = TOLERANCE_LU if attempt else _CLOSE_LU
        if abs(miss) <= close and over <= 0:
            return made
        aim = Aim(aim.loudness_lufs + miss, aim.ceiling_dbtp - (over + _FURTHER_DOWN_DB if over > 0 else 0))
    if abs(miss) <= TOLERANCE_LU and over <= 0:
        return made
    if miss > TOLERANCE_LU:
        what = f"cannot be brought to {spec.loudness_lufs:.1f} LUFS with peaks below {spec.true_peak_dbtp:.1f} dBTP"
        mend = "Ask for less loudness, for higher peaks or for a higher bit rate under [master] in show.toml."
        raise RecordingRefused(name, f"{what}: {made.integrated_lufs:.1f} LUFS came out", mend)
    what = f"came out at {made.integrated_lufs:.1f} LUFS and {made.true_peak_dbtp:.1f} dBTP whatever was tried"
    raise PillarcastError(name, what, "Keep the recording and tell us: this is a fault of ours.")
