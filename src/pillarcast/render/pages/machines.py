"""For robots: the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from pillarcast.model.addresses import HOME
from pillarcast.model.view import View
from pillarcast.model.wanted import Parts, WantedObject
from pillarcast.render.pages.frame import Frame, Page, Words
from pillarcast.render.pages.paths import ABOUT, ARCHIVE, ROBOTS, SITEMAP, WRITING
from pillarcast.render.pages.teaser import Listed, faces_of, order_of

MOST_ADDRESSES = 50_000
"""Of one sitemap (sitemaps.org)."""


def machine_objects(frame: Frame) -> Iterator[WantedObject]:
    listed: tuple[Listed, ...] = (*frame.cards, *frame.view.articles)
    inputs = (frame.view.addresses.home, *faces_of(listed))
    read, media_type = partial(_addresses, frame.view, listed), "application/xml"
    yield frame.wanted(Page(SITEMAP, "sitemap.xml", "sitemap", read=read, inputs=inputs, media_type=media_type))
    robots = {"sitemap": frame.view.addresses.of(SITEMAP)}
    yield frame.wanted(Page(ROBOTS, "robots.txt", "robots.txt", robots, media_type="text/plain"))


def _addresses(view: View, listed: Sequence[Listed], _parts: Parts) -> Words:
    lists = [HOME, ABOUT, *([ARCHIVE] if view.episodes else []), *([WRITING] if view.articles else [])]
    dated = [(key, aired_at.date().isoformat()) for aired_at, key in map(order_of, listed)]
    addresses = [(view.addresses.of(key), day) for key, day in [*((key, "") for key in lists), *dated]]
    return {"addresses": addresses[:MOST_ADDRESSES]}
