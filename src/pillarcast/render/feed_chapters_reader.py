"""Chapters of other hosts: JSON as the podcast namespace wants it, read without strictness."""

from __future__ import annotations

import json

from pillarcast.model.base import cleaned
from pillarcast.model.chapters import Chapter


def read_chapters(body: bytes) -> tuple[Chapter, ...]:
    """Ascending, each time once; empty where nothing can be made of it."""
    try:
        document = json.loads(body)
        listed = document["chapters"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
    found: dict[float, Chapter] = {}
    for entry in listed if isinstance(listed, list) else []:
        chapter = _chapter(entry)
        if chapter is not None:
            found.setdefault(chapter.start_s, chapter)
    return tuple(found[start] for start in sorted(found))


def _chapter(entry: object) -> Chapter | None:
    if not isinstance(entry, dict):
        return None
    try:
        start_s = round(float(entry.get("startTime", "nan")), 3)
        if not start_s >= 0:
            return None
        return Chapter(
            start_s=start_s,
            title=cleaned(str(entry.get("title") or "")),
            url=cleaned(str(entry.get("url") or "")),
            image=cleaned(str(entry.get("img") or "")),
            is_silent=entry.get("toc") is False,
        )
    except (ValueError, TypeError, OverflowError):
        return None
