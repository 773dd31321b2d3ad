"""The episodes of a feed as an app reads them, by a parser that is not ours."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime

import podcastparser


@dataclass(frozen=True)
class FeedItem:
    guid: str
    title: str
    url: str
    length_bytes: int
    media_type: str
    published_at: datetime


def read_items(feed: bytes) -> tuple[FeedItem, ...]:
    """Every playable item, in the feed's order; none where no app could read it."""
    try:
        parsed = podcastparser.parse("https://example.invalid/feed.xml", io.BytesIO(feed))
    except (podcastparser.FeedParseError, ValueError, KeyError, IndexError):
        return ()
    return tuple(
        FeedItem(
            guid=episode["guid"],
            title=episode["title"],
            url=enclosure["url"],
            length_bytes=enclosure["file_size"],
            media_type=enclosure["mime_type"],
            published_at=datetime.fromtimestamp(episode["published"], UTC),
        )
        for episode in parsed["episodes"]
        for enclosure in episode["enclosures"][:1]
    )
