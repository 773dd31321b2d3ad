"""Chapters: ascending times with titles, as every format that we write wants them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import Field

from pillarcast.model.base import CleanText, Value

_STAMP = re.compile(r"^(?:(?:(\d+):)?([0-5]?\d):)?([0-5]?\d(?:\.\d+)?)$")


class Chapter(Value):
    """`start_s` counts from the first sample of the master."""

    start_s: float = Field(ge=0)
    title: CleanText
    url: CleanText = ""
    image: CleanText = ""
    is_silent: bool = False


def parse_stamp(text: str) -> float:
    """`1:02:03.5`, `02:03` or `3` in seconds. ValueError for anything else."""
    match = _STAMP.match(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no time; write 12:34 or 1:02:03")
    hours, minutes, seconds = match.groups()
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(seconds)


def render_stamp(seconds: float) -> str:
    """Seconds as `1:02:03` or `2:03`, cut to whole seconds."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def shifted(chapters: Sequence[Chapter], by_s: float, duration_s: float) -> tuple[Chapter, ...]:
    """The chapters after `by_s` seconds were put in front (or cut away, when negative), none past the end."""
    moved = [chapter.model_copy(update={"start_s": max(0.0, chapter.start_s + by_s)}) for chapter in chapters]
    kept: dict[float, Chapter] = {chapter.start_s: chapter for chapter in moved if chapter.start_s < duration_s}
    return tuple(kept.values())
