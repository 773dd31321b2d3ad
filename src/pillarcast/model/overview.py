"""Where a show stands: what waits, what is live, what needs its owner, and when the next slot is."""

from __future__ import annotations

from datetime import datetime

from pillarcast.model.addresses import Addresses
from pillarcast.model.base import Instant, Value
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry, Refusal, State
from pillarcast.model.queueing import on_schedule
from pillarcast.model.schedule import next_slot
from pillarcast.model.show import Show


class Line(Value):
    """One episode in a list. `at` is its slot or, once live, its date; `audio` and `warnings` tell of its master."""

    source: str
    title: str
    state: State
    at: Instant | None
    page_url: str = ""
    audio: str = ""
    warnings: tuple[str, ...] = ()


class Overview(Value):
    """`queue` the next to air first, `live` the newest first; `articles` are those that wait for their hour,
    `approvals` the runs that wait for a person's yes."""

    show: str
    feed_url: str
    site_url: str
    next_slot: Instant
    airs_next: str
    queue: tuple[Line, ...]
    live: tuple[Line, ...]
    refused: tuple[Refusal, ...]
    unfinished_posts: tuple[str, ...]
    articles: tuple[Line, ...] = ()
    approvals: tuple[str, ...] = ()


def overview_of(show: Show, catalogue: Catalogue, addresses: Addresses, now: datetime, newest: int = 10) -> Overview:
    """The overview at `now`, with the `newest` live episodes."""
    queue = on_schedule(catalogue, show.schedule, now).queue
    upcoming = next((entry for entry in queue if entry.slot), None)
    return Overview(
        show=show.show.title,
        feed_url=addresses.feed,
        site_url=addresses.home,
        next_slot=next_slot(show.schedule, now),
        airs_next=upcoming.episode.title if upcoming else "",
        queue=tuple(_line(entry, addresses) for entry in queue),
        live=tuple(_line(entry, addresses) for entry in catalogue.live[:newest]),
        refused=catalogue.refusals,
        unfinished_posts=tuple(name for name, record in catalogue.posts.items() if not record.ref),
        articles=tuple(
            _article_line(article)
            for article in sorted(catalogue.articles, key=lambda one: one.slot)
            if article.published_at is None and article.retracted_at is None
        ),
    )


def _article_line(article: ArticleEntry) -> Line:
    return Line(source=article.source, title=article.title, state=State.QUEUED, at=article.slot)


def _line(entry: Entry, addresses: Addresses) -> Line:
    is_live = entry.state is State.LIVE
    return Line(
        source=entry.source,
        title=entry.episode.title,
        state=entry.state,
        at=entry.published_at if is_live else entry.slot,
        page_url=addresses.page(entry.slug) if is_live else "",
        audio=entry.master.words if entry.master else "",
        warnings=entry.master.warnings if entry.master and not is_live else (),
    )
