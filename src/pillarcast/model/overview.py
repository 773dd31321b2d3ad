"""Where a show stands: what waits, what is live, what needs its owner, and when the next slot is."""

from __future__ import annotations

from datetime import datetime

from pillarcast.model.addresses import Addresses, article_key
from pillarcast.model.base import Instant, Value
from pillarcast.model.catalogue import Catalogue, Entry, Refusal, State
from pillarcast.model.ledger import unfinished
from pillarcast.model.queue_words import filling
from pillarcast.model.queueing import airing_at, on_schedule
from pillarcast.model.schedule import next_slot
from pillarcast.model.show import Show


class Line(Value):
    """One episode in a list. `at` is its slot or, once live, its date; `audio` and `warnings` tell of its master.
    Overdue is what should be live by now: the next run airs it. Unfinished is what a run put on air that never came to
    the feed: the next one finishes it."""

    source: str
    title: str
    state: State
    at: Instant | None
    page_url: str = ""
    audio: str = ""
    warnings: tuple[str, ...] = ()
    is_overdue: bool = False
    is_unfinished: bool = False


class Overview(Value):
    """`queue` the next to air first, `live` the newest first; `articles` are those that wait for their hour.
    `airs_next` is what the next slot has, and what was missed before; it is empty where that is nothing.
    `fills_next` says then how it gets the first episode that waits behind it, if one does.

    `live_articles` are the newest of those that the public can read. Commands take what `source` says. `approvals` are
    the runs that wait for a person's yes. `copies` says which drops are the recording of an episode a second time.
    """

    show: str
    feed_url: str
    site_url: str
    next_slot: Instant
    airs_next: str
    fills_next: str
    queue: tuple[Line, ...]
    live: tuple[Line, ...]
    refused: tuple[Refusal, ...]
    unfinished_posts: tuple[str, ...]
    articles: tuple[Line, ...] = ()
    live_articles: tuple[Line, ...] = ()
    approvals: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()


def overview_of(show: Show, catalogue: Catalogue, addresses: Addresses, now: datetime, newest: int = 10) -> Overview:
    """The overview at `now`, with the `newest` live episodes and articles."""
    scheduled = on_schedule(catalogue, show.schedule, now)
    slot = next_slot(show.schedule, now)
    airing = airing_at(scheduled, slot)
    left = {entry.guid for entry in unfinished(catalogue)}
    return Overview(
        show=show.show.title,
        feed_url=addresses.feed,
        site_url=addresses.home,
        next_slot=slot,
        airs_next=airing[0].episode.title if airing else "",
        fills_next="" if airing else filling(scheduled, show.schedule.tz),
        queue=tuple(_waiting(entry, now) for entry in scheduled.queue),
        live=tuple(_live(entry, addresses, is_unfinished=entry.guid in left) for entry in catalogue.live[:newest]),
        refused=catalogue.refusals,
        unfinished_posts=tuple(
            name for name, record in catalogue.posts.items() if not record.ref and not record.is_withdrawn
        ),
        articles=_article_lines(catalogue, addresses, State.QUEUED),
        live_articles=_article_lines(catalogue, addresses, State.LIVE)[::-1][:newest],
    )


def _article_lines(catalogue: Catalogue, addresses: Addresses, state: State) -> tuple[Line, ...]:
    """The articles in that state, the earliest first."""
    is_live = state is State.LIVE
    return tuple(
        Line(
            source=article.source,
            title=article.title,
            state=state,
            at=article.published_at or article.slot,
            page_url=addresses.of(article_key(article.slug)) if is_live else "",
        )
        for article in sorted(catalogue.articles, key=lambda one: one.published_at or one.slot)
        if article.retracted_at is None and (article.published_at is not None) is is_live
    )


def _waiting(entry: Entry, now: datetime) -> Line:
    return Line(
        source=entry.source,
        title=entry.episode.title,
        state=entry.state,
        at=entry.slot,
        audio=entry.master.words if entry.master else "",
        warnings=entry.master.warnings if entry.master else (),
        is_overdue=entry.state is State.QUEUED and entry.slot is not None and entry.slot < now,
    )


def _live(entry: Entry, addresses: Addresses, *, is_unfinished: bool) -> Line:
    return Line(
        source=entry.source,
        title=entry.episode.title,
        state=entry.state,
        at=entry.published_at,
        page_url=addresses.page(entry.slug),
        audio=entry.master.words if entry.master else "",
        is_unfinished=is_unfinished,
    )
