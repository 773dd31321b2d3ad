"""A recording of any format as a sound: decoded from its beginning, resampled and mixed down on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from pillarcast.audio.claims import claimed_s
from pillarcast.audio.downmix import downmix
from pillarcast.audio.opening import audio_stream, has_film, opened
from pillarcast.audio.sound import Pcm, cut
from pillarcast.errors import RecordingRefused

_OF_44K1 = {11025, 22050, 44100, 88200, 176400}


@dataclass(frozen=True)
class Shape:
    """What a recording is made of, as its header and first frame say."""

    codec: str
    container: str
    rate_hz: int
    channel_names: tuple[str, ...]
    claimed_s: float | None
    has_film: bool


def shape_of(path: Path) -> Shape:
    """RecordingRefused for what holds no sound."""
    with opened(path) as container:
        stream = audio_stream(container, path.name)
        frame = _first_frame(container, stream)
        if frame is None:
            raise _nothing_decoded(path)
        names = tuple(channel.name for channel in frame.layout.channels)
        codec, rate_hz = stream.codec_context.name.removesuffix("float"), frame.sample_rate
        stream_s = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else None
        pcm_rate = rate_hz * len(names) * _pcm_bytes(codec)
        claim = claimed_s(path, container.format.name, stream_s, pcm_rate)
        return Shape(codec, container.format.name, rate_hz, names, claim, has_film(container))


def _pcm_bytes(codec: str) -> int:
    """Bytes of a sample, as the names of FFmpeg's PCM codecs tell; 0 for compressed audio."""
    bits = re.fullmatch(r"pcm_[sfu](8|16|24|32|64)(?:le|be)?", codec)
    return int(bits[1]) // 8 if bits else 0


def output_rate(rate_hz: int) -> int:
    """44.1 kHz for its multiples, 48 kHz for all else: what every player takes."""
    return 44100 if rate_hz in _OF_44K1 else 48000


class Recording:
    """The sound of a file. `lost_s` are the times of packets that could not be decoded, after a full read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shape = shape_of(path)
        self.rate_hz = output_rate(self.shape.rate_hz)
        self.matrix = downmix(self.shape.channel_names)
        self.channels = len(self.shape.channel_names) if self.matrix is None else len(self.matrix)
        self.lost_s: list[float] = []

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        """Decodes from the beginning whatever `start` is: no seek in a compressed file is exact to the sample."""
        yield from cut(self._resampled(), start, stop - start)

    def _resampled(self) -> Iterator[Pcm]:
        resampler: AudioResampler | None = None
        setup: tuple[object, ...] = ()
        for frame in self._frames():
            if resampler is None or setup != _setup(frame):
                yield from self._converted(resampler, None)
                setup = _setup(frame)
                resampler = AudioResampler(format="fltp", layout=frame.layout, rate=self.rate_hz)
            yield from self._converted(resampler, frame)
        yield from self._converted(resampler, None)

    def _converted(self, resampler: AudioResampler | None, frame: AudioFrame | None) -> Iterator[Pcm]:
        if resampler is None:
            return
        for piece in resampler.resample(frame):
            if piece.samples:
                yield self._mixed(np.asarray(piece.to_ndarray(), np.float32))

    def _mixed(self, pcm: Pcm) -> Pcm:
        if self.matrix is not None and self.matrix.shape[1] == len(pcm):
            return self.matrix @ pcm
        if len(pcm) == self.channels:
            return pcm
        # The number of channels changed in mid-file: what was joined of two files plays on.
        mono = pcm.mean(axis=0, dtype=np.float32, keepdims=True)
        return np.repeat(mono, self.channels, axis=0)

    def _frames(self) -> Iterator[AudioFrame]:
        self.lost_s.clear()
        with opened(self.path) as container:
            stream = audio_stream(container, self.path.name)
            decoded = 0
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except av.error.FFmpegError:
                    self.lost_s.append(decoded / self.shape.rate_hz)
                    continue
                for frame in frames:
                    assert isinstance(frame, AudioFrame)
                    decoded += frame.samples
                    yield frame


def _setup(frame: AudioFrame) -> tuple[object, ...]:
    return frame.sample_rate, frame.layout.name, frame.format.name


def _first_frame(container: InputContainer, stream: AudioStream, attempts: int = 50) -> AudioFrame | None:
    for number, packet in enumerate(container.demux(stream)):
        if number > attempts:
            break
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in frames:
            if isinstance(frame, AudioFrame) and frame.samples and frame.sample_rate:
                return frame
    return None


def _nothing_decoded(path: Path) -> RecordingRefused:
    return RecordingRefused(path.name, "holds no sound that can be decoded", "Export it again as WAV, FLAC or MP3.")
