"""A quick look at a recording: what its own tags say, without decoding it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import av

from pillarcast.audio.opening import audio_stream, opened, pictures
from pillarcast.audio.recording import shape_of
from pillarcast.model.base import cleaned
from pillarcast.model.chapters import Chapter


@dataclass(frozen=True)
class Probe:
    """What a recording says of itself; empty where it says nothing. `duration_s` is its claim, not yet decoded."""

    duration_s: float | None
    title: str
    chapters: tuple[Chapter, ...]
    artwork: bytes | None
    sample_rate_hz: int
    channels: int
    codec: str
    number: int | None
    summary: str


def probe(recording: Path) -> Probe:
    """RecordingRefused for what holds no sound."""
    shape = shape_of(recording)
    with opened(recording) as container:
        stream = audio_stream(container, recording.name)
        said = {key.lower(): value for key, value in {**stream.metadata, **container.metadata}.items()}
        return Probe(
            duration_s=shape.claimed_s,
            title=_first(said, "title"),
            chapters=_chapters(container),
            artwork=_artwork(container),
            sample_rate_hz=shape.rate_hz,
            channels=len(shape.channel_names),
            codec=shape.codec,
            number=_number(_first(said, "track", "tracknumber")),
            summary=_first(said, "description", "comment", "synopsis"),
        )


def _first(said: Mapping[str, str], *names: str) -> str:
    return next((cleaned(said[name]).strip() for name in names if said.get(name, "").strip()), "")


def _number(text: str) -> int | None:
    digits = text.partition("/")[0].strip()
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < int(digits) < 100_000 else None


def _chapters(container: av.container.InputContainer) -> tuple[Chapter, ...]:
    found: dict[float, Chapter] = {}
    for chapter in container.chapters():
        start_s = max(0.0, round(float(chapter["start"] * (chapter["time_base"] or 0)), 3))
        title = cleaned(chapter["metadata"].get("title", "")).strip()
        found.setdefault(start_s, Chapter(start_s=start_s, title=title or f"Chapter {len(found) + 1}"))
    return tuple(found[start] for start in sorted(found))


def _artwork(container: av.container.InputContainer) -> bytes | None:
    for stream in pictures(container):
        for packet in container.demux(stream):
            if packet.size:
                return bytes(packet)
    return None
