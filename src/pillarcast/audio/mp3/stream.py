"""The frames of an MP3 as a sound that seeks: each stretch decoded with enough frames before it to be exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext

from pillarcast.audio.mp3.lame import ENCODER_DELAY
from pillarcast.audio.mp3.mpeg import Header, parse_header
from pillarcast.audio.sound import Pcm

FRAME = 1152
"""Samples in a frame of MPEG-1 layer III."""

DECODER_DELAY = 529
"""Samples by which every layer III decoder lags behind."""

LEAD = ENCODER_DELAY + DECODER_DELAY
"""Samples of a stream made by LAME before the first of the sound."""

_RESERVOIR = 12
"""Frames that a frame may lean on: for its bits, for overlap, and for the filter bank."""

_AT_ONCE = 168
"""Frames, about four seconds: one at a time, Python takes as long as the decoder."""

_PIECE = 1 << 23


@dataclass(frozen=True)
class Stream:
    """MPEG-1 frames at `offsets` of `content`, as LAME made them; the last offset is the end.

    `let_go` is called when a stretch was read: what is mapped of it need not stay in memory.
    """

    content: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    header: Header
    let_go: Callable[[], object] = lambda: None
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
        first, last = (start + LEAD) // FRAME, min(-(-(stop + LEAD) // FRAME), self.frames)
        decoder = self._warmed(first)
        for frame in range(first, last, _AT_ONCE):
            pcm = self._decoded(decoder, frame, min(frame + _AT_ONCE, last))
            at = frame * FRAME - LEAD
            yield pcm[:, max(start - at, 0) : stop - at]
        self.let_go()

    def pieces(self) -> Iterator[memoryview]:
        """All bytes, eight megabytes at a time."""
        for at in range(0, len(self.content), _PIECE):
            yield self.content.data[at : at + _PIECE]
            self.let_go()

    def _warmed(self, first: int) -> AudioCodecContext:
        """A decoder that has heard what comes before; the bits that the first of that lean on are not there."""
        decoder = av.CodecContext.create("mp3float", "r")
        assert isinstance(decoder, AudioCodecContext)
        for frame in range(max(first - _RESERVOIR, 0), first):
            with suppress(av.error.FFmpegError):
                decoder.decode(self._packet(frame, frame + 1))
        return decoder

    def _decoded(self, decoder: AudioCodecContext, first: int, last: int) -> Pcm:
        """ValueError where it is not all there: FFmpeg takes many frames in a packet, and gives each."""
        planes = zip(*(frame.planes for frame in decoder.decode(self._packet(first, last))), strict=True)
        pcm = np.empty((self.channels, (last - first) * FRAME), np.float32)
        for channel, plane in zip(pcm, planes, strict=True):
            np.concatenate([np.frombuffer(samples, np.float32, FRAME) for samples in plane], out=channel)
        return pcm

    def _packet(self, first: int, last: int) -> av.Packet[Any]:
        return av.Packet(bytes(self.content[self.offsets[first] : self.offsets[last]]))


def stream_of(
    content: npt.NDArray[np.uint8], offsets: Sequence[int], let_go: Callable[[], object] = lambda: None
) -> Stream:
    """The stream of bytes that are frames from beginning to end, all of the first one's rate and channels."""
    header = parse_header(content[:4].tobytes())
    assert header is not None, "a stream begins with a frame"
    return Stream(content, np.array(offsets, np.int64), header, let_go)
