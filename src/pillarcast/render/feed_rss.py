"""Elements of RSS 2.0 that feedgen lacks, writes in no fixed order, or not as the specification has them.

Source: RSS 2.0.11, "Optional channel elements" and "Elements of <item>" (rssboard.org/rss-specification).
"""

from __future__ import annotations

from pillarcast.model.episode import Episode
from pillarcast.model.feed_values import Cloud, TextInput
from pillarcast.model.schedule import WEEKDAYS
from pillarcast.model.show import Feed
from pillarcast.render.podcast_namespace import Element


def channel_rss(feed: Feed) -> tuple[Element, ...]:
    """cloud, rating, textInput, skipHours and skipDays; hours and days in their own order."""
    hours = tuple(Element("hour", str(hour)) for hour in sorted(set(feed.skip_hours)))
    days = tuple(Element("day", day) for day in WEEKDAYS if day in feed.skip_days)
    return (
        *([_cloud(feed.cloud)] if feed.cloud else []),
        *([Element("rating", feed.rating)] if feed.rating else []),
        *([_text_input(feed.text_input)] if feed.text_input else []),
        *([Element("skipHours", children=hours)] if hours else []),
        *([Element("skipDays", children=days)] if days else []),
    )


def item_rss(episode: Episode) -> tuple[Element, ...]:
    """author and source."""
    source = episode.source
    return (
        *([Element("author", episode.author_address)] if episode.author_address else []),
        *([Element("source", source.title, {"url": source.url})] if source else []),
    )


def _cloud(cloud: Cloud) -> Element:
    said = {
        "domain": cloud.domain,
        "port": str(cloud.port),
        "path": cloud.path,
        "registerProcedure": cloud.procedure,
        "protocol": cloud.protocol,
    }
    return Element("cloud", attributes=said, has_empty=True)


def _text_input(box: TextInput) -> Element:
    said = {"title": box.title, "description": box.description, "name": box.name, "link": box.link}
    return Element("textInput", children=tuple(Element(name, text) for name, text in said.items()))
