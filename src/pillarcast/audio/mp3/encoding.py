"""MP3 on all cores: segments encoded side by side, joined where both encoders have come to write the same.

Each segment but the first begins early, on the frame grid of the whole. Once an encoder's memory of where it began has
faded, its frames are those of an encoder that ran from the start; the join is made there and nowhere else. Where that
takes longer than foreseen, the left encoder runs on. So the result is that of a single pass, on any number of cores.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from math import gcd
from pathlib import Path
from typing import BinaryIO, TypeAlias

from pillarcast.audio.cores import in_turns
from pillarcast.audio.mp3 import mpeg
from pillarcast.audio.mp3.audible import audible
from pillarcast.audio.mp3.infoframe import info_frame
from pillarcast.audio.mp3.lame import Lame, Setting
from pillarcast.audio.progress import Advance, Tally, unheard
from pillarcast.audio.sound import Sound

FRAME = 1152
_EARLY = 144
"""Frames by which a segment begins early; speech was forgotten after 20 to 85 of them, at 64 to 128 kbit/s."""
_EQUAL = 24
"""Frames in a row that have to be equal in every bit that is played; the join is made within them."""
_FURTHER = 500
_TURN_S = 20
"""What a thread encodes before it looks which segment has most left."""

Offsets: TypeAlias = "array[int]"
"""Eight bytes each: three hours are 400,000 frames, and a list takes five times as much for them."""


@dataclass(frozen=True)
class Cut:
    """The first `length` samples of a sound, in so many parts."""

    length: int
    parts: int


@dataclass
class Segment:
    """One encoder at work: its frames lie in `file`, the first of them being number `first` of the whole."""

    sound: Sound
    lame: Lame
    file: BinaryIO
    first: int
    stop: int
    tally: Tally
    at: int = field(init=False)
    length_bytes: int = 0
    offsets: Offsets = field(default_factory=lambda: array("q"))
    _rest: bytes = b""

    def __post_init__(self) -> None:
        self.at = self.first * FRAME

    @property
    def left(self) -> int:
        """Samples before `stop`."""
        return max(self.stop - self.at, 0)

    def step(self) -> None:
        """Encodes some seconds; all of them where going on would mean to decode from the beginning."""
        turn = _TURN_S * self.sound.rate_hz if self.sound.seeks else self.left
        self.run(min(self.stop, self.at + turn))

    def run(self, stop: int) -> None:
        """Encodes on to sample `stop`."""
        for block in self.sound.blocks(self.at, stop):
            self._keep(self.lame.encode(block))
            self.tally.add(block.shape[1])
        self.at = stop

    def finish(self) -> None:
        """The last frames, after the last sample."""
        self._keep(self.lame.flush())

    def read(self, first: int, last: int) -> bytes:
        """The bytes of frames `first` to before `last`, numbered by the whole."""
        begin, end = self.position(first), self.position(last)
        self.file.seek(begin)
        return self.file.read(end - begin)

    def audible(self, first: int, last: int) -> list[bytes | None]:
        """What is played of these frames."""
        begin = self.position(first)
        return audible(self.read(first, last), [self.position(frame) - begin for frame in range(first, last + 1)])

    def position(self, frame: int) -> int:
        """Where a frame begins in the file."""
        index = frame - self.first
        return self.offsets[index] if index < len(self.offsets) else self.length_bytes

    @property
    def end(self) -> int:
        """The number after that of the last whole frame."""
        return self.first + len(self.offsets)

    def _keep(self, made: bytes) -> None:
        """LAME gives bytes as they come; a frame counts when it is whole."""
        self.file.seek(0, 2)
        self.file.write(made)
        content = self._rest + made
        done = 0
        for at, header in mpeg.frames(content):
            self.offsets.append(self.length_bytes + at)
            done = at + header.length
        self.length_bytes += done
        self._rest = content[done:]


@dataclass(frozen=True)
class Encoded:
    """The frames of a whole master begin at `first_byte` of its file, behind a frame that says how many they are.
    `offsets` (the last is the end) count from there; `padding` are the samples that fill the last frame."""

    first_byte: int
    offsets: Offsets
    padding: int


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
        return _joined(segments, length, path)


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


def _joined(segments: Sequence[Segment], length: int, path: Path) -> Encoded:
    info = info_frame(segments[0].read(segments[0].first, segments[0].first + 1), [0], 1)
    with path.open("wb") as whole:
        whole.write(info)
        first, offsets = 0, array("q", [0])
        last = segments[0]
        for following in segments[1:]:
            seam = _seam(last, following, length)
            if seam is None:
                continue
            offsets += _copied(last, first, seam, whole, len(info))
            first, last = seam, following
        if last is not segments[-1]:
            last.finish()
        offsets += _copied(last, first, last.end, whole, len(info))
        whole.seek(0)
        whole.write(info_frame(info[:4], offsets[:-1], offsets[-1]))
    return Encoded(len(info), offsets, last.lame.padding)


def _seam(left: Segment, right: Segment, length: int) -> int | None:
    """The frame from which on the right segment is as good as the left, which runs on until there is one.

    None where the left one came to the end of the sound without it: then the right one is not needed.
    """
    looked = right.first
    while True:
        seam = _first_equal(left, right, looked)
        if seam is not None:
            return seam
        if left.at >= length:
            return None
        looked = max(right.first, left.end - _EQUAL)
        left.run(min(length, left.at + _FURTHER * FRAME))


def _first_equal(left: Segment, right: Segment, first: int) -> int | None:
    end = min(left.end, right.end)
    if end <= first:
        return None
    run = 0
    for frame, (a, b) in enumerate(zip(left.audible(first, end), right.audible(first, end), strict=True), start=first):
        run = run + 1 if a is not None and a == b else 0
        if run == _EQUAL:
            return frame - _EQUAL // 3
    return None


def _copied(segment: Segment, first: int, last: int, whole: BinaryIO, first_byte: int) -> Offsets:
    """Where each of these frames ends, counted from `first_byte` of the whole."""
    step, shift = 4096, whole.tell() - first_byte - segment.position(first)
    whole.writelines(segment.read(at, min(at + step, last)) for at in range(first, last, step))
    return array("q", (segment.position(frame) + shift for frame in range(first + 1, last + 1)))
