"""A segment of a sound at the encoder: its frames in a file of its own, each with its place."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import BinaryIO, TypeAlias

from pillarcast.audio.mp3 import mpeg
from pillarcast.audio.mp3.audible import audible
from pillarcast.audio.mp3.lame import Lame
from pillarcast.audio.progress import Tally
from pillarcast.audio.sound import Sound

FRAME = 1152
_TURN_S = 20
"""What a thread encodes before it looks which segment has most left."""

Offsets: TypeAlias = "array[int]"
"""Eight bytes each: three hours are 400,000 frames, and a list takes five times as much for them."""


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
        places = mpeg.places(content)
        self.offsets.extend(self.length_bytes + at for at in places[:-1])
        self.length_bytes += places[-1]
        self._rest = content[places[-1] :]
