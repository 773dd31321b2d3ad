"""What is told of a survey: as it stands in the catalogue, and as pictures."""

from __future__ import annotations

from dataclasses import dataclass

from pillarcast.audio.measure import loudness
from pillarcast.audio.measure.bars import course, waveform
from pillarcast.audio.measure.survey import Survey
from pillarcast.model.master import Course, Loudness


@dataclass(frozen=True)
class Told:
    """All of it, worked out once: for an hour it takes a while, in which nothing else is left to do."""

    loudness: Loudness
    course: Course
    peaks: str


def told(survey: Survey) -> Told:
    return Told(summary(survey), course(survey), waveform(survey))


def summary(survey: Survey) -> Loudness:
    """The measurement, rounded to what it is good for."""
    return Loudness(
        integrated_lufs=round(max(survey.integrated_lufs, loudness.SILENCE_LUFS), 2),
        range_lu=round(loudness.range_lu(survey.hops), 2),
        true_peak_dbtp=round(survey.true_peak_dbtp, 2),
        noise_floor_dbfs=round(survey.noise_floor_dbfs(), 1),
        clipped_s=round(survey.clipped_s, 3),
        channels=survey.channels,
        duration_s=round(survey.duration_s, 3),
    )
