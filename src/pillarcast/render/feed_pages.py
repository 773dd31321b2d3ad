"""Fragments of items, kept in the bucket so that an item is rendered once.

Items are counted from the oldest. Every 64 of them are one page, which never changes again unless an episode in it
does; the newest, up to 63, stand alone. So a new episode renders one item, and each 64th a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import TypeAdapter

from pillarcast.model.base import digest
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import PRIVATE, Parts, Step, WantedObject
from pillarcast.render.feed_document import RENDERER, render_items
from pillarcast.render.feed_links import Setting, setting_of

PAGE = 64

_EPISODES = TypeAdapter(tuple[Published, ...])


@dataclass(frozen=True)
class Fragment:
    """Neighbouring items of a feed, newest first. A page is complete and never grows."""

    name: str
    episodes: tuple[Published, ...]
    is_page: bool


def fragments(episodes: tuple[Published, ...], limit: int) -> Iterator[Fragment]:
    """The newest `limit` of `episodes` (newest first) in the fragments that they are kept in.

    Where the limit cuts through a page, what is left of it is a fragment of its own.
    """
    loose = len(episodes) % PAGE
    for index, published in enumerate(episodes[: min(loose, limit)]):
        yield Fragment(f"newest/{loose - 1 - index:02}", (published,), is_page=False)
    for start in range(loose, min(len(episodes), limit), PAGE):
        page = episodes[start : start + PAGE]
        number = (len(episodes) - start) // PAGE - 1
        if start + PAGE <= limit:
            yield Fragment(f"pages/{number:05}", page, is_page=True)
        else:
            yield Fragment("pages/oldest", page[: limit - start], is_page=False)


def fragment_object(fragment: Fragment, view: View, prefix: str) -> WantedObject:
    """A fragment as a private object below `prefix`; it needs the notes of its episodes."""
    setting = setting_of(view)
    return WantedObject(
        key=f"{prefix}{fragment.name}.xml",
        media_type="application/xml",
        inputs=digest(RENDERER, setting, serialised(fragment.episodes)),
        render=_renderer(fragment.episodes, setting),
        needs=tuple(published.notes.key for published in fragment.episodes if published.notes),
        cache_control=PRIVATE,
        step=Step.PARTS,
        title="part of the feed",
    )


def serialised(episodes: tuple[Published, ...]) -> bytes:
    return _EPISODES.dump_json(episodes)


def _renderer(episodes: tuple[Published, ...], setting: Setting) -> Callable[[Parts], bytes]:
    def render(bodies: Parts) -> bytes:
        return render_items([(published, _notes(published, bodies)) for published in episodes], setting)

    return render


def _notes(published: Published, bodies: Parts) -> str:
    return bodies[published.notes.key].decode("utf-8", errors="replace") if published.notes else ""
