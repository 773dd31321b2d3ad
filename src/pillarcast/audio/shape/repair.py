"""What is wrong with the channels of a recording, and how they become those of the master."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from pillarcast.audio.measure.survey import Survey

_DEAD = 1e-4
"""Power of a channel by that of the other (-40 dB) below which nobody speaks in it."""

_SAME = 1e-4
"""Share of power that may be left when one channel is told by the other, for both to be one."""

_OPPOSED = -0.5
_OFFSET = 0.002
_OFFSET_WORTH_WORDS = 0.01

Mix = tuple[tuple[float, ...], ...]
Fault = Literal["dead left", "dead right", "out of phase", "split"]

_MONO: Mix = ((0.5, 0.5),)
_MIXES: dict[Fault, Mix] = {
    "dead left": ((0.0, 1.0),),
    "dead right": ((1.0, 0.0),),
    "out of phase": ((1.0, 0.0), (0.0, -1.0)),
    "split": ((1.0, 1.0),),
}
_WORDS: dict[Fault, str] = {
    "dead left": "its left channel is dead; the right one was taken for both",
    "dead right": "its right channel is dead; the left one was taken for both",
    "out of phase": "its channels are out of phase, so on one loudspeaker voices vanish; one channel was turned round",
    "split": "one voice is on the left only, the other on the right only; both were mixed to the middle",
}
_UNMENDED: dict[Fault, str] = {
    "dead left": "its left channel is dead",
    "dead right": "its right channel is dead",
    "out of phase": "its channels are out of phase, so on one loudspeaker voices vanish",
    "split": "one voice is on the left only, the other on the right only",
}


@dataclass(frozen=True)
class Channels:
    """`mix` and `offset` as a Treatment takes them, with what is to be said about it."""

    mix: Mix
    offset: tuple[float, ...]
    remarks: tuple[str, ...]


def channels(survey: Survey, wanted: Literal["auto", "mono", "stereo"], *, is_repaired: bool) -> Channels:
    """How the channels of a recording become the master's."""
    fault = fault_of(survey)
    remarks = [(_WORDS if is_repaired else _UNMENDED)[fault]] if fault else []
    offset, offset_remarks = _offset(survey, is_repaired=is_repaired)
    mix = _MIXES[fault] if fault and is_repaired else _straight(survey.channels)
    if wanted == "auto" and len(mix) == 2 and _is_mono(survey):
        mix = _folded(mix)
    if wanted == "mono" and len(mix) == 2:
        mix = _folded(mix)
    if wanted == "stereo" and len(mix) == 1:
        mix = mix * 2
    return Channels(mix, offset, (*remarks, *offset_remarks))


def fault_of(survey: Survey) -> Fault | None:
    """What is wrong between the two channels of a recording."""
    if survey.channels == 1:
        return None
    left, right = (float(power) for power in survey.squares.sum(axis=0, dtype=np.float64))
    if left < _DEAD * right:
        return "dead left"
    if right < _DEAD * left:
        return "dead right"
    if _correlation(survey) < _OPPOSED:
        return "out of phase"
    return "split" if _is_split(survey) else None


def _correlation(survey: Survey) -> float:
    left, right = survey.squares.sum(axis=0, dtype=np.float64)
    return float(survey.cross.sum(dtype=np.float64) / max(np.sqrt(left * right), 1e-20))


def _is_mono(survey: Survey) -> bool:
    """One voice in the middle, or anywhere: what one channel has, the other has too."""
    if survey.channels == 1:
        return True
    return 1 - _correlation(survey) ** 2 < _SAME


def _is_split(survey: Survey) -> bool:
    """Whether each channel speaks while the other is silent, most of the time, and both do."""
    loudest = survey.squares.max(axis=1)
    active = survey.squares[loudest > 0.01 * loudest.mean()]
    if len(active) < 20:
        return False
    alone = (active[:, 0] > 30 * active[:, 1], active[:, 1] > 30 * active[:, 0])
    shares = [float(side.mean()) for side in alone]
    return min(shares) > 0.05 and sum(shares) > 0.8


def _offset(survey: Survey, *, is_repaired: bool) -> tuple[tuple[float, ...], list[str]]:
    means = [float(total) / max(survey.length, 1) for total in survey.sums]
    worst = max(abs(mean) for mean in means)
    done = "taken out" if is_repaired else "left in"
    remarks = [f"a DC offset of {worst:.0%} of full scale was {done}"] if worst > _OFFSET_WORTH_WORDS else []
    if not is_repaired or worst <= _OFFSET:
        return (0.0,) * len(means), remarks
    return tuple(means), remarks


def _straight(count: int) -> Mix:
    return ((1.0,),) if count == 1 else ((1.0, 0.0), (0.0, 1.0))


def _folded(mix: Mix) -> Mix:
    return (tuple(sum(row[at] for row in mix) / len(mix) for at in range(len(mix[0]))),)
