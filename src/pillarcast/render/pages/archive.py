"""All episodes, newest first, with the search over them."""

from __future__ import annotations

from collections.abc import Iterator

from pillarcast.model.card import Card
from pillarcast.model.wanted import WantedObject
from pillarcast.render.pages.frame import Frame
from pillarcast.render.pages.listing import Listing, blocks_of
from pillarcast.render.pages.paths import ARCHIVE


def archive_objects(frame: Frame) -> Iterator[WantedObject]:
    listing = Listing(ARCHIVE, "All episodes", "All episodes", "archive.html")
    first = {"blocks": len(blocks_of(frame.cards)), "has_topics": any(map(_has_topic, frame.cards))}
    for page in listing.pages(frame.cards, first):
        yield frame.wanted(page)


def _has_topic(card: Card) -> bool:
    return bool(card.tags or card.people or card.season)
