"""Why a recording cannot become an episode, in words that say where and what to do."""

from __future__ import annotations

import math

from pillarcast.audio import loudness
from pillarcast.audio.recording import Recording
from pillarcast.audio.survey import Survey
from pillarcast.errors import RecordingRefused
from pillarcast.model.chapters import render_stamp

SHORTEST_S = 1.0
_AGAIN = "Copy it again from where it was recorded."
_TOLERANCE_S = 0.5


def check_whole(source: Recording, survey: Survey) -> None:
    """RecordingRefused where the file promises more than could be decoded."""
    name, claimed_s = source.path.name, source.shape.claimed_s
    if claimed_s is not None and claimed_s - survey.duration_s > _TOLERANCE_S:
        ends, whole = render_stamp(survey.duration_s), render_stamp(claimed_s)
        raise RecordingRefused(name, f"ends after {ends} of {whole}: the copy is incomplete", _AGAIN)


def check_survey(name: str, survey: Survey) -> None:
    """RecordingRefused for what has no samples, no sound, or no length."""
    if survey.length == 0:
        raise RecordingRefused(name, "holds no sound: it ends before it begins", _AGAIN)
    if survey.duration_s < SHORTEST_S:
        raise RecordingRefused(name, f"lasts only {survey.duration_s:.1f} seconds", "Look whether it is whole.")
    if not math.isfinite(loudness.integrated_lufs(survey.hops)):
        raise RecordingRefused(name, "is silent from beginning to end", "Look which microphone was recorded.")
