"""Feeds beside the main one that carry the same show with the audio of another format."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from pillarcast.model.feed_show import SecondFeed
from pillarcast.model.published import Enclosure, Published
from pillarcast.model.view import View

MEDIA_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/x-m4a", "opus": "audio/ogg"}


def second_key(second: SecondFeed) -> str:
    return f"public/feed-{second.format}.xml"


def second_views(view: View) -> Iterator[tuple[SecondFeed, View]]:
    """The view of each further format. An episode that was not made in it keeps its main audio."""
    for second in view.show.feed.second:
        media_type = MEDIA_TYPES[second.format]
        title = second.title or f"{view.show.show.title} ({second.format.upper()})"
        about = view.show.show.model_copy(update={"title": title})
        changes = {
            "show": view.show.model_copy(update={"show": about}),
            "show_guid": str(uuid.uuid5(_namespace(view.show_guid), second.format)),
            "episodes": tuple(_with_format(published, media_type) for published in view.episodes),
        }
        yield second, view.model_copy(update=changes)


def _namespace(show_guid: str) -> uuid.UUID:
    """No two feeds may share a podcast:guid, and each must keep its own when the address changes."""
    try:
        return uuid.UUID(show_guid)
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_URL, show_guid)


def _with_format(published: Published, media_type: str) -> Published:
    every: tuple[Enclosure, ...] = (published.enclosure, *published.alternates)
    chosen = next((enclosure for enclosure in every if enclosure.media_type == media_type), published.enclosure)
    others = tuple(enclosure for enclosure in every if enclosure is not chosen)
    return published.model_copy(update={"enclosure": chosen, "alternates": others})
