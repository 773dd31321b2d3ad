"""The home page, the page about the show with all ways to subscribe, and the page for what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from pillarcast.model.addresses import HOME, media_key
from pillarcast.model.view import View
from pillarcast.model.wanted import WantedObject
from pillarcast.render.pages.frame import Frame, Page
from pillarcast.render.pages.paths import ABOUT, NOT_FOUND
from pillarcast.render.pages.pictures import LARGE, Picture
from pillarcast.render.pages.player import foreign_origins, player_words
from pillarcast.render.pages.qr import qr_path
from pillarcast.render.pages.schema import series_schema
from pillarcast.render.pages.teaser import teaser_of
from pillarcast.render.programming_note import upcoming_wording
from pillarcast.render.subscribing import feed_links

RECENT = 6


def home_objects(frame: Frame) -> Iterator[WantedObject]:
    yield frame.wanted(_home(frame.view))
    yield frame.wanted(_about(frame.view))
    yield frame.wanted(Page(NOT_FOUND, "notfound.html", "page for what is not there"))


def _home(view: View) -> Page:
    newest = view.episodes[0] if view.episodes else None
    words = {
        "newest": player_words(view, newest) | {"summary": newest.episode.summary} if newest else None,
        "recent": [teaser_of(episode.card) for episode in view.episodes[1 : RECENT + 1]],
        "has_more": len(view.episodes) > RECENT + 1,
        "articles": [teaser_of(article) for article in view.articles[:3]],
        "note": upcoming_wording(view),
        "show_picture": Picture(file=view.artwork, width=LARGE).key,
        "share_url": _artwork_url(view),
        "schema": series_schema(view),
        "foreign_origins": foreign_origins(newest) if newest else [],
    }
    return Page(HOME, "home.html", "home page", words)


def _about(view: View) -> Page:
    addresses = view.addresses
    size, path = qr_path(addresses.of(ABOUT))
    words = {
        "feed_links": feed_links(addresses.feed),
        "people": view.show.show.people,
        "qr_size": size,
        "qr": path,
        "show_picture": Picture(file=view.artwork, width=LARGE).key,
        "share_url": _artwork_url(view),
        "schema": series_schema(view),
    }
    return Page(ABOUT, "about.html", "about and subscribe", words)


def _artwork_url(view: View) -> str:
    return view.addresses.of(media_key(view.artwork.sha256, "artwork", view.artwork.media_type))
