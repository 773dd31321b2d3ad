"""Everything of the feeds that should stand in the bucket: parts first, what names them later, the feed itself last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pillarcast.model.addresses import FEED
from pillarcast.model.base import digest
from pillarcast.model.episode import EpisodeKind
from pillarcast.model.view import View
from pillarcast.model.wanted import FRESH, Parts, Step, WantedObject
from pillarcast.render.feed_archive import archive_key, archive_place, archives, links_to_archives, unarchived
from pillarcast.render.feed_articles import article_feed_objects
from pillarcast.render.feed_chapters import chapters_objects
from pillarcast.render.feed_compressed import compressed_object, deflated_object
from pillarcast.render.feed_document import END, RENDERER, Place, render_header
from pillarcast.render.feed_pages import Fragment, fragment_object, fragments, serialised
from pillarcast.render.feed_second import second_key, second_views

PARTS = "private/feed/"
RSS = "application/rss+xml; charset=utf-8"


def feed_objects(view: View) -> tuple[WantedObject, ...]:
    """The feed with its parts, chapters, gzip copy and archives, and the feeds that show.toml declares beside it."""
    seconds = [
        thing
        for second, other in second_views(view)
        for thing in one_feed(other, second_key(second), f"{PARTS}{second.format}/")
    ]
    return (*chapters_objects(view), *article_feed_objects(view), *seconds, *one_feed(view, FEED, PARTS))


def one_feed(view: View, key: str, prefix: str) -> Iterator[WantedObject]:
    """One feed with all that belongs to it."""
    shown = list(fragments(view.episodes, shown_count(view)))
    parts = [fragment_object(fragment, view, prefix) for fragment in shown]
    yield from parts
    links: tuple[tuple[str, str], ...] = ()
    if view.show.feed.archives:
        links = links_to_archives(view, key)
        yield from _archives(view, key, prefix, known={part.key for part in parts})
    place = Place(view.addresses.of(key), newest(view), links)
    feed = document(view, key, place, parts)
    if view.show.feed.compressed_copy:
        yield from _compressed(view, feed, place, list(zip(shown, parts, strict=True)))
    yield feed


def shown_parts(view: View, prefix: str) -> tuple[WantedObject, ...]:
    """The parts that the feed is made of, newest first."""
    return tuple(fragment_object(one, view, prefix) for one in fragments(view.episodes, shown_count(view)))


def shown_count(view: View) -> int:
    """How many of the newest episodes the feed shows: `max_episodes`, but never less than what no archive holds."""
    every, limit = len(view.episodes), view.show.feed.max_episodes
    if not limit:
        return every
    return min(every, max(limit, unarchived(every))) if view.show.feed.archives else min(every, limit)


def newest(view: View) -> datetime | None:
    """lastBuildDate: the date of the newest episode, because the content decides and never the clock."""
    return max((published.published_at for published in view.episodes), default=None)


def document(
    view: View,
    key: str,
    place: Place,
    parts: Sequence[WantedObject],
    *,
    title: str = "feed",
    cache_control: str = FRESH,
) -> WantedObject:
    """A document of header, parts and end."""

    def render(bodies: Parts) -> bytes:
        return b"".join([render_header(view, place), *[bodies[part.key] for part in parts], END])

    return WantedObject(
        key=key,
        media_type=RSS,
        inputs=digest(*_header_inputs(view, place), [part.inputs for part in parts]),
        render=render,
        needs=tuple(part.key for part in parts),
        cache_control=cache_control,
        step=Step.FEED,
        title=title,
    )


def _header_inputs(view: View, place: Place) -> tuple[object, ...]:
    """All that the channel says; it names every trailer."""
    trailers = tuple(one for one in view.episodes if one.episode.kind is EpisodeKind.TRAILER)
    said = (view.show.show, view.show.feed, view.show.schedule, view.show_guid, view.addresses, view.artwork)
    return (RENDERER, *said, serialised(trailers), str(place))


def _archives(view: View, key: str, prefix: str, known: set[str]) -> Iterator[WantedObject]:
    for number, pages in enumerate(archives(view)):
        parts = [fragment_object(page, view, prefix) for page in pages]
        yield from (part for part in parts if part.key not in known)
        place = archive_place(view, key, number, pages)
        yield document(view, archive_key(key, number), place, parts, title=f"archive {number + 1} of the feed")


def _compressed(
    view: View, feed: WantedObject, place: Place, parts: Sequence[tuple[Fragment, WantedObject]]
) -> Iterator[WantedObject]:
    ready = [deflated_object(part) if fragment.is_sealed else part for fragment, part in parts]
    yield from (part for part in ready if part.key.endswith(".deflate"))
    yield compressed_object(feed, lambda: render_header(view, place), ready)
