"""Verifying: fetches the show as an app and a reader would, and compares it with the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pillarcast.errors import NotVerified, PillarcastError, Problem
from pillarcast.model.addresses import FEED
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.copies import copies_of
from pillarcast.model.entries import Entries
from pillarcast.model.published import Published, published
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.uncollected import uncollected
from pillarcast.ports import Answer
from pillarcast.render.feed import shown_count
from pillarcast.render.feed_items import FeedItem, count_items, read_items

_MEND = "Run `pillarcast publish`; if it stays, run `pillarcast doctor`."


@dataclass(frozen=True)
class Check:
    """One thing that was looked at from outside, and what was seen."""

    subject: str
    what: str
    is_right: bool
    seen: str


@uncollected()
def verify(studio: Studio, guids: Iterable[str] | None = None, *, is_whole: bool = False) -> tuple[Check, ...]:
    """Every check of the given live episodes (all of them by default); `is_whole` fetches and hashes whole files."""
    catalogue = studio.store.load().catalogue
    live = catalogue.live
    wanted = set(guids) if guids is not None else {card.guid for card in live.cards}
    entries = [*live.where(lambda card: card.guid in wanted)]
    return tuple(_checks(studio, catalogue, live, entries, is_whole=is_whole))


def check_verified(checks: Iterable[Check]) -> None:
    """NotVerified, with every check that failed."""
    wrong = [check for check in checks if not check.is_right]
    if wrong:
        raise NotVerified(Problem(check.subject, f"{check.what}: {check.seen}", _MEND) for check in wrong)


def _checks(
    studio: Studio, catalogue: Catalogue, live: Entries[Entry], entries: list[Entry], *, is_whole: bool
) -> Iterator[Check]:
    if not live:
        return
    answer = _answer(studio, studio.addresses.feed)
    yield Check("feed", "answers", answer.status == 200, f"status {answer.status}")
    count, named = _items(answer.body, catalogue, entries)
    expected = shown_count(len(live), studio.show.feed)
    yield Check("feed", "names every live episode once", count == expected, f"{count} of {expected}")
    shown = {card.guid for card in live[:expected].cards}
    for entry in entries:
        view = published(entry, studio.addresses)
        if entry.guid in shown:
            yield _feed_item(view, named.get(entry.guid))
        yield from _audio(studio, view, is_whole=is_whole)
        yield from _page(studio, entry, view)


def _items(feed: bytes, catalogue: Catalogue, entries: list[Entry]) -> tuple[int, dict[str, FeedItem]]:
    """How many items there are, and those of `entries` at least. A feed that is, byte for byte, the one that was
    checked before it was written is not read whole once more."""
    receipt = catalogue.written.get(FEED)
    is_as_written = receipt is not None and receipt.sha256 == hashlib.sha256(feed).hexdigest()
    items = read_items(feed, [entry.guid for entry in entries] if is_as_written else ())
    named = {item.guid: item for item in items}
    return count_items(feed) if is_as_written else len(items), named


def _feed_item(view: Published, item: FeedItem | None) -> Check:
    subject = view.episode.title
    if item is None:
        return Check(subject, "stands in the feed", is_right=False, seen="it is not there")
    enclosure = view.enclosure
    said = (item.url, item.length_bytes, item.media_type, item.published_at)
    meant = (enclosure.url, enclosure.length_bytes, enclosure.media_type, view.published_at.replace(microsecond=0))
    return Check(subject, "stands in the feed as published", said == meant, "the same" if said == meant else f"{said}")


def _audio(studio: Studio, view: Published, *, is_whole: bool) -> Iterator[Check]:
    enclosure, subject = view.enclosure, view.episode.title
    if not enclosure.key:
        return
    head = _answer(studio, enclosure.url, head=True)
    length, media_type = head.headers.get("content-length", "none"), head.headers.get("content-type", "none")
    is_right = (head.status, length, media_type) == (200, str(enclosure.length_bytes), enclosure.media_type)
    yield Check(subject, "audio answers HEAD with length and type", is_right, f"{head.status} {length} {media_type}")
    last = enclosure.length_bytes - 1
    for first, to in ((0, 1), (enclosure.length_bytes // 2, enclosure.length_bytes // 2), (last, last)):
        part = _answer(studio, enclosure.url, first, to)
        wanted = (206, to - first + 1, f"bytes {first}-{to}/{enclosure.length_bytes}")
        seen = (part.status, len(part.body), part.headers.get("content-range", "none"))
        yield Check(subject, f"audio answers bytes {first}-{to}", seen == wanted, f"{seen[0]} {seen[2]}")
    if is_whole:
        body = _answer(studio, enclosure.url).body
        sha256 = hashlib.sha256(body).hexdigest()
        yield Check(subject, "audio is what was mastered", sha256 == enclosure.sha256, f"sha256 {sha256[:12]}…")


def _page(studio: Studio, entry: Entry, view: Published) -> Iterator[Check]:
    answer = _answer(studio, view.page_url)
    is_page = answer.status == 200 and answer.headers.get("content-type", "").startswith("text/html")
    has_player = view.enclosure.url.encode() in answer.body or not view.enclosure.key
    seen = f"status {answer.status}" if is_page else f"status {answer.status} {answer.headers.get('content-type')}"
    yield Check(view.episode.title, "page answers with its player", is_page and has_player, seen)
    for copy in copies_of(entry)[1 + len(entry.alternates) :]:
        head = _answer(studio, studio.addresses.of(copy.key), head=True)
        is_right = head.status == 200 and head.headers.get("content-length") == str(copy.source.length_bytes)
        what = f"{copy.source.media_type} answers with its length"
        yield Check(view.episode.title, what, is_right, f"status {head.status}")


def _answer(
    studio: Studio, url: str, first: int | None = None, last: int | None = None, *, head: bool = False
) -> Answer:
    """What stands there; a server that does not answer at all is an answer too."""
    try:
        return studio.public.head(url) if head else studio.public.get(url, first, last)
    except PillarcastError as error:
        return Answer(0, {"content-type": str(error)})
