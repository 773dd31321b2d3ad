"""Everything of the feeds that should stand in the bucket: parts first, what names them later, the feed itself last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from pillarcast.model.addresses import FEED
from pillarcast.model.base import digest
from pillarcast.model.episodes import cards_of
from pillarcast.model.show import Feed
from pillarcast.model.view import View
from pillarcast.model.wanted import FRESH, Parts, Step, WantedObject
from pillarcast.render.feed_archive import archive_key, archives, around_archive, links_to_archives, unarchived
from pillarcast.render.feed_articles import article_feed_objects
from pillarcast.render.feed_books import bound
from pillarcast.render.feed_built import built_feed, header_content
from pillarcast.render.feed_channel import trailers_of
from pillarcast.render.feed_chapters import chapters_objects
from pillarcast.render.feed_compressed import compressed_object, deflated_object
from pillarcast.render.feed_document import END, RENDERER, Place, Surroundings, render_header
from pillarcast.render.feed_pages import Fragment, fragment_object, fragments
from pillarcast.render.feed_second import second_key, second_views

PARTS = "private/feed/"
RSS = "application/rss+xml; charset=utf-8"


def feed_objects(view: View) -> tuple[WantedObject, ...]:
    """The feeds, and the chapters that they name."""
    return (*chapters_objects(view), *feeds(view))


def feeds(view: View) -> tuple[WantedObject, ...]:
    """The feed with its parts, gzip copy and archives, and the feeds that show.toml declares beside it."""
    seconds = [
        thing
        for second, other in second_views(view)
        for thing in one_feed(other, second_key(second), f"{PARTS}{second.format}/")
    ]
    return (*article_feed_objects(view), *seconds, *one_feed(view, FEED, PARTS))


def one_feed(view: View, key: str, prefix: str) -> Iterator[WantedObject]:
    """One feed with all that belongs to it."""
    head = head_of(view)
    shown, parts = shown_parts(view, prefix)
    yield from parts
    links: tuple[tuple[str, str], ...] = ()
    if view.show.feed.archives:
        links = links_to_archives(view, key)
        yield from _archives(view, head, key, prefix, known={part.key for part in parts})
    around = Surroundings(newest(view), links)
    plain = bound(shown, parts)
    yield from plain.books
    feed, place = document(head, key, around, parts, plain.sources)
    if view.show.feed.compressed_copy:
        yield from _compressed(feed, lambda: render_header(head, place), shown, parts)
    yield feed


def shown_parts(view: View, prefix: str) -> tuple[list[Fragment], list[WantedObject]]:
    """The fragments that the feed shows, newest first, and the object of each."""
    shown = list(fragments(view.episodes, shown_count(len(view.episodes), view.show.feed)))
    return shown, [fragment_object(one, view, prefix) for one in shown]


def shown_count(every: int, feed: Feed) -> int:
    """How many of `every` episode the feed shows: `max_episodes`, but never less than what no archive holds."""
    if not feed.max_episodes:
        return every
    return min(every, max(feed.max_episodes, unarchived(every))) if feed.archives else min(every, feed.max_episodes)


def newest(view: View) -> datetime | None:
    """The date of the newest episode."""
    return max([card.aired_at for card in cards_of(view.episodes)], default=None)


def head_of(view: View) -> View:
    """All of a view that a channel says: of the episodes, the trailers alone."""
    return view.model_copy(update={"episodes": tuple(trailers_of(view.episodes))})


def document(
    head: View,
    key: str,
    around: Surroundings,
    parts: Sequence[WantedObject],
    sources: Sequence[WantedObject] = (),
    *,
    title: str = "feed",
    cache_control: str = FRESH,
) -> tuple[WantedObject, Place]:
    """A document of header, parts and end, and its place with the date that it says. `head` is `head_of` a view.

    `sources` are other objects that hold the bytes of all parts, in their order.
    """
    url = head.addresses.of(key)
    content = digest(RENDERER, *header_content(head), url, str(around), [part.inputs for part in parts])
    built = built_feed(head, key, content, around.newest_at)
    place = Place(url, built.at, around)
    needs = tuple(source.key for source in sources or parts)

    def pieces(bodies: Parts) -> list[tuple[str, bytes]]:
        return [("", render_header(head, place)), *((need, bodies[need]) for need in needs), ("", END)]

    wanted = WantedObject(
        key=key,
        media_type=RSS,
        inputs=digest(content, str(built.at)),
        render=lambda bodies: b"".join(piece for _, piece in pieces(bodies)),
        pieces=pieces,
        needs=needs,
        cache_control=cache_control,
        step=Step.FEED,
        title=title,
        built=built,
    )
    return wanted, place


def _archives(view: View, head: View, key: str, prefix: str, known: set[str]) -> Iterator[WantedObject]:
    for number, pages in enumerate(archives(view)):
        parts = [fragment_object(page, view, prefix) for page in pages]
        yield from (part for part in parts if part.key not in known)
        around = around_archive(view, key, number, pages)
        title = f"archive {number + 1} of the feed"
        yield document(head, archive_key(key, number), around, parts, title=title)[0]


def _compressed(
    feed: WantedObject, header: Callable[[], bytes], shown: Sequence[Fragment], parts: Sequence[WantedObject]
) -> Iterator[WantedObject]:
    ready = [deflated_object(part) if one.is_sealed else part for one, part in zip(shown, parts, strict=True)]
    deflated = bound(shown, ready)
    yield from (part for one, part in zip(shown, ready, strict=True) if one.is_sealed)
    yield from deflated.books
    yield compressed_object(feed, header, deflated.sources)
