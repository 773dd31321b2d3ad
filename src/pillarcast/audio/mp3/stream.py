"""The frames of an MP3 of ours as a sound that seeks: each stretch decoded with enough before it to be exact.

By libsndfile (mpg123): it decodes seconds in one call, while other threads have Python. PyAV comes back to Python for
each frame, so that two threads were no faster than one.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import local

import numpy as np
import numpy.typing as npt
from soundfile import SoundFile

from pillarcast.audio.mp3.lame import ENCODER_DELAY
from pillarcast.audio.mp3.mpeg import Header, parse_header
from pillarcast.audio.sound import AT_ONCE_S, Pcm

FRAME = 1152
"""Samples in a frame of MPEG-1 layer III."""

DECODER_DELAY = 529
"""Samples by which every layer III decoder lags behind."""

LEAD = ENCODER_DELAY + DECODER_DELAY
"""Samples of a stream made by LAME before the first of the sound."""

_RESERVOIR = 14
"""Frames that a frame may lean on: for its bits, for overlap, and for the filter bank."""

_DECODED_S = 10
"""Seconds that are decoded in one call: after each call the decoder goes to where it is already, and for that it begins
again some frames before. It was a sixth of its time with two seconds."""

_PIECE = 1 << 23


@dataclass(frozen=True)
class Stream:
    """MPEG-1 frames as LAME made them, at `offsets` of `content`; the last offset is the end. They are the end of the
    file at `path`, behind an Info frame without delays: then a decoder leaves out its own, and nothing else.

    `let_go` is called now and then: what is mapped of it need not stay in memory.
    """

    path: Path
    content: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    header: Header
    let_go: Callable[[], object] = lambda: None
    _of_thread: local = field(default_factory=local, compare=False, repr=False)
    seeks = True

    @property
    def rate_hz(self) -> int:
        return self.header.rate_hz

    @property
    def channels(self) -> int:
        return self.header.channels

    @property
    def frames(self) -> int:
        return len(self.offsets) - 1

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        """ValueError where the frames are not all there."""
        decoder = self._decoder()
        at, end = start + ENCODER_DELAY, min(stop + ENCODER_DELAY, self.frames * FRAME - DECODER_DELAY)
        decoded, at_once = _DECODED_S * self.rate_hz, AT_ONCE_S * self.rate_hz
        for first in range(at, end, decoded):
            goes_on = first > at and decoder.tell() == first
            interleaved = self._decoded(decoder, first, min(first + decoded, end), 0 if goes_on else _RESERVOIR * FRAME)
            for place in range(0, len(interleaved), at_once):
                yield np.ascontiguousarray(interleaved[place : place + at_once].T)
        self.let_go()

    def pieces(self) -> Iterator[memoryview]:
        """All bytes, eight megabytes at a time."""
        for at in range(0, len(self.content), _PIECE):
            yield self.content.data[at : at + _PIECE]
            self.let_go()

    def _decoded(self, decoder: SoundFile, first: int, last: int, warming: int) -> npt.NDArray[np.float32]:
        """Shape (samples, channels). `warming` samples before `first` are decoded and dropped; with none the decoder
        goes on from where it is."""
        warming = min(warming, first)
        wanted = last - first + warming
        if warming:
            decoder.seek(first - warming)
        interleaved = decoder.read(wanted, dtype="float32", always_2d=True)
        if len(interleaved) < wanted:
            raise ValueError(f"of {wanted} samples from {first - warming} on, {len(interleaved)} are there")
        return np.asarray(interleaved[warming:], np.float32)

    def _decoder(self) -> SoundFile:
        """One for each thread: it remembers where frames are."""
        if not hasattr(self._of_thread, "decoder"):
            self._of_thread.decoder = SoundFile(self.path)
        return self._of_thread.decoder


def stream_of(path: Path, first_byte: int, offsets: Sequence[int]) -> Stream:
    """The stream in a file, from `first_byte` on, all frames of the first one's rate and channels."""
    with path.open("r+b") as file:
        mapped = mmap.mmap(file.fileno(), 0)
    content = np.frombuffer(mapped, np.uint8)[first_byte:]
    header = parse_header(content[:4].tobytes())
    assert header is not None, "a stream begins with a frame"
    let_go = partial(mapped.madvise, mmap.MADV_DONTNEED)
    return Stream(path, content, np.array(offsets, np.int64), header, let_go)
