"""What a recording is made of, as its header and its first frame say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.packet import Packet

from pillarcast.audio.read import matroska
from pillarcast.audio.read.claims import claimed_s
from pillarcast.audio.read.opening import audio_stream, has_film, opened, packets
from pillarcast.errors import RecordingRefused

_OF_44K1 = {11025, 22050, 44100, 88200, 176400}
_PACKETS_TO_TRY = 50
_MISREAD = {"pcm_f16le", "pcm_f24le"}
"""FFmpeg takes 24 bits in 32 for an old floating point, as which one program wrote them; whole numbers become noise."""

_SLOWEST_HZ, _FASTEST_HZ = 4000, 768_000
"""Below, no speech can be understood, and a small file lasts for days; above, nobody records."""


@dataclass(frozen=True)
class Shape:
    """`claimed_s` is None where the file does not say; `first_byte` is where its first packet lies, if known."""

    codec: str
    container: str
    rate_hz: int
    channel_names: tuple[str, ...]
    claimed_s: float | None
    first_byte: int | None
    has_film: bool

    @property
    def channels(self) -> int:
        return len(self.channel_names)


def shape_of(path: Path) -> Shape:
    """RecordingRefused for what holds no sound."""
    with opened(path) as container:
        stream = audio_stream(container, path.name)
        frame, first_byte = _first_frame(packets(container, stream, path.name))
        if frame is None:
            raise _nothing_decoded(path)
        codec, rate_hz = stream.codec_context.name.removesuffix("float"), frame.sample_rate
        if codec in _MISREAD:
            what = "holds samples in places wider than they are, which programs read in two ways"
            raise RecordingRefused(path.name, what, "Export it again as WAV with 24 bits, or as FLAC.")
        if not _SLOWEST_HZ <= rate_hz <= _FASTEST_HZ:
            what = f"has {rate_hz} samples a second, which is no sound"
            raise RecordingRefused(path.name, what, "Export it again as WAV or FLAC with 48000.")
        names = tuple(channel.name for channel in frame.layout.channels)
        stream_s = float(stream.duration * stream.time_base) if stream.duration and stream.time_base else None
        claim = claimed_s(path, container.format.name, stream_s, rate_hz * len(names) * pcm_bytes(codec))
        film = has_film(container)
        is_alone = not film and len(container.streams.audio) == 1  # else what else there is may be longer
        if claim is None and is_alone and container.format.name.startswith("matroska"):
            claim = matroska.claimed_s(path)
        return Shape(codec, container.format.name, rate_hz, names, claim, first_byte, film)


def pcm_bytes(codec: str) -> int:
    """Bytes of a sample, as the names of FFmpeg's PCM codecs tell; 0 for compressed audio."""
    bits = re.fullmatch(r"pcm_[sfu](8|16|24|32|64)(?:le|be)?", codec)
    return int(bits[1]) // 8 if bits else 0


def output_rate(rate_hz: int) -> int:
    """44.1 kHz for its multiples, 48 kHz for all else: what every player takes."""
    return 44100 if rate_hz in _OF_44K1 else 48000


def _first_frame(packets: Iterable[Packet[AudioStream]]) -> tuple[AudioFrame | None, int | None]:
    first_byte = None
    for number, packet in enumerate(packets):
        if number == 0:
            first_byte = packet.pos
        if number > _PACKETS_TO_TRY:
            break
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in frames:
            if isinstance(frame, AudioFrame) and frame.samples and frame.sample_rate:
                return frame, first_byte
    return None, None


def _nothing_decoded(path: Path) -> RecordingRefused:
    return RecordingRefused(path.name, "holds no sound that can be decoded", "Export it again as WAV, FLAC or MP3.")
