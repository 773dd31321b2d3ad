"""The rendered feed, read back by a parser that is not ours before it is stored."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import podcastparser

from pillarcast.errors import Problem

FEED = "feed.xml"
_MEND = "Nothing was published. Please report this as a fault of ours, with the feed."


def check_feed(feed: bytes) -> tuple[Problem, ...]:
    """What an app could not read in it; empty when all is well."""
    try:
        parsed = podcastparser.parse("https://example.invalid/feed.xml", io.BytesIO(feed))
    except (podcastparser.FeedParseError, ValueError, KeyError, IndexError) as error:
        return (Problem(FEED, f"no app could read it ({error})", _MEND),)
    return (*_show_problems(parsed), *_episode_problems(feed, parsed["episodes"]))


def _show_problems(parsed: dict[str, Any]) -> list[Problem]:
    needed = {"title": "title", "link": "link", "description": "description", "language": "language"}
    needed |= {"cover_url": "artwork", "itunes_categories": "category"}
    missing = [word for name, word in needed.items() if not parsed.get(name)]
    if "explicit" not in parsed:
        missing.append("explicit flag")
    return [Problem(FEED, f"the show has no {word}", _MEND) for word in missing]


def _episode_problems(feed: bytes, episodes: list[dict[str, Any]]) -> list[Problem]:
    problems = []
    written = feed.count(b"<guid ")
    if written > len(episodes):
        problems.append(Problem(FEED, f"an app would read {len(episodes)} of {written} episodes", _MEND))
    for guid, count in Counter(episode["guid"] for episode in episodes).items():
        if count > 1:
            problems.append(Problem(guid, f"this guid stands in the feed {count} times", _MEND))
    for episode in episodes:
        problems += [Problem(episode.get("title", FEED), what, _MEND) for what in _faults(episode)]
    return problems


def _faults(episode: dict[str, Any]) -> list[str]:
    faults = []
    if not episode.get("title"):
        faults.append("has no title")
    if not episode["published"]:
        faults.append("has no date that apps can read")
    if len(episode["enclosures"]) != 1:
        faults.append(f"has {len(episode['enclosures'])} enclosures, apps want one")
    for enclosure in episode["enclosures"]:
        if not enclosure["url"].startswith(("https://", "http://")):
            faults.append(f"its audio has the address {enclosure['url']!r}")
        if enclosure["file_size"] <= 0:
            faults.append("the length of its audio is missing")
    return faults
