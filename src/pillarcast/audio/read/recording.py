"""A recording of any format as a sound: read as it lies where it is plain PCM, decoded otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from pillarcast.audio.read.downmix import downmix, mixed
from pillarcast.audio.read.endings import is_cut_off
from pillarcast.audio.read.opening import audio_stream, opened, packets
from pillarcast.audio.read.plain import Plain, plain
from pillarcast.audio.read.shape import output_rate, shape_of
from pillarcast.audio.sound import Pcm, cut

LONGEST_S = 12 * 3600
"""Ten hours of silence fit in seven megabytes: somewhere decoding has to end."""


class Recording:
    """The sound of a file at `rate_hz`, in one or two channels."""

    def __init__(self, path: Path, rate_hz: int | None = None) -> None:
        self.path, self.shape = path, shape_of(path)
        self.rate_hz = rate_hz or output_rate(self.shape.rate_hz)
        self.matrix = downmix(self.shape.channel_names)
        self.channels = self.shape.channels if self.matrix is None else len(self.matrix)
        self.plain: Plain | None = plain(path, self.shape) if self.rate_hz == self.shape.rate_hz else None
        self.packets = 0
        self.lost_s: list[float] = []
        """Times of packets that could not be decoded; like `packets`, known after a reading."""

    @property
    def seeks(self) -> bool:
        return self.plain is not None

    @property
    def most_samples(self) -> int:
        """How many there are, where that is known before decoding, or may be."""
        return LONGEST_S * self.rate_hz if self.plain is None else min(self.plain.length, LONGEST_S * self.rate_hz)

    @property
    def is_cut_off(self) -> bool:
        """Whether the file ends in the middle of something, though no header says how long it should be."""
        return self.shape.claimed_s is None and self.plain is None and is_cut_off(self.path, self.shape.container)

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        """Compressed audio is decoded from its beginning: no seek in it is exact to the sample."""
        if self.plain is not None:
            return (self._mixed(block) for block in self.plain.blocks(start, stop))
        if self.shape.rate_hz == self.rate_hz:
            return cut(self._decoded(start), start, stop - start)
        return cut(self._decoded(0), start, stop - start)

    def _decoded(self, unheard: int) -> Iterator[Pcm]:
        """All samples; the first `unheard` may be empty blocks of the right length, which costs nothing to make."""
        resampler: AudioResampler | None = None
        setup: tuple[object, ...] = ()
        for frame in self._frames():
            if unheard >= frame.samples and resampler is None:
                unheard -= frame.samples
                yield np.broadcast_to(np.float32(0), (self.channels, frame.samples))
                continue
            if setup != _setup(frame):
                yield from self._converted(resampler, None)
                setup = _setup(frame)
                resampler = AudioResampler(format=_format(frame), layout=frame.layout, rate=self.rate_hz)
            yield from self._converted(resampler, frame)
        yield from self._converted(resampler, None)

    def _converted(self, resampler: AudioResampler | None, frame: AudioFrame | None) -> Iterator[Pcm]:
        if resampler is None:
            return
        for piece in resampler.resample(frame):
            if piece.samples:
                yield self._mixed(_by_channel(piece))

    def _mixed(self, pcm: Pcm) -> Pcm:
        if self.matrix is not None and self.matrix.shape[1] == len(pcm):
            return mixed(self.matrix, pcm)
        if len(pcm) == self.channels:
            return pcm
        # The number of channels changed in mid-file: what was joined of two files plays on.
        mono = pcm.mean(axis=0, dtype=np.float32, keepdims=True)
        return np.repeat(mono, self.channels, axis=0)

    def _frames(self) -> Iterator[AudioFrame]:
        lost_s: list[float] = []
        self.lost_s = lost_s
        count = decoded = 0
        with opened(self.path) as container:
            stream = audio_stream(container, self.path.name)
            for packet in packets(container, stream, self.path.name):
                count += 1
                try:
                    frames = packet.decode()
                except av.error.FFmpegError:
                    lost_s.append(decoded / self.shape.rate_hz)
                    continue
                for frame in frames:
                    assert isinstance(frame, AudioFrame)
                    decoded += frame.samples
                    yield frame
        self.packets = count


def _setup(frame: AudioFrame) -> tuple[object, ...]:
    return frame.sample_rate, frame.layout.name, frame.format.name


def _format(frame: AudioFrame) -> str:
    """Eight channels apart take down the process, for PyAV looks for a ninth: many come interleaved."""
    return "flt" if frame.layout.nb_channels > 2 else "fltp"


def _by_channel(frame: AudioFrame) -> Pcm:
    pcm = np.asarray(frame.to_ndarray(), np.float32)
    return pcm if frame.format.is_planar else pcm.reshape(frame.samples, -1).T
