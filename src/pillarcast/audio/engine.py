"""The way of a recording through the engine: surveyed, checked, treated, joined, made, and told about."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from pillarcast.audio import refusals
from pillarcast.audio.formats.made import Made, Make, Order
from pillarcast.audio.hearing import SHARE as _HEARD
from pillarcast.audio.hearing import Heard
from pillarcast.audio.measure.bars import course
from pillarcast.audio.measure.loudness import amplitude, lufs
from pillarcast.audio.measure.summary import summary
from pillarcast.audio.measure.survey import Survey, window
from pillarcast.audio.measure.surveying import survey_of
from pillarcast.audio.mp3.keeping import kept
from pillarcast.audio.progress import Advance, between
from pillarcast.audio.read.recording import Recording
from pillarcast.audio.remarks import remarks
from pillarcast.audio.report import MasterReport
from pillarcast.audio.shape.joined import Joined, Piece
from pillarcast.audio.shape.levels import speaker_levels_db
from pillarcast.audio.shape.repair import channels
from pillarcast.audio.shape.treatment import Treated, Treatment
from pillarcast.audio.shape.trimming import spoken_range
from pillarcast.audio.sound import Sound
from pillarcast.audio.spec import MasterSpec
from pillarcast.audio.tags.table import Tags
from pillarcast.model.chapters import shifted

_TREATED = 0.2
_SHORTEST_BED_S = 0.1
"""One hop: a click to begin with is short, and gated loudness wants 400 ms."""


@dataclass(frozen=True)
class Prepared:
    """What goes to the encoder, its survey, and how much later everything stands in it."""

    sound: Sound
    survey: Survey
    shift_s: float
    remarks: tuple[str, ...]
    is_untouched: bool


def mastered(hearing: Callable[[], Heard], part: Path, spec: MasterSpec, tags: Tags, advance: Advance) -> MasterReport:
    """Makes `part` of what `hearing` gives, which may be at work while this loads what the format needs.

    RecordingRefused for what cannot become an episode; nothing of `part` is worth keeping then.
    """
    make, media_type = _maker(spec.format)
    heard = hearing()
    refusals.check(heard.recording, heard.survey)
    prepared = _prepared(heard, spec, between(_HEARD, _TREATED, advance))
    moved = replace(tags, chapters=shifted(tags.chapters, prepared.shift_s, prepared.survey.duration_s))
    order = Order(prepared.sound, prepared.survey, spec, moved, part, heard.recording.path.name)
    made = kept(heard.recording, order) if prepared.is_untouched and spec.format == "mp3" else None
    if made is None:
        made = make(order, between(_TREATED, 1, advance))
    advance(1.0)
    return _report(heard, prepared, made, media_type)


def _maker(kind: Literal["mp3", "m4a", "opus"]) -> tuple[Make, str]:
    match kind:
        case "mp3":
            from pillarcast.audio.formats import mp3  # noqa: PLC0415 - one format is made, not three

            return mp3.make, "audio/mpeg"
        case "m4a":
            from pillarcast.audio.formats import m4a  # noqa: PLC0415

            return m4a.make, "audio/x-m4a"
        case "opus":
            from pillarcast.audio.formats import opus  # noqa: PLC0415

            return opus.make, "audio/ogg"


def _report(heard: Heard, prepared: Prepared, made: Made, media_type: str) -> MasterReport:
    """The channels before are those of the file: what is surveyed has two at most."""
    before = summary(heard.survey).model_copy(update={"channels": heard.recording.shape.channels})
    return MasterReport(
        sample_rate_hz=made.after.rate_hz,
        channels=made.after.channels,
        bitrate_kbps=made.bitrate_kbps,
        duration_s=round(made.after.duration_s, 6),
        sha256=made.sha256,
        length_bytes=made.length_bytes,
        media_type=media_type,
        before=before,
        after=made.told.loudness,
        warnings=prepared.remarks,
        peaks=made.told.peaks,
        chapters_shift_s=round(prepared.shift_s, 6),
        course_before=course(heard.survey),
        course_after=made.told.course,
    )


def _prepared(heard: Heard, spec: MasterSpec, advance: Advance) -> Prepared:
    recording, before = heard.recording, heard.survey
    seen = remarks(heard)  # now: a later reading may end before the place where packets were lost
    wanted = channels(before, spec.channels, is_repaired=spec.repair)
    start, stop = spoken_range(before) if spec.trim_silence else (0, before.length)
    levels = speaker_levels_db(before) if spec.level_speakers else None
    treatment = Treatment(start, stop, wanted.mix, wanted.offset, spec.high_pass, levels)
    sound: Sound = Treated(recording, treatment)
    if treatment.changes_samples:
        survey = survey_of(sound, treatment.length, advance=advance)
    else:
        survey = window(before, start, stop)
    refusals.check_treated(recording, survey.integrated_lufs)
    words = (*seen, *wanted.remarks, *_trimmed(start, stop, before))
    if spec.intro or spec.outro:
        return _with_beds(sound, survey, spec, start / before.rate_hz, words, advance)
    is_untouched = not treatment.changes_samples and (start, stop) == (0, before.length)
    return Prepared(sound, survey, -start / before.rate_hz, words, is_untouched)


def _with_beds(  # noqa: PLR0917 - all that a sound between its beds is made of
    sound: Sound, survey: Survey, spec: MasterSpec, cut_s: float, words: tuple[str, ...], advance: Advance
) -> Prepared:
    """Intro and outro at the loudness of the recording, in its channels."""
    intro, outro = (_bed(path, survey) if path else None for path in (spec.intro, spec.outro))
    speech = Piece(sound, survey.length)
    joined = Joined([piece for piece in (intro, speech, outro) if piece], sound.channels)
    shift_s = (intro.length if intro else 0) / survey.rate_hz - cut_s
    return Prepared(joined, survey_of(joined, joined.length, advance=advance), shift_s, words, is_untouched=False)


def _bed(path: Path, speech: Survey) -> Piece:
    recording = Recording(path, speech.rate_hz)
    survey = survey_of(recording, recording.most_samples)
    refusals.check(recording, survey, _SHORTEST_BED_S)
    if recording.channels != speech.channels:  # two make 3 to 6 dB less of one, one makes 3 dB more of two
        survey = survey_of(Joined([Piece(recording, survey.length)], speech.channels), survey.length)
    level = survey.integrated_lufs if math.isfinite(survey.integrated_lufs) else lufs(float(survey.hops.mean()))
    refusals.check_treated(recording, level)
    return Piece(recording, survey.length, amplitude(speech.integrated_lufs - level))


def _trimmed(start: int, stop: int, before: Survey) -> tuple[str, ...]:
    head, tail = start / before.rate_hz, (before.length - stop) / before.rate_hz
    words = [
        f"{length:.1f} s of silence were cut at the {end}" for length, end in ((head, "head"), (tail, "tail")) if length
    ]
    return tuple(words)
