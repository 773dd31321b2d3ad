"""feedgen, held so that its traps cannot close: one lock, no clock, each item a fragment that any page can take."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from feedgen.feed import FeedEntry, FeedGenerator
from lxml import etree

from pillarcast.model.base import cleaned
from pillarcast.model.categories import split_category
from pillarcast.model.imported import UNKNOWN_DURATION_S
from pillarcast.model.published import Published
from pillarcast.model.show import About
from pillarcast.model.view import View
from pillarcast.render.feed_channel import channel_elements
from pillarcast.render.feed_item import item_elements
from pillarcast.render.feed_links import Setting, show_artwork_url
from pillarcast.render.feed_text import description_of, plain_description
from pillarcast.render.feed_urls import GENERATOR
from pillarcast.render.notes import notes_html
from pillarcast.render.podcast_namespace import Element, PodcastEntry, PodcastFeed

RENDERER = "3"
"""Part of every digest: raise it when the bytes of an unchanged catalogue change."""
END = b"</channel></rss>"
SUMMARY_CHARACTERS = 255
"""Apple: texts other than descriptions hold 255 characters; a longer summary goes into itunes:summary."""

FEEDGEN = threading.Lock()
"""feedgen writes dates through `setlocale`, which belongs to the whole process."""


@dataclass(frozen=True)
class Surroundings:
    """What a document says of itself besides the show: its newest episode's date (RSS pubDate), and what it is."""

    newest_at: datetime | None
    links: tuple[tuple[str, str], ...] = ()
    is_archive: bool = False
    is_private: bool = False


@dataclass(frozen=True)
class Place:
    """Where a document stands: its own address, its date (RSS lastBuildDate), and what stands around it."""

    url: str
    built_at: datetime | None
    around: Surroundings


def render_header(view: View, place: Place) -> bytes:
    """The document up to its first item: feedgen's own feed without entries, but for its end."""
    with FEEDGEN:
        whole: bytes = feed_generator(view, place).rss_str()
    return whole.removesuffix(END)


def render_items(episodes: Sequence[tuple[Published, str]], setting: Setting) -> bytes:
    """The items of episodes with their Markdown notes, in the order given, as they stand in the document.

    Each is feedgen's own entry, written below a bare root that declares the document's namespaces and cut out.
    """
    with FEEDGEN:
        root = etree.Element("rss", nsmap=_namespaces())
        for published, notes in episodes:
            root.append(entry_of(published, prose_of(published, notes), setting).rss_entry())
    rendered: bytes = etree.tostring(root, encoding="UTF-8")
    begin = rendered.index(b">", rendered.index(b"<rss")) + 1
    return rendered[begin:].removesuffix(b"</rss>")


def feed_generator(view: View, place: Place) -> Any:
    """feedgen's feed without entries. The self link comes first: the channel's link is the last that is given."""
    about, feed = view.show.show, view.show.feed
    generator = FeedGenerator()
    generator.load_extension("podcast")
    generator.register_extension("podcast_index", PodcastFeed, PodcastEntry, atom=False, rss=True)
    website = about.website or view.addresses.home
    generator.title(about.title)
    generator.description(about.description)
    generator.link(href=place.url, rel="self", type="application/rss+xml")
    generator.link(href=website, rel="alternate")
    generator.language(about.language)
    generator.generator(GENERATOR)
    generator.image(url=show_artwork_url(view), title=about.title, link=website)
    # feedgen has no way to say "no date", and its default is the clock's.
    generator._FeedGenerator__rss_lastBuildDate = place.built_at  # noqa: SLF001
    generator.pubDate(place.around.newest_at)
    for tag in about.tags:
        generator.category(term=tag)
    for name, value in _optional(view).items():
        if value:
            getattr(generator, name)(value)
    _apple(generator, about)
    generator.podcast.itunes_new_feed_url(feed.new_feed_url or None)
    generator.podcast_index.elements = (*_surroundings(place.around), *channel_elements(view, show_artwork_url(view)))
    return generator


def _surroundings(around: Surroundings) -> list[Element]:
    """RFC 5005 links; a private feed keeps out of every directory."""
    elements = [Element("atom:link", attributes={"rel": rel, "href": href}) for rel, href in around.links]
    if around.is_archive:
        elements.append(Element("fh:archive"))
    if around.is_private:
        elements += [Element("itunes:block", "Yes"), Element("podcast:block", "yes")]
    return elements


def add_entries(generator: Any, episodes: Sequence[tuple[Published, str]], setting: Setting) -> None:
    """Appends entries the way a program that knows only feedgen would."""
    for published, notes in episodes:
        generator.add_entry(entry_of(published, prose_of(published, notes), setting), order="append")


def _optional(view: View) -> dict[str, str]:
    about, feed = view.show.show, view.show.feed
    return {
        "copyright": about.copyright,
        "managingEditor": feed.managing_editor,
        "webMaster": feed.web_master,
        "ttl": str(feed.ttl_minutes or ""),
    }


def _apple(generator: Any, about: About) -> None:
    generator.podcast.itunes_author(about.host)
    generator.podcast.itunes_type(about.kind.value)
    if about.email:
        generator.podcast.itunes_owner(name=about.host, email=about.email)
    names = [split_category(name) for name in about.category]
    categories = [{"cat": parent, **({"sub": child} if child else {})} for parent, child in names]
    generator.podcast.itunes_category(categories, replace=True)


@dataclass(frozen=True)
class Prose:
    """What an item says at length: the reduced description, and the whole as HTML."""

    description: str
    whole: str


def prose_of(published: Published, notes: str) -> Prose:
    whole = cleaned(notes_html(notes)) if notes.strip() else ""
    if whole and (description := description_of(whole, published.page_url)):
        return Prose(description, whole)
    return Prose(plain_description(published.episode.summary), "")


def entry_of(published: Published, prose: Prose, setting: Setting) -> Any:
    """feedgen's entry of an episode. Renders dates: hold `FEEDGEN` when you ask it for its bytes."""
    episode = published.episode
    entry = FeedEntry()
    entry.load_extension("podcast")
    entry.register_extension("podcast_index", PodcastEntry, atom=False, rss=True)
    entry.title(episode.title)
    entry.guid(published.guid, permalink=False)
    entry.link(href=episode.link or published.page_url)
    entry.pubDate(published.published_at.astimezone(UTC))
    enclosure = published.enclosure
    entry.enclosure(enclosure.url, str(enclosure.length_bytes), enclosure.media_type)
    for tag in episode.tags:
        entry.category(term=tag)
    if episode.comments_url:
        entry.comments(episode.comments_url)
    if prose.description:
        entry.description(prose.description)
    if prose.whole:
        entry.content(prose.whole, type="CDATA")
    _apple_entry(entry, published)
    entry.podcast_index.elements = item_elements(published, setting)
    return entry


def _apple_entry(entry: Any, published: Published) -> None:
    episode = published.episode
    if published.duration_s > UNKNOWN_DURATION_S:
        entry.podcast.itunes_duration(str(max(1, round(published.duration_s))))
    entry.podcast.itunes_episode_type(episode.kind.value)
    entry.podcast.itunes_season(episode.season)
    entry.podcast.itunes_episode(episode.number)
    summary = " ".join(episode.summary.split())
    (entry.podcast.itunes_subtitle if len(summary) <= SUMMARY_CHARACTERS else entry.podcast.itunes_summary)(summary)
    if episode.author:
        entry.podcast.itunes_author(episode.author)
    if episode.apple_title:
        entry.podcast.itunes_title(episode.apple_title)


def _namespaces() -> dict[str, str]:
    """What the root of the document declares, as feedgen gathers it."""
    generator = FeedGenerator()
    generator.load_extension("podcast")
    return {
        **generator.podcast.extend_ns(),
        **PodcastFeed().extend_ns(),
        "atom": "http://www.w3.org/2005/Atom",
        "content": "http://purl.org/rss/1.0/modules/content/",
    }
