"""The frames of an MP3 as a sound that seeks: each stretch decoded with enough frames before it to be exact."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

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

_AT_ONCE = 42
"""Frames, about a second."""

_PIECE = 1 << 23
_SILENCE = np.zeros(FRAME, np.float32)


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
        at, decoded = first * FRAME - LEAD, self._decoded(first, last)
        while frames := list(islice(decoded, _AT_ONCE)):
            pcm = self._samples(frames)
            yield pcm[:, max(start - at, 0) : stop - at]
            at += pcm.shape[1]
        self.let_go()

    def pieces(self) -> Iterator[memoryview]:
        """All bytes, eight megabytes at a time."""
        for at in range(0, len(self.content), _PIECE):
            yield self.content.data[at : at + _PIECE]
            self.let_go()

    def _samples(self, frames: list[AudioFrame | None]) -> Pcm:
        """All planes of a channel in one copy: by the frame, Python would take longer than the decoder."""
        silence = (_SILENCE,) * self.channels
        planes = zip(*(frame.planes if frame else silence for frame in frames), strict=False)
        pcm = np.empty((self.channels, len(frames) * FRAME), np.float32)
        for channel, plane in zip(pcm, planes, strict=True):
            np.concatenate([np.frombuffer(samples, np.float32, FRAME) for samples in plane], out=channel)
        return pcm

    def _decoded(self, first: int, last: int) -> Iterator[AudioFrame | None]:
        """None for silence: the bits that a frame leans on were not there."""
        decoder = av.CodecContext.create("mp3float", "r")
        assert isinstance(decoder, AudioCodecContext)
        decode, packet, view = decoder.decode, av.Packet, self.content.data
        begin = max(first - _RESERVOIR, 0)
        for number, (at, end) in enumerate(pairwise(self.offsets[begin : last + 1].tolist()), start=begin):
            try:
                frames = decode(packet(bytes(view[at:end])))
            except av.error.FFmpegError:
                frames = []
            if number >= first:
                yield frames[0] if frames else None


def stream_of(
    content: npt.NDArray[np.uint8], offsets: Sequence[int], let_go: Callable[[], object] = lambda: None
) -> Stream:
    """The stream of bytes that are frames from beginning to end, all of the first one's rate and channels."""
    header = parse_header(content[:4].tobytes())
    assert header is not None, "a stream begins with a frame"
    return Stream(content, np.array(offsets, np.int64), header, let_go)
