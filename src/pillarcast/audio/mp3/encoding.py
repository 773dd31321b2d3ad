"""MP3 on all cores: segments encoded side by side, joined where both encoders have come to write the same.

Each segment but the first begins early, on the frame grid of the whole. Once an encoder's memory of where it began has
faded, its frames are those of an encoder that ran from the start; the join is made there and nowhere else. Where that
takes longer than foreseen, the left encoder runs on. So the result is that of a single pass, on any number of cores.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from math import gcd
from pathlib import Path

from pillarcast.audio.cores import in_turns
from pillarcast.audio.mp3.joining import Encoded, joined
from pillarcast.audio.mp3.lame import Lame, Setting
from pillarcast.audio.mp3.segments import FRAME, Segment
from pillarcast.audio.progress import Advance, Tally, unheard
from pillarcast.audio.sound import Sound

_EARLY = 144
"""Frames by which a segment begins early; speech was forgotten after 20 to 85 of them, at 64 to 128 kbit/s."""


@dataclass(frozen=True)
class Cut:
    """The first `length` samples of a sound, in so many parts."""

    length: int
    parts: int


def encode(sound: Sound, cut: Cut, setting: Setting, path: Path, advance: Advance = unheard) -> Encoded:
    """Encodes a sound by `setting` into the file at `path`, which is the caller's to take away."""
    length, starts = cut.length, _starts(cut, sound.rate_hz, setting.bitrate_kbps)
    early = _early(starts, sound.rate_hz, setting.bitrate_kbps)
    stops = [*(start * FRAME for start in starts[1:]), length]
    tally = Tally(sum(stop - first * FRAME for first, stop in zip(early, stops, strict=True)), advance)
    with ExitStack() as stack:
        segments = [
            Segment(
                sound,
                stack.enter_context(Lame(sound.rate_hz, sound.channels, setting)),
                stack.enter_context(tempfile.TemporaryFile(dir=path.parent)),
                first,
                stop,
                tally,
            )
            for first, stop in zip(early, stops, strict=True)
        ]
        in_turns(segments)
        segments[-1].finish()
        return joined(segments, length, path)


def _starts(cut: Cut, rate_hz: int, bitrate_kbps: int) -> list[int]:
    """The frames at which segments are to begin, on the grid on which padding repeats."""
    frames, grid = cut.length // FRAME, _grid(rate_hz, bitrate_kbps)
    return [frames * part // cut.parts // grid * grid for part in range(cut.parts)]


def _early(starts: list[int], rate_hz: int, bitrate_kbps: int) -> list[int]:
    grid = _grid(rate_hz, bitrate_kbps)
    return [max(0, (start - _EARLY) // grid * grid) for start in starts]


def _grid(rate_hz: int, bitrate_kbps: int) -> int:
    """Frames after which the pattern of padding bits comes again: 1 at 48 kHz, 49 at 44.1 kHz and 96 kbit/s."""
    return rate_hz // gcd(144000 * bitrate_kbps, rate_hz)
