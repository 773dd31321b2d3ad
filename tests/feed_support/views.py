"""Views to render, and the bytes that renderers are given for them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pillarcast.model.addresses import FEED, Addresses, media_key
from pillarcast.model.base import FileRef
from pillarcast.model.episode import Episode
from pillarcast.model.published import Enclosure, Published
from pillarcast.model.show import About, Feed, Mastering, Show
from pillarcast.model.view import View
from pillarcast.model.wanted import WantedObject
from pillarcast.render.feed import feed_objects

ADDRESSES = Addresses(public_url="https://cdn.example.com/show")
SHOW_GUID = "9b024349-ccf0-5f69-a609-6b82873eab3c"
FIRST = datetime(2026, 1, 1, 11, 0, tzinfo=UTC)
ARTWORK = FileRef(key="private/files/a.jpg", sha256="a" * 64, length_bytes=3, media_type="image/jpeg")
ABOUT = About(
    title="Good Standing", description="Careers, managed on purpose.", host="Helen Marlowe", email="h@example.com"
)

Bodies = dict[str, bytes]


def notes_key(notes: str) -> str:
    return f"private/files/{hashlib.sha256(notes.encode()).hexdigest()}.md"


def published(number: int, notes: str = "", **words: Any) -> Published:
    """Episode `number` of a weekly show, with an hour of its own."""
    sha256 = hashlib.sha256(f"audio {number}".encode()).hexdigest()
    slug = f"episode-{number}"
    key = media_key(sha256, slug, "audio/mpeg")
    said = {"title": f"Episode about {number}", "number": number + 1, **words}
    ref = FileRef(key=notes_key(notes), sha256="b" * 64, length_bytes=1, media_type="text/markdown") if notes else None
    return Published(
        guid=f"guid-{number}",
        slug=slug,
        episode=Episode(**said),
        published_at=FIRST + timedelta(weeks=number),
        enclosure=Enclosure(
            url=ADDRESSES.of(key), length_bytes=30_000_000 + number, media_type="audio/mpeg", sha256=sha256, key=key
        ),
        duration_s=1800.4 + number,
        page_url=ADDRESSES.page(slug),
        notes=ref,
    )


def view_of(episodes: list[Published], about: About = ABOUT, **feed: Any) -> View:
    """A view of episodes, in whatever order they come."""
    formats = [second.format for second in feed.get("second", ())]
    newest_first = sorted(episodes, key=lambda one: (one.published_at, one.guid), reverse=True)
    return View(
        show=Show(show=about, feed=Feed(**feed), master=Mastering(formats=("mp3", *formats))),
        show_guid=SHOW_GUID,
        addresses=ADDRESSES,
        artwork=ARTWORK,
        episodes=tuple(newest_first),
    )


def bodies_of(*notes: str) -> Bodies:
    return {notes_key(text): text.encode() for text in notes if text}


def render_all(
    view: View, bodies: Mapping[str, bytes], objects: Callable[[View], tuple[WantedObject, ...]] = feed_objects
) -> Bodies:
    """Every object as the pipeline would make it: in the order of the steps, each given only what it needs."""
    made = dict(bodies)
    for wanted in sorted(objects(view), key=lambda thing: thing.step):
        made[wanted.key] = wanted.render({key: made[key] for key in wanted.needs})
    return made


def render_feed(view: View, bodies: Mapping[str, bytes] | None = None) -> bytes:
    return render_all(view, bodies or {})[FEED]
