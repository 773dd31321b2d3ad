"""What all pages of one site share, and how a page becomes an object of the bucket."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any

from pydantic_core import to_json

from pillarcast.model.base import FileRef, digest
from pillarcast.model.card import Card
from pillarcast.model.episodes import cards_of
from pillarcast.model.show import About
from pillarcast.model.view import View
from pillarcast.model.wanted import Parts, WantedObject
from pillarcast.render.pages.assets import Assets, assets_of
from pillarcast.render.pages.engine import rendered, templates_digest
from pillarcast.render.pages.logo import logo_key
from pillarcast.render.pages.packed import packing
from pillarcast.render.pages.paths import BLOG_FEED, NOT_FOUND, relative
from pillarcast.render.pages.pictures import ICON, Picture
from pillarcast.render.pages.share import ShareImage, share_of
from pillarcast.render.pages.theme import DAY
from pillarcast.render.subscribing import app_links
from pillarcast.render.wording import hour_words

Words = dict[str, Any]

_FILES = {"notes", "transcript"}
_ANY_DAY = date(2026, 1, 1)
"""A zone has one name in summer and winter, and pages stay as they are."""
_RIGHT_TO_LEFT = frozenset(("ar", "ckb", "dv", "fa", "he", "iw", "ps", "sd", "ug", "ur", "yi"))


def _nothing(_parts: Parts) -> Words:
    return {}


@dataclass(frozen=True)
class Page:
    """One page. Its template sees `words`, what `read` makes of the bytes of `files`, and the frame's words.

    `inputs` is what `read` depends on besides the files, so that words which only a changed page needs are
    not made for the thousands that stay as they are.
    """

    key: str
    template: str
    title: str
    words: Words = field(default_factory=dict)
    files: tuple[FileRef, ...] = ()
    read: Callable[[Parts], Words] = _nothing
    inputs: tuple[object, ...] = ()
    media_type: str = "text/html"


@dataclass(frozen=True)
class Frame:
    """A view, the owner's own templates, and what follows from both for every page; `packs` as in `site_objects`."""

    view: View
    templates: Mapping[str, str] = field(default_factory=dict)
    packs: bool = False
    _told: dict[int, str] = field(default_factory=dict, init=False, compare=False, repr=False)
    _shares: dict[int, ShareImage] = field(default_factory=dict, init=False, compare=False, repr=False)

    @cached_property
    def assets(self) -> Assets:
        return assets_of(self.view.show.site, self.templates)

    @cached_property
    def words(self) -> Words:
        """What every page shows. Nothing here changes when an episode airs, or all pages would be rewritten."""
        about, addresses = self.view.show.show, self.view.addresses
        return {
            "show": {
                "title": about.title,
                "description": about.description,
                "host": about.host,
                "email": about.email,
                "website": about.website,
                "copyright": about.copyright,
            },
            "language": _language(about),
            "direction": "rtl" if about.language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr",
            "air_time": _air_time(self.view),
            "apps": app_links(self.view.show.subscribe),
            "feed_url": addresses.feed,
            "home_url": addresses.home,
            "has_articles": bool(self.view.articles),
            "blog_feed": BLOG_FEED if self.view.articles and self.view.show.feed.blog else "",
            "theme_colour": DAY.paper,
            "icon": Picture(file=self.view.artwork, width=ICON).key,
            "logo": logo_key(self.view.logo) if self.view.logo else "",
            "assets": self.assets.keys,
        }

    @cached_property
    def _shared_digest(self) -> bytes:
        return digest(self.words, templates_digest(self.templates)).encode()

    @cached_property
    def about(self) -> str:
        """A digest of all that pages say of the show itself."""
        view, show = self.view, self.view.show
        own = (show.show, show.site, show.subscribe, show.feed.funding, show.programming_note, show.schedule.zone)
        return digest(own, view.addresses, view.artwork.sha256, view.artwork.media_type)

    def told(self, index: int) -> str:
        """A digest of the episode there, without its notes and transcript, which are files of their pages."""
        if index not in self._told:
            self._told[index] = digest(self.view.episodes[index].model_dump_json(exclude=_FILES).encode())
        return self._told[index]

    def share(self, index: int) -> ShareImage:
        """Of the episode there."""
        if index not in self._shares:
            self._shares[index] = share_of(self.view, self.view.episodes[index])
        return self._shares[index]

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        """Of each episode; a file that another server keeps is none of ours."""
        return tuple(map(_with_own_files, cards_of(self.view.episodes)))

    def digest(self, own: object) -> str:
        """A digest of what is a page's own and of what all pages have in common; the order of its words counts."""
        return digest(self._shared_digest, to_json(own, fallback=str))

    def wanted(self, page: Page) -> WantedObject:
        is_for_browsers = page.media_type == "text/html"
        inputs = self.digest((page.key, page.template, page.words, page.inputs, [file.sha256 for file in page.files]))
        render = partial(self._render, page)
        made = packing(inputs, render) if self.packs and is_for_browsers else {"inputs": inputs, "render": render}
        return WantedObject(
            key=page.key,
            media_type=page.media_type,
            needs=tuple(file.key for file in page.files),
            title=page.title,
            is_for_browsers=is_for_browsers,
            **made,
        )

    def _render(self, page: Page, parts: Parts) -> bytes:
        own = {"key": page.key, "canonical": self.view.addresses.of(page.key), "link": self.linker(page.key)}
        words = {**self.words, **own, **page.words, **page.read(parts)}
        return rendered(page.template, words, self.templates, self.view.show.schedule.tz).encode()

    def linker(self, source: str) -> Callable[[str], str]:
        """Links from `source`: relative, but from the page that stands in for any address that is not there."""
        return self.view.addresses.of if source == NOT_FOUND else partial(relative, source)


def _with_own_files(card: Card) -> Card:
    notes, artwork, transcript = card.notes, card.artwork, card.transcript
    if (not notes or notes.key) and (not artwork or artwork.key) and (not transcript or transcript.key):
        return card
    notes, artwork, transcript = (file if file and file.key else None for file in (notes, artwork, transcript))
    return card._replace(notes=notes, artwork=artwork, transcript=transcript)


def text_of(file: FileRef | None, parts: Parts) -> str:
    return parts[file.key].decode("utf-8-sig", "replace") if file else ""


def _language(about: About) -> str:
    """RFC 5646 as it is commonly written: `en-US`."""
    first, *rest = about.language.replace("_", "-").split("-")
    return "-".join((first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)))


def _air_time(view: View) -> str:
    """`Thursdays at 6:00 AM Eastern`, or `Daily at 6:00 AM UTC`."""
    schedule = view.show.schedule
    day = schedule.every.split()[0]
    when = hour_words(datetime.combine(_ANY_DAY, schedule.hour, schedule.tz), schedule.tz)
    return f"{'Daily' if day == 'Day' else day + 's'} at {when}"
