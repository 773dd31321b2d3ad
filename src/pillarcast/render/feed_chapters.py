"""Chapters as JSON beside each episode: the form that apps read without opening the audio.

Source: Podcasting 2.0, `docs/examples/chapters/jsonChapters.md`, version 1.2.0.
"""

from __future__ import annotations

import json
from typing import Any

from pillarcast.model.base import digest
from pillarcast.model.chapters import Chapter
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import Step, WantedObject
from pillarcast.render.feed_links import chapters_key

VERSION = "1.2.0"


def chapters_objects(view: View) -> tuple[WantedObject, ...]:
    """One object for each live episode that has chapters."""
    return tuple(chapters_object(published) for published in view.episodes if published.episode.chapters)


def render_chapters(published: Published) -> bytes:
    document = {
        "version": VERSION,
        "title": published.episode.title,
        "chapters": [_entry(chapter) for chapter in published.episode.chapters],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def chapters_object(published: Published) -> WantedObject:
    """It stands before the feed names it."""
    body = render_chapters(published)
    return WantedObject(
        key=chapters_key(published.slug),
        media_type="application/json+chapters",
        inputs=digest(body),
        render=lambda _parts: body,
        step=Step.PAGES,
        title=f"chapters of “{published.episode.title}”",
    )


def _entry(chapter: Chapter) -> dict[str, Any]:
    start = int(chapter.start_s) if chapter.start_s.is_integer() else round(chapter.start_s, 3)
    said = {"startTime": start, "title": chapter.title, "img": chapter.image, "url": chapter.url}
    entry = {name: value for name, value in said.items() if value != ""}
    return {**entry, "toc": False} if chapter.is_silent else entry
