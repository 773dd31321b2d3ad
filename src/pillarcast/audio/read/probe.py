"""A quick look at a recording, as plain values."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from av.container import InputContainer

from pillarcast.audio.read.opening import audio_stream, opened, pictures
from pillarcast.audio.read.shape import shape_of
from pillarcast.model.base import cleaned

_MOST_ARTWORK_BYTES = 20 << 20
_MOST_DIGITS = 5


def probed(recording: Path) -> dict[str, Any]:
    """The fields of a Probe; its artwork in base64."""
    shape = shape_of(recording)
    with opened(recording) as container:
        stream = audio_stream(container, recording.name)
        said = {key.lower(): value for key, value in {**stream.metadata, **container.metadata}.items()}
        return {
            "duration_s": shape.claimed_s,
            "title": _first(said, "title"),
            "chapters": _chapters(container),
            "artwork": _artwork(container),
            "sample_rate_hz": shape.rate_hz,
            "channels": shape.channels,
            "codec": shape.codec,
            "number": _number(_first(said, "track", "tracknumber")),
            "summary": _first(said, "description", "comment", "synopsis"),
        }


def _first(said: Mapping[str, str], *names: str) -> str:
    return next((cleaned(said[name]).strip() for name in names if said.get(name, "").strip()), "")


def _number(text: str) -> int | None:
    digits = text.partition("/")[0].strip()
    return int(digits) or None if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS else None


def _chapters(container: InputContainer) -> list[dict[str, Any]]:
    found: dict[float, str] = {}
    for chapter in container.chapters():
        start_s = max(0.0, round(float(chapter["start"] * (chapter["time_base"] or 0)), 3))
        title = cleaned(chapter["metadata"].get("title", "")).strip()
        found.setdefault(start_s, title or f"Chapter {len(found) + 1}")
    return [{"start_s": start_s, "title": found[start_s]} for start_s in sorted(found)]


def _artwork(container: InputContainer) -> str | None:
    for stream in pictures(container):
        for packet in container.demux(stream):
            if 0 < packet.size <= _MOST_ARTWORK_BYTES:
                return base64.b64encode(bytes(packet)).decode()
    return None
