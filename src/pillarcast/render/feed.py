"""The feed as wanted objects: sealed pages of items, the newest items one by one, and the document made of both.

Items are counted from the oldest. Every 64 of them are one page, which never changes again unless an episode in it
does; the newest, up to 63, stand alone. So a new episode renders one item, and each 64th a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from pydantic import TypeAdapter

from pillarcast.model.addresses import FEED
from pillarcast.model.base import digest
from pillarcast.model.episode import EpisodeKind
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import PRIVATE, Parts, Step, WantedObject
from pillarcast.render.feed_chapters import chapters_objects
from pillarcast.render.feed_document import END, RENDERER, render_header, render_items
from pillarcast.render.feed_links import Setting, setting_of

PAGE = 64
RSS = "application/rss+xml; charset=utf-8"

_EPISODES = TypeAdapter(tuple[Published, ...])


def feed_objects(view: View) -> tuple[WantedObject, ...]:
    """Everything that the feed needs in the bucket, parts first and the feed itself last."""
    parts = item_parts(view, "private/feed/")
    return (*parts, *chapters_objects(view), feed_object(view, FEED, parts))


def feed_object(view: View, key: str, parts: Sequence[WantedObject]) -> WantedObject:
    """The document: header, parts newest first, end."""
    built_at, self_url = newest(view), view.addresses.of(key)
    header_inputs = (RENDERER, view.show, view.show_guid, view.addresses, view.artwork, _trailers(view))

    def render(bodies: Parts) -> bytes:
        header = render_header(view, built_at, self_url)
        return b"".join([header, *[bodies[part.key] for part in parts], END])

    return WantedObject(
        key=key,
        media_type=RSS,
        inputs=digest(*header_inputs, str(built_at), key, *[part.inputs for part in parts]),
        render=render,
        needs=tuple(part.key for part in parts),
        step=Step.FEED,
        title="feed",
    )


def item_parts(view: View, prefix: str) -> tuple[WantedObject, ...]:
    """The items of a feed, newest first, in fragments that are kept below `prefix`."""
    setting = setting_of(view)
    return tuple(_part(f"{prefix}{name}.xml", group, setting) for name, group in groups(view))


def groups(view: View) -> Iterator[tuple[str, tuple[Published, ...]]]:
    """The episodes of the feed in the fragments they are kept in, newest first, each with its name.

    With `feed.max_episodes` the oldest page is cut to what the feed still shows.
    """
    every, limit = view.episodes, view.show.feed.max_episodes or len(view.episodes)
    loose = len(every) % PAGE
    for index, published in enumerate(every[: min(loose, limit)]):
        yield f"newest/{loose - 1 - index:02}", (published,)
    for start in range(loose, min(len(every), limit), PAGE):
        page = every[start : start + PAGE]
        number, shown = (len(every) - start) // PAGE - 1, page[: limit - start]
        yield (f"pages/{number:05}" if shown == page else "pages/oldest"), shown


def newest(view: View) -> datetime | None:
    """lastBuildDate: the date of the newest episode, because the content decides and never the clock."""
    return max((published.published_at for published in view.episodes), default=None)


def _part(key: str, group: tuple[Published, ...], setting: Setting) -> WantedObject:
    return WantedObject(
        key=key,
        media_type="application/xml",
        inputs=digest(RENDERER, setting, _EPISODES.dump_json(group)),
        render=_renderer(group, setting),
        needs=tuple(published.notes.key for published in group if published.notes),
        cache_control=PRIVATE,
        step=Step.PARTS,
        title="part of the feed",
    )


def _renderer(group: tuple[Published, ...], setting: Setting) -> Callable[[Parts], bytes]:
    def render(bodies: Parts) -> bytes:
        return render_items([(published, notes_of(published, bodies)) for published in group], setting)

    return render


def notes_of(published: Published, bodies: Parts) -> str:
    return bodies[published.notes.key].decode("utf-8", errors="replace") if published.notes else ""


def _trailers(view: View) -> bytes:
    """The channel names every trailer."""
    return _EPISODES.dump_json(tuple(one for one in view.episodes if one.episode.kind is EpisodeKind.TRAILER))
