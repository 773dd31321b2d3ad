"""Why a recording cannot become an episode, in words that say where and what to do."""

from __future__ import annotations

import math

from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.read.recording import LONGEST_S, Recording
from pillarcast.errors import RecordingRefused
from pillarcast.model.chapters import render_stamp

SHORTEST_S = 1.0
_AGAIN = "Copy it again from where it was recorded."
_TOLERANCE_S = 0.5
_TOLERATED_LOSS = 0.005
"""Share of the packets that may be damaged: a click here and there, which a remark tells."""

_TOLERATED_SILENCED = 0.01
"""Share of the samples that may be no numbers: they are silenced, which a remark tells."""


def check(recording: Recording, survey: Survey, shortest_s: float = SHORTEST_S) -> None:
    """RecordingRefused for what is empty, silent, too short or too long, damaged, or less than its header promises."""
    _check_length(recording, survey, shortest_s)
    _check_whole(recording, survey)
    _check_numbers(recording, survey)
    if not math.isfinite(survey.integrated_lufs) and (survey.duration_s >= SHORTEST_S or not survey.true_peak):
        what = "is silent from beginning to end"
        raise RecordingRefused(recording.path.name, what, "Look which microphone was recorded.")


def check_treated(recording: Recording, loudness_lufs: float) -> None:
    """RecordingRefused for what nothing is left of once channels and filters have had their part."""
    if not math.isfinite(loudness_lufs):
        what = "is as good as silent as it is treated: too soft, or only rumble, or its channels cancel each other"
        raise RecordingRefused(recording.path.name, what, "Record it louder, or set `repair = true` under [master].")


def _check_length(recording: Recording, survey: Survey, shortest_s: float) -> None:
    name = recording.path.name
    if survey.length == 0:
        raise RecordingRefused(name, "holds no sound: it ends before it begins", _AGAIN)
    if survey.duration_s >= LONGEST_S:
        raise RecordingRefused(name, f"is longer than {LONGEST_S // 3600} hours", "Cut it into episodes.")
    if survey.duration_s < shortest_s:
        raise RecordingRefused(name, f"lasts only {survey.duration_s:.1f} seconds", "Look whether it is whole.")


def _check_whole(recording: Recording, survey: Survey) -> None:
    name, claimed_s, lasts_s = recording.path.name, recording.shape.claimed_s, survey.duration_s
    ends = f"ends after {render_stamp(lasts_s)}"
    if claimed_s is not None and claimed_s - lasts_s > _TOLERANCE_S:
        if recording.lost_s:
            at, missing = render_stamp(recording.lost_s[0]), claimed_s - lasts_s
            raise RecordingRefused(name, f"is damaged at {at}: {missing:.1f} s of it cannot be decoded", _AGAIN)
        raise RecordingRefused(name, f"{ends} of {render_stamp(claimed_s)}: the copy is incomplete", _AGAIN)
    if recording.is_cut_off:
        raise RecordingRefused(name, f"{ends} in the middle of a page: the copy is incomplete", _AGAIN)
    if len(recording.lost_s) > max(2, _TOLERATED_LOSS * recording.packets):
        at = render_stamp(recording.lost_s[0])
        raise RecordingRefused(
            name, f"is damaged: {len(recording.lost_s)} packets from {at} on cannot be decoded", _AGAIN
        )


def _check_numbers(recording: Recording, survey: Survey) -> None:
    """Programs write floating point as large as whole numbers: silenced where it is loud, a voice is but crackling."""
    if survey.broken > _TOLERATED_SILENCED * survey.length * survey.channels:
        share = survey.broken / (survey.length * survey.channels)
        what = f"{share:.0%} of its samples are no sound: no numbers, or far beyond full scale"
        raise RecordingRefused(recording.path.name, what, "Export it again with 24 bits, or with full scale at 1.0.")
