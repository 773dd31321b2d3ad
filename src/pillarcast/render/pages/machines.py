"""For robots: the sitemap and robots.txt."""

from __future__ import annotations

from collections.abc import Iterator

from pillarcast.model.addresses import HOME, article_key, page_key
from pillarcast.model.wanted import WantedObject
from pillarcast.render.pages.frame import Frame, Page
from pillarcast.render.pages.paths import ABOUT, ARCHIVE, ROBOTS, SITEMAP, WRITING

MOST_ADDRESSES = 50_000
"""Of one sitemap (sitemaps.org)."""


def machine_objects(frame: Frame) -> Iterator[WantedObject]:
    view = frame.view
    dated = [(page_key(card.slug), card.aired_at.date().isoformat()) for card in frame.cards]
    dated += [(article_key(article.slug), article.published_at.date().isoformat()) for article in view.articles]
    lists = [HOME, ABOUT, *([ARCHIVE] if view.episodes else []), *([WRITING] if view.articles else [])]
    addresses = [(view.addresses.of(key), day) for key, day in [*((key, "") for key in lists), *dated]]
    words = {"addresses": addresses[:MOST_ADDRESSES]}
    yield frame.wanted(Page(SITEMAP, "sitemap.xml", "sitemap", words, media_type="application/xml"))
    robots = {"sitemap": view.addresses.of(SITEMAP)}
    yield frame.wanted(Page(ROBOTS, "robots.txt", "robots.txt", robots, media_type="text/plain"))
