"""The frames of an MP3 as a sound that seeks: each stretch decoded with enough frames before it to be exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
import numpy.typing as npt
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame

from pillarcast.audio.mp3 import mpeg
from pillarcast.audio.mp3.lame import ENCODER_DELAY
from pillarcast.audio.mp3.mpeg import Header, parse_header
from pillarcast.audio.sound import Pcm

DECODER_DELAY = 529
"""Samples by which every layer III decoder lags behind."""

LEAD = ENCODER_DELAY + DECODER_DELAY
"""Samples of a stream made by LAME before the first of the sound."""

_RESERVOIR = 12
"""Frames that a frame may lean on: for its bits, for overlap, and for the filter bank."""

_AT_ONCE = 60


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
        first, last = (start + LEAD) // 1152, min(-(-(stop + LEAD) // 1152), self.frames)
        at = first * 1152 - LEAD
        waiting: list[Pcm] = []
        for frame in self._decoded(first, last):
            waiting.append(frame[:, max(start - at, 0) : stop - at])
            at += frame.shape[1]
            if len(waiting) == _AT_ONCE:
                yield np.concatenate(waiting, axis=1)
                waiting = []
        if waiting:
            yield np.concatenate(waiting, axis=1)

    def _decoded(self, first: int, last: int) -> Iterator[Pcm]:
        decoder = av.CodecContext.create("mp3float", "r")
        assert isinstance(decoder, AudioCodecContext)
        for number in range(max(first - _RESERVOIR, 0), last):
            packet = av.Packet(self.content[self.offsets[number] : self.offsets[number + 1]].tobytes())
            frame = _frame(decoder, packet)
            if number >= first:
                yield np.zeros((self.channels, 1152), np.float32) if frame is None else frame


def index(content: memoryview) -> npt.NDArray[np.int64]:
    """Where each frame begins, and where the last ends."""
    offsets, end = [], 0
    for at, header in mpeg.frames(content):
        offsets.append(at)
        end = at + header.length
    return np.array([*offsets, end], np.int64)


def stream_of(content: npt.NDArray[np.uint8]) -> Stream:
    """The stream of bytes that are frames from beginning to end, all of the first one's rate and channels."""
    header = parse_header(content[:4].tobytes())
    assert header is not None, "a stream begins with a frame"
    return Stream(content, index(content.data), header)


def _frame(decoder: AudioCodecContext, packet: av.Packet[Any]) -> Pcm | None:
    """None where the bits that a frame leans on were not there."""
    try:
        frames = decoder.decode(packet)
    except av.error.FFmpegError:
        return None
    for frame in frames:
        if isinstance(frame, AudioFrame):
            return np.asarray(frame.to_ndarray(), np.float32)
    return None
