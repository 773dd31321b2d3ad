"""Gentle levelling of speakers: who is always quieter is brought up, who is always louder down.

Levels follow phrases of seconds, never syllables, and differences of two decibels stay as they are: a lively voice is
left alone, a far microphone is not.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pillarcast.audio.measure.loudness import energy_of, windowed
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.sound import Curve

_AROUND = 30
"""Hops on each side that tell a speaker's level."""

_ALIKE_DB = 4.0
"""Phrases that differ by more belong to somebody else."""

_LEFT_ALONE_DB = 2.0
_SHARE = 0.9
_MOST_DB = 10.0
_BELOW_VOICE_LU = 24.0
_RAMP = 5
_AT_ONCE = 20_000

Levels = npt.NDArray[np.float64]


def speaker_levels_db(survey: Survey) -> Curve | None:
    """The gain of each hop in decibels, or None where no speaker needs any."""
    if len(survey.hops) < 2 * _AROUND:
        return None
    phrases = _phrases(survey)
    speaking = np.flatnonzero(phrases > survey.integrated_lufs - _BELOW_VOICE_LU)
    if len(speaking) < _AROUND:
        return None
    levels = _by_speaker(phrases[speaking], speaking)
    away = survey.integrated_lufs - levels
    wanted = np.sign(away) * np.clip((np.abs(away) - _LEFT_ALONE_DB) * _SHARE, 0, _MOST_DB)
    if np.abs(wanted).max() < 1:
        return None
    return _ramped(np.interp(np.arange(len(survey.hops)), speaking, wanted))


def _phrases(survey: Survey) -> Levels:
    """Loudness of the loudest 400 ms within a second: the level of a phrase, whatever its pauses."""
    momentary = np.pad(windowed(survey.hops, 4), (1, 2), mode="edge")
    highest = momentary.copy()
    for shift in range(1, 6):
        np.maximum(highest[shift:], momentary[:-shift], out=highest[shift:])
        np.maximum(highest[:-shift], momentary[shift:], out=highest[:-shift])
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(highest, energy_of(-90))))


def _by_speaker(phrases: Levels, hops: npt.NDArray[np.intp]) -> Levels:
    """Each phrase's level averaged with those around it that are alike: an edge between speakers stays an edge."""
    result = np.empty(len(phrases))
    padded = np.pad(phrases, _AROUND, constant_values=np.inf)
    places = np.pad(hops, _AROUND, constant_values=-(10**9))
    for first in range(0, len(phrases), _AT_ONCE):
        last = min(first + _AT_ONCE, len(phrases))
        near = np.lib.stride_tricks.sliding_window_view(padded[first : last + 2 * _AROUND], 2 * _AROUND + 1)
        away = np.lib.stride_tricks.sliding_window_view(places[first : last + 2 * _AROUND], 2 * _AROUND + 1)
        own, here = phrases[first:last, None], hops[first:last, None]
        counts = (np.abs(near - own) < _ALIKE_DB) & (np.abs(away - here) <= _AROUND)
        result[first:last] = np.where(counts, near, 0).sum(axis=1) / counts.sum(axis=1)
    return result


def _ramped(levels: Levels) -> Curve:
    kernel = np.hanning(2 * _RAMP + 3)[1:-1]
    padded = np.pad(levels, _RAMP, mode="edge")
    return np.asarray(np.convolve(padded, kernel / kernel.sum(), mode="valid"), np.float32)
