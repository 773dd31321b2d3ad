"""The first hearing of a recording. It wants a path and nothing else, so it begins before the rest is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.measure.surveying import survey_of
from pillarcast.audio.progress import Advance, between
from pillarcast.audio.read.recording import Recording

SHARE = 0.12
"""Of all the work on a master."""


@dataclass(frozen=True)
class Heard:
    """A recording and its survey."""

    recording: Recording
    survey: Survey


def heard(path: Path, advance: Advance) -> Heard:
    """RecordingRefused for what holds no sound. `advance` is that of the whole work."""
    recording = Recording(path)
    return Heard(recording, survey_of(recording, recording.most_samples, advance=between(0, SHARE, advance)))
