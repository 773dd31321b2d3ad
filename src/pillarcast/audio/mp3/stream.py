"""The frames of an MP3 as a sound that seeks: each stretch decoded with enough frames before it to be exact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

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


@dataclass(frozen=True)
class Stream:
    """MPEG-1 frames at `offsets` of `content`, as LAME made them; the last offset is the end."""

    content: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int64]
    header: Header
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
            pcm = np.zeros((self.channels, len(frames) * FRAME), np.float32)
            for place, frame in enumerate(frames):
                for channel, plane in enumerate(frame.planes if frame else ()):
                    pcm[channel, place * FRAME : (place + 1) * FRAME] = np.frombuffer(bytes(plane), np.float32, FRAME)
            yield pcm[:, max(start - at, 0) : stop - at]
            at += pcm.shape[1]

    def _decoded(self, first: int, last: int) -> Iterator[AudioFrame | None]:
        """None for silence: the bits that a frame leans on were not there."""
        decoder = av.CodecContext.create("mp3float", "r")
        assert isinstance(decoder, AudioCodecContext)
        begin, view = max(first - _RESERVOIR, 0), self.content.data
        for number, (at, end) in enumerate(pairwise(self.offsets[begin : last + 1].tolist()), start=begin):
            frame = _frame(decoder, av.Packet(bytes(view[at:end])))
            if number >= first:
                yield frame


def stream_of(content: npt.NDArray[np.uint8], offsets: Sequence[int]) -> Stream:
    """The stream of bytes that are frames from beginning to end, all of the first one's rate and channels."""
    header = parse_header(content[:4].tobytes())
    assert header is not None, "a stream begins with a frame"
    return Stream(content, np.array(offsets, np.int64), header)


def _frame(decoder: AudioCodecContext, packet: av.Packet[Any]) -> AudioFrame | None:
    try:
        frames = decoder.decode(packet)
    except av.error.FFmpegError:
        return None
    return next((frame for frame in frames if isinstance(frame, AudioFrame)), None)
