"""What the owner should hear of a recording, in words: one rule a line, none of them stops an episode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from pillarcast.audio.measure.loudness import decibels, energy_of
from pillarcast.audio.measure.speech import may_be_speech
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.read.recording import Recording
from pillarcast.audio.sound import HOPS_A_SECOND
from pillarcast.model.chapters import render_stamp

_CLIPPED_S = 0.05
_LONG_SILENCE_S = 5.0
_QUIET_LUFS = -40.0
_NOISY_DB = 30.0
_LOW_RATE_HZ, _TELEPHONE_HZ = 32000, 16000
_TOLERATED_LOSS = 3
_SUFFIXES = {
    "mp3": {".mp3"},
    "wav": {".wav", ".wave", ".bwf", ".rf64"},
    "w64": {".w64", ".wav"},
    "flac": {".flac"},
    "aiff": {".aif", ".aiff", ".aifc"},
    "ogg": {".ogg", ".oga", ".opus", ".spx"},
    "aac": {".aac"},
    "mov": {".m4a", ".mp4", ".mov", ".m4b", ".m4v", ".3gp", ".aac"},
}


@dataclass(frozen=True)
class Seen:
    """A recording and its survey."""

    recording: Recording
    survey: Survey


def remarks(recording: Recording, survey: Survey) -> tuple[str, ...]:
    """Every remark, the most weighty first."""
    seen = Seen(recording, survey)
    return tuple(words for rule in _RULES for words in rule(seen))


def _clipped(seen: Seen) -> Iterator[str]:
    if seen.survey.clipped_s < _CLIPPED_S:
        return
    places = _places(sorted(seen.survey.clipped))
    worst = max(places, key=lambda seconds: sum(seen.survey.clipped[second] for second in seconds))
    at = render_stamp(worst[0])
    where = at if len(places) == 1 else f"{len(places)} places, worst at {at}"
    yield f"clipped for {seen.survey.clipped_s:.1f} s {'at' if len(places) == 1 else 'in'} {where}: record more quietly"


def _places(seconds: list[int]) -> list[list[int]]:
    """Seconds in a row are one place; up to two may lie between."""
    number, places = 0, []
    for before, second in zip([seconds[0], *seconds], seconds, strict=False):
        number += second - before > 3
        places.append((number, second))
    return [[second for _number, second in group] for _key, group in groupby(places, key=lambda each: each[0])]


def _over_full_scale(seen: Seen) -> Iterator[str]:
    highest = float(seen.survey.peaks.max(initial=0))
    if highest > 1.01:
        yield f"goes {decibels(highest):.1f} dB over full scale; it was turned down"


def _quiet(seen: Seen) -> Iterator[str]:
    level = seen.survey.integrated_lufs
    if level < _QUIET_LUFS:
        yield f"very quiet ({level:.0f} LUFS): its noise is raised with its voice"


def _noisy(seen: Seen) -> Iterator[str]:
    above = seen.survey.integrated_lufs - seen.survey.noise_floor_dbfs()
    if above < _NOISY_DB and may_be_speech(seen.survey):
        yield f"noisy: the voice is only {above:.0f} dB above what is heard in its pauses"


def _silences(seen: Seen) -> Iterator[str]:
    floor = max(energy_of(seen.survey.integrated_lufs - 35), energy_of(-70))
    quiet = np.concatenate([[False], seen.survey.hops < floor, [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first > _LONG_SILENCE_S * HOPS_A_SECOND:
            lasts = (last - first) / HOPS_A_SECOND
            yield f"silent for {lasts:.0f} s at {render_stamp(first / HOPS_A_SECOND)}"


def _low_rate(seen: Seen) -> Iterator[str]:
    rate = seen.recording.shape.rate_hz
    if rate < _LOW_RATE_HZ:
        how = "like a telephone" if rate <= _TELEPHONE_HZ else "duller than it was"
        yield f"recorded at {rate / 1000:g} kHz, so it sounds {how}"


def _many_channels(seen: Seen) -> Iterator[str]:
    count = seen.recording.shape.channels
    if count > 2:
        yield f"its {count} channels were mixed down to {'one' if seen.recording.channels == 1 else 'two'}"


def _music(seen: Seen) -> Iterator[str]:
    if not may_be_speech(seen.survey):
        yield "sounds like music or noise, not like speech: is it the right file?"


def _film(seen: Seen) -> Iterator[str]:
    if seen.recording.shape.has_film:
        yield "holds a film; only its sound was taken"


def _misnamed(seen: Seen) -> Iterator[str]:
    kind = seen.recording.shape.container.split(",")[0]
    suffix = seen.recording.path.suffix.lower()
    if suffix not in _SUFFIXES.get(kind, {suffix}):
        yield f"is {'M4A' if kind == 'mov' else kind.upper()} inside, whatever its name says"


def _no_claim(seen: Seen) -> Iterator[str]:
    shape = seen.recording.shape
    if shape.claimed_s is None and shape.codec == "mp3":
        yield f"its header does not say how long it is; {render_stamp(seen.survey.duration_s)} were found"


def _broken(seen: Seen) -> Iterator[str]:
    if seen.survey.broken:
        yield f"{seen.survey.broken} samples were no numbers and were silenced"


def _lost(seen: Seen) -> Iterator[str]:
    lost = seen.recording.lost_s
    if lost and (len(lost) > 1 or lost[0] > 0):
        yield f"damaged at {render_stamp(lost[0])}: {len(lost)} packets could not be decoded"


_RULES: tuple[Callable[[Seen], Iterator[str]], ...] = (
    _clipped,
    _over_full_scale,
    _lost,
    _broken,
    _music,
    _quiet,
    _noisy,
    _silences,
    _low_rate,
    _many_channels,
    _film,
    _misnamed,
    _no_claim,
)
