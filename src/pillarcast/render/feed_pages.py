"""Fragments of items, kept in the bucket so that an item is rendered once.

Items are counted from the oldest. Every 64 of them are a page, which never changes again unless an episode in it
does; of the newest, every 8 are a group, and what is left, up to 7, stands alone. So a new episode renders one item,
each 8th a group and each 64th a page, and no feed is made of more than 14 parts besides its pages, which `feed_books`
binds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from pillarcast.model.base import digest
from pillarcast.model.episodes import cards_of
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import PRIVATE, Parts, Step, WantedObject
from pillarcast.render.feed_document import RENDERER, render_items
from pillarcast.render.feed_links import Setting, setting_of

PAGE = 64
GROUP = 8

_EPISODES = TypeAdapter(tuple[Published, ...])
_UNSAID: Any = {
    "__all__": {
        "peaks": True,
        "notes": {"name"},
        "artwork": {"name"},
        "transcript": {"name"},
        "episode": {"programming_note"},
    }
}
"""What no feed says of an episode."""


@dataclass(frozen=True)
class Fragment:
    """Neighbouring items of a feed, newest first. One that is sealed never grows; a page is the largest of them."""

    name: str
    episodes: Sequence[Published]
    is_sealed: bool = True
    is_page: bool = False


def fragments(episodes: Sequence[Published], limit: int) -> Iterator[Fragment]:
    """The newest `limit` of `episodes` (newest first) in the fragments that they are kept in.

    Where the limit cuts through a fragment, what is left of it is one of its own, named `oldest`.
    """
    start, shown = 0, min(len(episodes), limit)
    for whole in _whole(episodes):
        if start >= shown:
            return
        if start + len(whole.episodes) > shown:
            yield Fragment("oldest", whole.episodes[: shown - start], is_sealed=False)
            return
        yield whole
        start += len(whole.episodes)


def _whole(episodes: Sequence[Published]) -> Iterator[Fragment]:
    single, grouped = len(episodes) % GROUP, len(episodes) % PAGE
    for index in range(single):
        yield Fragment(f"newest/{single - 1 - index}", episodes[index : index + 1], is_sealed=False)
    for start in range(single, grouped, GROUP):
        yield Fragment(f"groups/{(grouped - start) // GROUP - 1}", episodes[start : start + GROUP])
    for start in range(grouped, len(episodes), PAGE):
        yield page_of(episodes, start)


def page_of(episodes: Sequence[Published], start: int) -> Fragment:
    """The page that begins at `start`; whole pages lie behind it."""
    number = (len(episodes) - start) // PAGE - 1
    return Fragment(f"pages/{number:05}", episodes[start : start + PAGE], is_page=True)


def fragment_object(fragment: Fragment, view: View, prefix: str) -> WantedObject:
    """A fragment as a private object below `prefix`; it needs the notes of its episodes."""
    setting, key = setting_of(view), f"{prefix}{fragment.name}.xml"
    return WantedObject(
        key=key,
        media_type="application/xml",
        inputs=view.pages.get(key) or digest(RENDERER, setting, serialised(fragment.episodes)),
        render=_renderer(fragment.episodes, setting),
        needs=tuple(card.notes.key for card in cards_of(fragment.episodes) if card.notes),
        cache_control=PRIVATE,
        step=Step.PARTS,
        title="part of the feed",
    )


def serialised(episodes: Sequence[Published]) -> bytes:
    return _EPISODES.dump_json(tuple(episodes), exclude=_UNSAID)


def _renderer(episodes: Sequence[Published], setting: Setting) -> Callable[[Parts], bytes]:
    def render(bodies: Parts) -> bytes:
        return render_items([(published, _notes(published, bodies)) for published in episodes], setting)

    return render


def _notes(published: Published, bodies: Parts) -> str:
    return bodies[published.notes.key].decode("utf-8", errors="replace") if published.notes else ""
