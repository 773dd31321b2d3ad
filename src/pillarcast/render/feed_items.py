"""The episodes of a feed as an app reads them, by a parser that is not ours."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import podcastparser

_FEW = 20
"""More are read faster with the whole."""
_BEGIN, _END, _GUID = b"<item>", b"</item>", b"<guid "


@dataclass(frozen=True)
class FeedItem:
    guid: str
    title: str
    url: str
    length_bytes: int
    media_type: str
    published_at: datetime


def count_items(feed: bytes) -> int:
    """How many items a feed of ours has, without reading it."""
    return feed.count(_GUID)


def read_items(feed: bytes, guids: Collection[str] = ()) -> tuple[FeedItem, ...]:
    """Every playable item, in the feed's order; none where no app could read it. With a few `guids` those alone, cut
    out; where one of them cannot be found so, the whole feed says whether it is there."""
    if not 0 < len(guids) <= _FEW:
        return _read(feed)
    found = _read(_cut(feed, guids))
    if {*guids} <= {item.guid for item in found}:
        return found
    return tuple(item for item in _read(feed) if item.guid in guids)


def _read(feed: bytes) -> tuple[FeedItem, ...]:
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


def _cut(feed: bytes, guids: Collection[str]) -> bytes:
    """The feed with the items of `guids` alone; the whole of it where their notes speak of items themselves."""
    if _BEGIN not in feed or _END not in feed:
        return feed
    marks = [f">{escape(guid)}</guid>".encode() for guid in guids]
    spans = sorted({span for mark in marks for span in _items_with(feed, mark)})
    items = [feed[begin:end] for begin, end in spans]
    if any(item.count(mark) != 1 for item in items for mark in (_BEGIN, _END, _GUID)):
        return feed
    return b"".join([feed[: feed.index(_BEGIN)], *items, feed[feed.rindex(_END) + len(_END) :]])


def _items_with(feed: bytes, mark: bytes) -> Iterator[tuple[int, int]]:
    """Where each item begins and ends that has the mark in it."""
    at = feed.find(mark, feed.index(_BEGIN))
    while at >= 0:
        end = feed.index(_END, at) + len(_END)
        yield feed.rindex(_BEGIN, 0, at), end
        at = feed.find(mark, end)
