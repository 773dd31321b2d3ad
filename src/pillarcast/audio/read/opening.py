"""Opening a file that somebody else made: by content, from this disk only, with refusals in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Disposition
from av.video.stream import VideoStream

from pillarcast.errors import RecordingRefused

# A playlist in disguise would make the demuxer open other files, or call other hosts.
_DEMUXERS = "wav,w64,aiff,caf,au,flac,mp3,mov,mp4,m4a,ogg,aac,matroska,webm,asf,amr,wv,ape,tta,ac3,eac3,dts"
_OPTIONS = {"format_whitelist": _DEMUXERS, "protocol_whitelist": "file"}
_PROTECTED = {"drms", "enca"}

KINDS = "WAV, FLAC, AIFF, MP3, M4A, AAC, OGG or Opus"

av.logging.set_level(av.logging.PANIC)


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The container, closed afterwards. RecordingRefused where it holds nothing that we know."""
    if path.stat().st_size == 0:
        raise RecordingRefused(path.name, "the file is empty", "Copy it again from where it was recorded.")
    try:
        container = av.open(f"file:{path.absolute()}", options=_OPTIONS, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError) as error:
        raise _unknown(path) from error
    with container:
        yield container


def audio_stream(container: InputContainer, name: str) -> AudioStream:
    """The first audio stream. RecordingRefused where there is none, or it is locked."""
    if not container.streams.audio:
        what = "holds pictures but no sound" if container.streams.video else "holds no sound"
        raise RecordingRefused(name, what, f"Export the sound as {KINDS}.")
    stream = container.streams.audio[0]
    if stream.codec_context is None:
        raise RecordingRefused(name, "holds sound of a kind that we cannot decode", f"Export it as {KINDS}.")
    if str(stream.codec_context.codec_tag) in _PROTECTED:
        raise RecordingRefused(name, "is locked by copy protection", "Export it without protection.")
    return stream


def packets(container: InputContainer, stream: AudioStream, name: str) -> Iterator[Packet[AudioStream]]:
    """All of a stream's. RecordingRefused where the file cannot be read on, whatever its packets are."""
    try:
        yield from container.demux(stream)
    except av.error.FFmpegError as error:
        what = "cannot be read to its end: it is damaged, or joined of parts that are not alike"
        raise RecordingRefused(name, what, f"Export it again as {KINDS}.") from error


def pictures(container: InputContainer) -> Iterator[VideoStream]:
    """Streams that hold embedded artwork, not film."""
    return (stream for stream in container.streams.video if _is_picture(stream))


def has_film(container: InputContainer) -> bool:
    """Whether there are moving pictures beside the sound."""
    return any(not _is_picture(stream) for stream in container.streams.video)


def _is_picture(stream: VideoStream) -> bool:
    return bool(stream.disposition & Disposition.attached_pic)


def _unknown(path: Path) -> RecordingRefused:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return RecordingRefused(
            path.name,
            "its table of contents is missing: the copy is incomplete, or the recorder was stopped before it finished",
            "Copy it again from where it was recorded.",
        )
    return RecordingRefused(path.name, "is not an audio file that we know", f"Export it as {KINDS}.")
