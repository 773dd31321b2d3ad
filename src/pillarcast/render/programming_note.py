"""The programming note: the lines under a piece that announce the next episode, and later lead to it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from pillarcast.errors import SettingsError
from pillarcast.model.episode import Person
from pillarcast.model.published import Published
from pillarcast.model.view import Upcoming, View
from pillarcast.render.notes import notes_html, notes_text
from pillarcast.render.subscribing import app_links
from pillarcast.render.wording import day_words, hour_words, joined

UPCOMING = (
    "On **{{ day }}** at {{ hour }}, {{ who }} {{ speaks }} about “{{ title }}”. "
    "Listen on [this page]({{ listen_url }}), or subscribe {{ subscribe }}."
)
LIVE = "**Out now:** {{ who }} on [{{ title }}]({{ page_url }}). Listen on its page, or subscribe {{ subscribe }}."
"""Both are Jinja2 templates of Markdown; `[programming_note]` in show.toml words them anew."""

_MARKS = re.compile(r"([\\`*_\[\]<>#|~!&.:@+=-])")
"""Point, colon and @ too: `ASP.NET` in a title is no address, and `1.` at its beginning no list."""
_HOST_ROLES = ("host", "cohost", "co-host")


@dataclass(frozen=True)
class NoteText:
    """One note twice: a sanitised HTML fragment, and plain text."""

    html: str
    text: str


class NoteWording(NamedTuple):
    """A note before it is rendered: a template of show.toml's `field`, and what it may name. Cheap to compare."""

    field: str
    source: str
    words: dict[str, Any]

    @property
    def html(self) -> str:
        return notes_html(self.markdown())

    @property
    def text(self) -> str:
        return notes_text(self.markdown())

    def markdown(self) -> str:
        """SettingsError when the template cannot be rendered."""
        try:
            return _template(self.source).render(self.words) if self.words else self.source
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
            raise SettingsError(
                f"show.toml: programming_note.{self.field}",
                f"the template cannot be rendered: {error}",
                "Compare its {{ names }} with docs/site.md.",
            ) from error


def note_for(view: View, published_at: datetime, override: str | None = None) -> NoteText | None:
    """The note of a piece (article or episode) that went live at `published_at`; None where there is none.

    Until a later episode is live it announces the next of the queue; from then on it leads to that episode, so
    that publishing changes only the pieces since the episode before. `override` is the piece's own wording in
    Markdown, which stands until then; an empty one leaves the note out. SettingsError when a template of
    show.toml cannot be rendered.
    """
    return _rendered(wording_for(view, published_at, override))


def upcoming_note(view: View) -> NoteText | None:
    """The note on the next of the queue, as the home page shows it."""
    return _rendered(upcoming_wording(view))


def wording_for(view: View, published_at: datetime, override: str | None = None) -> NoteWording | None:
    """`note_for`, not yet rendered."""
    note = view.show.programming_note
    if not note.enabled or (override is not None and not override.strip()):
        return None
    successor = successor_of(view, published_at)
    if successor is not None:
        return NoteWording("live", note.live or LIVE, _live_words(view, successor))
    return upcoming_wording(view) if override is None else NoteWording("", override, {})


def note_inputs(view: View, published_at: datetime, override: str | None = None) -> tuple[object, ...]:
    """What `wording_for` depends on besides the show itself, without making its words."""
    successor = successor_of(view, published_at)
    if successor is not None:
        return (override, successor.episode.title, successor.episode.people, successor.page_url)
    return (override, view.upcoming)


def upcoming_wording(view: View) -> NoteWording | None:
    note = view.show.programming_note
    if view.upcoming is None or not note.enabled:
        return None
    return NoteWording("upcoming", note.upcoming or UPCOMING, _upcoming_words(view, view.upcoming))


def successor_of(view: View, published_at: datetime) -> Published | None:
    """The first live episode after that moment; a view has them newest first."""
    later = bisect_left(view.episodes, -published_at.timestamp(), key=lambda episode: -episode.published_at.timestamp())
    return view.episodes[later - 1] if later else None


def _rendered(wording: NoteWording | None) -> NoteText | None:
    return NoteText(wording.html, wording.text) if wording else None


def _upcoming_words(view: View, upcoming: Upcoming) -> dict[str, Any]:
    zone = view.show.schedule.tz
    words = _words(view, upcoming.title, upcoming.people)
    return words | {
        "day": day_words(upcoming.slot, zone),
        "hour": hour_words(upcoming.slot, zone),
        "slot": upcoming.slot.astimezone(zone),
    }


def _live_words(view: View, episode: Published) -> dict[str, Any]:
    return _words(view, episode.episode.title, episode.episode.people) | {"page_url": _Marked(episode.page_url)}


def _words(view: View, title: str, people: tuple[Person, ...]) -> dict[str, Any]:
    """What a template may name; docs/site.md lists it."""
    guests = [person.name for person in people if person.role.lower() not in _HOST_ROLES]
    return {
        "title": title,
        "who": joined(guests) or view.show.show.host,
        "speaks": "speak" if len(guests) > 1 else "speaks",
        "people": guests,
        "host": view.show.show.host,
        "show": view.show.show.title,
        "listen_url": _Marked(view.addresses.home),
        "feed_url": _Marked(view.addresses.feed),
        "subscribe": _Marked(_subscribe_words(view)),
    }


def _subscribe_words(view: View) -> str:
    apps = [f"[{name}]({url})" for name, url in app_links(view.show.subscribe)]
    rss = f"by [RSS]({view.addresses.feed})"
    return f"on {', '.join(apps)} or {rss}" if apps else rss


class _Marked(str):
    """Markdown or an address of ours, which needs no escaping."""

    __slots__ = ()


def _escaped(word: object) -> object:
    """Words of a title are words, not Markdown."""
    is_plain = isinstance(word, str) and not isinstance(word, _Marked)
    return _MARKS.sub(r"\\\1", str(word)) if is_plain else word


@cache
def _template(source: str) -> Template:
    return SandboxedEnvironment(undefined=StrictUndefined, finalize=_escaped, autoescape=False).from_string(source)
