"""The channel of a foreign feed as the words of show.toml."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any, get_args

from pillarcast.model.categories import NAMES, SUBCATEGORIES
from pillarcast.model.feed_values import Frequency, Medium
from pillarcast.model.schedule import WEEKDAYS
from pillarcast.model.show import About, Feed, ShowKind
from pillarcast.render import feed_reader_rss as rss
from pillarcast.render import feed_reader_values as values
from pillarcast.render.feed_notes import words_of
from pillarcast.render.feed_numbers import parse_count
from pillarcast.render.feed_urls import GENERATOR, is_open_address, is_web_address
from pillarcast.render.feed_xml import Node

EXPLICIT = {"true": True, "yes": True, "explicit": True, "false": False, "no": False, "clean": False}
PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
_WEEKLY = re.compile(r"FREQ=WEEKLY;BYDAY=(MO|TU|WE|TH|FR|SA|SU)")
_LONGEST_DESCRIPTION = 4000
_LONGEST_TEXT = 255
_OTHER_CATEGORY = "Society & Culture"
_FORMERLY = {
    "Business > Business News": "News > Business News",
    "Business > Management & Marketing": "Business > Management",
    "Business > Shopping": "Business",
    "Education > Educational Technology": "Education",
    "Education > Higher Education": "Education",
    "Education > K-12": "Education",
    "Education > Language Courses": "Education > Language Learning",
    "Education > Training": "Education > Courses",
    "Games & Hobbies": "Leisure",
    "Games & Hobbies > Automotive": "Leisure > Automotive",
    "Games & Hobbies > Aviation": "Leisure > Aviation",
    "Games & Hobbies > Hobbies": "Leisure > Hobbies",
    "Games & Hobbies > Other Games": "Leisure > Games",
    "Games & Hobbies > Video Games": "Leisure > Video Games",
    "Government & Organizations": "Government",
    "Health": "Health & Fitness",
    "Health > Alternative Health": "Health & Fitness > Alternative Health",
    "Health > Fitness & Nutrition": "Health & Fitness > Nutrition",
    "Health > Self-Help": "Education > Self-Improvement",
    "Health > Sexuality": "Health & Fitness > Sexuality",
    "News & Politics": "News > Politics",
    "Science & Medicine": "Science",
    "Science & Medicine > Medicine": "Health & Fitness > Medicine",
    "Science & Medicine > Natural Sciences": "Science > Natural Sciences",
    "Science & Medicine > Social Sciences": "Science > Social Sciences",
    "Society & Culture > History": "History",
    "Sports & Recreation": "Sports",
    "Sports & Recreation > Amateur": "Sports",
    "Sports & Recreation > College & High School": "Sports",
    "Sports & Recreation > Outdoor": "Sports > Wilderness",
    "Sports & Recreation > Professional": "Sports",
    "TV & Film": "TV & Film",
    "Technology > Gadgets": "Technology",
    "Technology > Podcasting": "Technology",
    "Technology > Software How-To": "Technology",
    "Technology > Tech News": "News > Tech News",
}
"""Apple's categories of before 2019 and what became of them."""


def read_about(channel: Node, remark: values.Remarks) -> About:
    title = _cut(channel.said("title", "itunes:title") or "Untitled show", _LONGEST_TEXT, "channel.title", remark)
    description = _description(channel, remark) or title
    owner = channel.first("itunes:owner")
    host = channel.said("itunes:author", "dc:creator", "author", "managingEditor")
    return About(
        title=title,
        description=description,
        host=_cut(
            host or (owner.said("itunes:name") if owner else "") or title, _LONGEST_TEXT, "channel.author", remark
        ),
        email=owner.said("itunes:email") if owner else "",
        website=_website(channel, remark),
        language=channel.said("language", "dc:language") or _assumed("language", "en", remark),
        category=_categories(channel, remark),
        explicit=_explicit(channel, remark),
        kind=ShowKind.SERIAL if channel.said("itunes:type").lower() == "serial" else ShowKind.EPISODIC,
        copyright=channel.said("copyright", "dc:rights", "media:copyright"),
        people=values.people(channel, remark),
        tags=tags_of(channel),
    )


def read_feed_words(channel: Node, url: str, remark: values.Remarks) -> Feed:
    medium = channel.said("podcast:medium")
    publisher = channel.first("podcast:publisher")
    said: dict[str, Any] = {
        "guid": _guid(channel, url),
        "locked": channel.said("podcast:locked").lower() != "no",
        "medium": medium if medium in get_args(Medium) else "podcast",
        "complete": channel.said("itunes:complete").lower() == "yes",
        "block": channel.said("itunes:block").lower() == "yes",
        "hubs": _hubs(channel, remark),
        "funding": values.fundings(channel, remark),
        "license": values.license_of(channel, remark),
        "location": values.locations(channel, remark),
        "images": values.images(channel, remark),
        "social": values.socials(channel, remark),
        "blocks": values.blocks(channel, remark),
        "txt": values.texts(channel, remark),
        "podroll": values.remotes(channel.first("podcast:podroll"), remark),
        "publisher": next(iter(values.remotes(publisher, remark)), None),
        "update_frequency": _frequency(channel, remark),
        "chat": values.chat_of(channel, remark),
        "value": values.values(channel, remark),
        "apple_title": _apple_title(channel),
        "managing_editor": channel.said("managingEditor"),
        "web_master": channel.said("webMaster"),
        "cloud": rss.cloud_of(channel, remark),
        "rating": channel.said("rating"),
        "text_input": rss.text_input_of(channel, remark),
        "skip_hours": rss.hours_of(channel),
        "skip_days": tuple(day for day in WEEKDAYS if day in rss.skipped(channel, "skipDays", "day")),
        "ttl_minutes": parse_count(channel.said("ttl")),
        "podping": any(node.get("usesPodping").lower() == "true" for node in channel.all("podcast:podping")),
    }
    return Feed(**said)


def tags_of(node: Node) -> tuple[str, ...]:
    """Keywords and plain RSS categories, each once, in their order."""
    words = [tag.text for tag in node.all("category")]
    for keywords in node.all("itunes:keywords"):
        words += keywords.text.split(",")
    return tuple(dict.fromkeys(" ".join(word.split())[:255] for word in words if word.strip()))


def _website(channel: Node, remark: values.Remarks) -> str:
    said = channel.said("link")
    if said and not is_web_address(said):
        remark(
            "channel.link", f"says {said[:80]!r}, which is no full address; the site in the bucket takes its place", ""
        )
        return ""
    if said and not is_open_address(said):
        remark("channel.link", "holds a login; the site in the bucket takes its place", "")
        return ""
    return "" if said == f"{own_address(channel)}index.html" else said


def _hubs(channel: Node, remark: values.Remarks) -> tuple[str, ...]:
    said = [link.get("href") for link in channel.all("atom:link") if link.get("rel") == "hub"]
    for _hub in (hub for hub in said if not is_open_address(hub)):
        remark("channel.hubs", "names a hub by no full address, or with a login; it is left out", "")
    return tuple(hub for hub in said if is_open_address(hub))


def own_address(channel: Node) -> str:
    """What all addresses of a feed of ours begin with; nothing else does for a feed of others."""
    if channel.said("generator") != GENERATOR:
        return "\n"
    links = [link.get("href") for link in channel.all("atom:link") if link.get("rel") == "self"]
    return links[0].rpartition("/")[0] + "/" if links else "\n"


def weekday_of(channel: Node, dates: Sequence[datetime]) -> str:
    """The day on which episodes come: as the feed says it, or as most of the newest ten did."""
    node = channel.first("podcast:updateFrequency")
    match = _WEEKLY.fullmatch(node.get("rrule")) if node else None
    if match:
        return next(day for day in WEEKDAYS if day[:2].upper() == match[1])
    days = Counter(moment.weekday() for moment in dates[:10])
    day, count = days.most_common(1)[0] if days else (3, 0)
    return WEEKDAYS[day] if count * 2 > len(dates[:10]) else "Thursday"


def _frequency(channel: Node, remark: values.Remarks) -> Frequency | None:
    """None where a weekly schedule says it already."""
    said = values.frequency_of(channel, remark)
    if said and (match := _WEEKLY.fullmatch(said.rrule)) and not said.dtstart:
        day = next(day for day in WEEKDAYS if day[:2].upper() == match[1])
        return None if said.text == f"Every {day}" else said
    return said


def _guid(channel: Node, url: str) -> str:
    """podcast:guid, or the one that its address mints; empty where neither is known."""
    said = channel.said("podcast:guid")
    links = [link.get("href") for link in channel.all("atom:link") if link.get("rel") == "self"]
    address = next((link for link in links if link), url)
    if said or "://" not in address:
        return said
    return str(uuid.uuid5(PODCAST_NAMESPACE, address.partition("://")[2].rstrip("/")))


def _apple_title(channel: Node) -> str:
    title = channel.said("itunes:title")
    return title[:_LONGEST_TEXT] if title != channel.said("title") and channel.said("title") else ""


def _description(channel: Node, remark: values.Remarks) -> str:
    said = channel.said("description", "itunes:summary", "itunes:subtitle")
    words = words_of(said)
    is_markup = words != " ".join(said.split())
    if is_markup:
        remark("channel.description", "holds markup, which is taken out: a show's description is plain text", "")
    text = words if is_markup else said
    return _cut(text, _LONGEST_DESCRIPTION, "channel.description", remark)


def _categories(channel: Node, remark: values.Remarks) -> tuple[str, ...]:
    found: list[str] = []
    for category in channel.all("itunes:category"):
        parent = category.get("text")
        for name in [f"{parent} > {child.get('text')}" for child in category.all("itunes:category")] or [parent]:
            known = _known_category(name)
            if known != name:
                remark("channel.category", f"{name!r} is none of Apple's any more; it became {known!r}", "")
            found.append(known)
    if not found:
        found = [_assumed("category", _OTHER_CATEGORY, remark)]
    return _grouped(tuple(dict.fromkeys(found)))


def _grouped(names: tuple[str, ...]) -> tuple[str, ...]:
    """Subcategories of one category stand together, as they do in any feed."""
    parents = list(dict.fromkeys(name.partition(" > ")[0] for name in names))
    return tuple(sorted(names, key=lambda name: parents.index(name.partition(" > ")[0])))


def _known_category(name: str) -> str:
    parent, _, child = name.partition(" > ")
    if name in NAMES:
        return name
    if name in _FORMERLY:
        return _FORMERLY[name]
    near = get_close_matches(name, NAMES, n=1, cutoff=0.85)
    below = next((known for known in NAMES if child and known.endswith(f" > {child}")), "")
    if near or below:
        return near[0] if near else below
    return parent if parent in SUBCATEGORIES else _FORMERLY.get(parent, _OTHER_CATEGORY)


def _explicit(channel: Node, remark: values.Remarks) -> bool:
    said = channel.said("itunes:explicit").lower()
    if said not in EXPLICIT:
        _assumed("explicit", "false", remark)
    return EXPLICIT.get(said, False)


def _assumed(name: str, value: str, remark: values.Remarks) -> str:
    remark(f"channel.{name}", f"is missing or says nothing known; {value!r} is assumed, look at it in show.toml", "")
    return value


def _cut(text: str, limit: int, name: str, remark: values.Remarks) -> str:
    if len(text) <= limit:
        return text
    remark(name, f"has {len(text)} characters and is cut to {limit}", "")
    return text[: limit - 1].rstrip() + "…"
