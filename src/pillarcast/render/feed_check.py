"""The rendered feed before it is stored: read back by a parser that is not ours, held against directories' rules."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import podcastparser

from pillarcast.errors import Problem
from pillarcast.render.feed_xml import Markup, parse_markup
from pillarcast.render.lint.delivery import SHOW_LESS, large
from pillarcast.render.lint.findings import Finding, Severity
from pillarcast.render.lint.rules import lint

FEED = "feed.xml"
_OURS = "Nothing was published. Please report this as a fault of ours, with the feed."
_NOT_YET = frozenset({"apple/no-episode", "spotify/no-episode"})
"""A show that has no episode, not yet or no more, may still have a feed."""


def check_feed(news: bytes, length_bytes: int = 0) -> tuple[Problem, ...]:
    """What apps could not read in it, and what directories would refuse; warnings are marked. Empty: all is well.

    `news` is the feed, of `length_bytes`, without the parts that were checked by the run that wrote them: so a check
    costs what is new and not what has come together in years; what stands twice in the whole is for `model.guard` to
    find. Audio that another server keeps, after an import, was taken by directories before: its errors are warnings.
    """
    try:
        parsed = podcastparser.parse("https://example.invalid/feed.xml", io.BytesIO(news))
    except (podcastparser.FeedParseError, ValueError, KeyError, IndexError) as error:
        return (Problem(FEED, f"no app could read it ({error})", _OURS),)
    lengths = large(length_bytes) if len(news) < length_bytes else ()
    return (
        *_show_problems(parsed),
        *_episode_problems(news, parsed["episodes"]),
        *_lint_problems(news),
        *(Problem(FEED, f"{what} [delivery/size]", SHOW_LESS, is_warning=True) for what in lengths),
    )


def _show_problems(parsed: dict[str, Any]) -> list[Problem]:
    needed = {"title": "title", "link": "link", "description": "description", "language": "language"}
    needed |= {"cover_url": "artwork", "itunes_categories": "category"}
    missing = [word for name, word in needed.items() if not parsed.get(name)]
    if "explicit" not in parsed:
        missing.append("explicit flag")
    return [Problem(FEED, f"the show has no {word}", _OURS) for word in missing]


def _episode_problems(feed: bytes, episodes: list[dict[str, Any]]) -> list[Problem]:
    problems = []
    written = feed.count(b"<guid ")
    if written > len(episodes):
        problems.append(Problem(FEED, f"an app would read {len(episodes)} of {written} episodes", _OURS))
    for guid, count in Counter(episode["guid"] for episode in episodes).items():
        if count > 1:
            problems.append(Problem(guid, f"this guid stands in the feed {count} times", _OURS))
    for episode in episodes:
        problems += [Problem(episode.get("title", FEED), what, _OURS) for what in _faults(episode)]
    return problems


def _faults(episode: dict[str, Any]) -> list[str]:
    faults = []
    if not episode.get("title"):
        faults.append("has no title")
    if not episode["published"]:
        faults.append("has no date that apps can read")
    if len(episode["enclosures"]) != 1:
        faults.append(f"has {len(episode['enclosures'])} enclosures, apps want one")
    faults += [
        f"its audio has the address {enclosure['url']!r}"
        for enclosure in episode["enclosures"]
        if not enclosure["url"].startswith(("https://", "http://"))
    ]
    return faults


def _lint_problems(feed: bytes) -> Iterator[Problem]:
    """One problem a rule; hints are for `pillarcast lint`."""
    foreign = _foreign_lines(parse_markup(feed))
    by_rule: dict[tuple[str, bool], list[Finding]] = {}
    for finding in lint(feed):
        if finding.severity >= Severity.WARNING and finding.rule not in _NOT_YET:
            is_warning = finding.severity is Severity.WARNING or (finding.where, finding.line) in foreign
            by_rule.setdefault((finding.rule, is_warning), []).append(finding)
    for (rule, is_warning), findings in by_rule.items():
        first = findings[0]
        more = f" (and {len(findings) - 1} more such)" if len(findings) > 1 else ""
        yield Problem(first.where or FEED, f"{first.what}{more} [{rule}]", first.mend, is_warning)


def _foreign_lines(markup: Markup) -> set[tuple[str, int]]:
    """Items whose audio does not stand below the feed's own address, as (title, line)."""
    if markup.channel is None:
        return set()
    links = markup.channel.all("atom:link")
    own = next((link.get("href") for link in links if link.get("rel") == "self"), "").rpartition("/")[0] + "/"
    return {
        (item.said("title")[:120], item.line)
        for item in markup.items
        if not any(enclosure.get("url").startswith(own) for enclosure in item.all("enclosure"))
    }
