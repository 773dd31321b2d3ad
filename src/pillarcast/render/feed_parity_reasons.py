"""Why a field of an imported feed says something else than it did: one table, first match counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pillarcast.model.imported import ImportedShow
from pillarcast.render.feed_reader_item import respelt
from pillarcast.render.feed_urls import encoded, is_web_address

NOT_CARRIED = {
    "media:": "repeats the enclosure and the artwork, and no podcast app prefers it",
    "googleplay:": "Google Play Music is gone",
    "rawvoice:": "its host's own",
    "feedburner:": "its host's own",
    "dc:": "repeats what RSS says",
    "fh:": "paging of the old host; the new feed is whole",
    "slash:": "a count of comments",
    "wfw:": "a feed of comments",
    "sy:": "when the old host updated it",
    "itunes:order": "Apple no longer heeds it; dates decide",
    "itunes:isClosedCaptioned": "Apple no longer heeds it",
    "atom:": "repeats what RSS says; people stand in podcast:person",
}
"""Elements, or all of a prefix, that an import leaves behind."""


@dataclass(frozen=True)
class Reason:
    """`fields` is a pattern; `holds` looks at old and new."""

    fields: str
    holds: Callable[[str, str], bool]
    why: str


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _same_letters(old: str, new: str) -> bool:
    return _letters(old) == _letters(new)


def _is_new(old: str, new: str) -> bool:
    return bool(new) and not old


def _is_gone(old: str, new: str) -> bool:
    return bool(old) and not new


def _is_ours(_old: str, new: str) -> bool:
    return "/media/" in new


def _got_scheme(old: str, new: str) -> bool:
    return new.endswith(old.lstrip("/"))


def _same_tags(old: str, new: str) -> bool:
    return _tags(old) == _tags(new)


def _more_links(old: str, new: str) -> bool:
    return set(new.split()) >= {link for link in old.split() if is_web_address(link)}


def _same_when_understood(old: str, new: str) -> bool:
    return _normal(old) == _normal(new)


_WANTED = r"(explicit|link|language|category|author|podcast:(guid|locked|medium|updateFrequency))"
_TEXTS = r"title|author|channel\.(title|author|description|copyright)"
REASONS = (
    Reason(rf"link|explicit|channel\.{_WANTED}", _is_new, "was not said; apps and directories want it"),
    Reason(r"author", _is_new, "was not said; the show's stands for it"),
    Reason(r"channel\.image", lambda _old, new: bool(new), "artwork is taken into the bucket, under a new address"),
    Reason(r"channel\.new-feed-url", _is_gone, "the new feed is where the show lives now"),
    Reason(r"enclosure\.url", lambda old, new: encoded(old) == new, "percent-encoded, as apps ask"),
    Reason(r"enclosure\.url|image", _is_ours, "was taken into the bucket"),
    Reason(r"enclosure\.url|link", _got_scheme, "the beginning of its address was missing"),
    Reason(r"enclosure\.type", lambda old, new: respelt(old) == new, "spelt as registered"),
    Reason(r"episodeType", lambda _old, new: new == "full", "unknown kinds are full episodes"),
    Reason(r"summary", _is_gone, "it repeats the beginning of the notes"),
    Reason(r"summary", _is_new, "the short description, beside the full notes"),
    Reason(r"summary", lambda _old, new: bool(new), "the first text that the notes do not repeat is taken"),
    Reason(r"(channel\.)?tags", _same_tags, "each tag stands there once"),
    Reason(rf"notes|{_TEXTS}", _same_letters, "blanks between words"),
    Reason(r"notes(\.links)?", _is_new, "the short text stands there too"),
    Reason(r"notes\.links", _more_links, "relative links and pictures became links"),
    Reason(r"channel\.podcast:updateFrequency", lambda _old, new: bool(new), "as the schedule of show.toml says"),
    Reason(r"channel\.podcast:locked", lambda _old, new: "owner=" in new, "the owner's address is added"),
    Reason(r"channel\.podcast:locked", lambda _old, new: ">yes" in new, "locked, until you say otherwise"),
    Reason(r"channel\.podcast:txt", lambda _old, new: "applepodcastsverify" in new, "Apple's code"),
    Reason(r"channel\.podcast:trailer", _is_new, "every trailer is named in the channel"),
    Reason(r"channel\.podcast:trailer", _is_gone, "no episode of the feed is its trailer"),
    Reason(
        r"podcast:person", lambda old, new: new.endswith(old), "the hosts are named too, or guests would replace them"
    ),
    Reason(r"channel\.cloud", _is_gone, "the old host's own notices"),
    Reason(r"podcast:(season|episode)", _is_new, "repeats the number that itunes says"),
    Reason(r"podcast:chapters", lambda _old, new: ".chapters.json" in new, "chapters are kept in the bucket"),
    Reason(r"podcast:transcript", _is_ours, "was taken into the bucket"),
    Reason(r".*podcast:.*", _same_when_understood, "the same, with what is understood written out"),
)


def reason(name: str, old: str, new: str, where: str, imported: ImportedShow) -> str:
    """What a remark of the reader or the table says; empty where neither does."""
    short = name.removeprefix("channel.")
    for remark in imported.remarks:
        is_of_field = remark.field == name or remark.field.startswith(short) or name.startswith(f"{remark.field}.")
        if is_of_field and remark.where == where[:120]:
            return remark.what
    for known in REASONS:
        if re.fullmatch(known.fields, name) and known.holds(old, new):
            return known.why
    return ""


def _tags(text: str) -> set[str]:
    return {tag.strip().lower() for tag in text.split(",") if tag.strip()}


_UNDERSTOOD = re.compile(
    r' (?:role="host"|group="cast"|rel="(?:subject|captions)"|remotePercentage="100"|(?:default|fee)="false")'
)


def _normal(written: str) -> str:
    """Without what an element means anyway, numbers as short as can be, and http as https."""
    text = _UNDERSTOOD.sub("", written)
    text = re.sub(r'"(-?\d+)\.0+"', r'"\1"', text)
    text = re.sub(r'"(-?\d+\.\d*?)0+"', r'"\1"', text)
    return text.replace(' language="', ' lang="').replace("http://", "https://").lower()
