"""All episodes, newest first, with the search over them."""

from __future__ import annotations

from collections.abc import Iterator

from pillarcast.model.published import Published
from pillarcast.model.wanted import WantedObject
from pillarcast.render.pages.frame import Frame
from pillarcast.render.pages.listing import Listing, blocks_of
from pillarcast.render.pages.paths import ARCHIVE


def archive_objects(frame: Frame) -> Iterator[WantedObject]:
    view = frame.view
    listing = Listing(ARCHIVE, "All episodes", "All episodes", "archive.html")
    first = {"blocks": len(blocks_of(view.episodes)), "has_topics": any(map(_has_topic, view.episodes))}
    for page in listing.pages(frame.teasers, first):
        yield frame.wanted(page)


def _has_topic(episode: Published) -> bool:
    return bool(episode.episode.tags or episode.episode.people or episode.episode.season)
