"""What the owner should hear of a recording, in words: one rule a line, none of them stops an episode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

import numpy as np

from pillarcast.audio.hearing import Heard
from pillarcast.audio.measure.loudness import decibels, energy_of
from pillarcast.audio.measure.speech import may_be_speech
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


def remarks(heard: Heard) -> tuple[str, ...]:
    """Every remark, the most weighty first."""
    return tuple(words for rule in _RULES for words in rule(heard))


def _clipped(heard: Heard) -> Iterator[str]:
    if heard.survey.clipped_s < _CLIPPED_S:
        return
    places = _places(sorted(heard.survey.clipped))
    worst = max(places, key=lambda seconds: sum(heard.survey.clipped[second] for second in seconds))
    at = render_stamp(worst[0])
    where = f"at {at}" if len(places) == 1 else f"in {len(places)} places, worst at {at}"
    yield f"clipped for {heard.survey.clipped_s:.1f} s {where}: record more quietly"


def _places(seconds: list[int]) -> list[list[int]]:
    """Seconds in a row are one place; up to two may lie between."""
    number, places = 0, []
    for before, second in zip([seconds[0], *seconds], seconds, strict=False):
        number += second - before > 3
        places.append((number, second))
    return [[second for _number, second in group] for _key, group in groupby(places, key=lambda each: each[0])]


def _over_full_scale(heard: Heard) -> Iterator[str]:
    highest = float(heard.survey.peaks.max(initial=0))
    if highest > 1.01:
        yield f"goes {decibels(highest):.1f} dB over full scale; it was turned down"


def _quiet(heard: Heard) -> Iterator[str]:
    level = heard.survey.integrated_lufs
    if level < _QUIET_LUFS:
        yield f"very quiet ({level:.0f} LUFS): its noise is raised with its voice"


def _noisy(heard: Heard) -> Iterator[str]:
    above = heard.survey.integrated_lufs - heard.survey.noise_floor_dbfs()
    if above < _NOISY_DB and may_be_speech(heard.survey):
        yield f"noisy: the voice is only {above:.0f} dB above what is heard in its pauses"


def _silences(heard: Heard) -> Iterator[str]:
    floor = max(energy_of(heard.survey.integrated_lufs - 35), energy_of(-70))
    quiet = np.concatenate([[False], heard.survey.hops < floor, [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        if last - first > _LONG_SILENCE_S * HOPS_A_SECOND:
            lasts = (last - first) / HOPS_A_SECOND
            yield f"silent for {lasts:.0f} s at {render_stamp(first / HOPS_A_SECOND)}"


def _low_rate(heard: Heard) -> Iterator[str]:
    rate = heard.recording.shape.rate_hz
    if rate < _LOW_RATE_HZ:
        how = "like a telephone" if rate <= _TELEPHONE_HZ else "duller than it was"
        yield f"recorded at {rate / 1000:g} kHz, so it sounds {how}"


def _many_channels(heard: Heard) -> Iterator[str]:
    count = heard.recording.shape.channels
    if count > 2:
        yield f"its {count} channels were mixed down to {'one' if heard.recording.channels == 1 else 'two'}"


def _music(heard: Heard) -> Iterator[str]:
    if not may_be_speech(heard.survey):
        yield "sounds like music or noise, not like speech: is it the right file?"


def _film(heard: Heard) -> Iterator[str]:
    if heard.recording.shape.has_film:
        yield "holds a film; only its sound was taken"


def _misnamed(heard: Heard) -> Iterator[str]:
    kind = heard.recording.shape.container.split(",")[0]
    suffix = heard.recording.path.suffix.lower()
    if suffix not in _SUFFIXES.get(kind, {suffix}):
        yield f"is {'M4A' if kind == 'mov' else kind.upper()} inside, whatever its name says"


def _no_claim(heard: Heard) -> Iterator[str]:
    shape = heard.recording.shape
    if shape.claimed_s is None and shape.codec == "mp3":
        yield f"its header does not say how long it is; {render_stamp(heard.survey.duration_s)} were found"


def _broken(heard: Heard) -> Iterator[str]:
    if heard.survey.broken:
        yield f"{heard.survey.broken} samples were no numbers and were silenced"


def _lost(heard: Heard) -> Iterator[str]:
    lost = heard.recording.lost_s
    if lost and (len(lost) > 1 or lost[0] > 0):
        yield f"damaged at {render_stamp(lost[0])}: {len(lost)} packets could not be decoded"


_RULES: tuple[Callable[[Heard], Iterator[str]], ...] = (
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
