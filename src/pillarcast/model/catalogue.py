"""The catalogue: our record of every episode and of what was done for it. One object per show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, WrapSerializer

from pillarcast.model.addresses import media_key
from pillarcast.model.base import FileName, FileRef, Instant, Value
from pillarcast.model.card import Card, filed, words_of
from pillarcast.model.entries import Entries, Kept
from pillarcast.model.episode import Episode
from pillarcast.model.master import Master
from pillarcast.model.shelf import Receipts, Shelf, Written


class State(StrEnum):
    """Where an episode is on its way; follows from the entry, is never stored."""

    WAITING = "waiting for its master"
    QUEUED = "queued"
    LIVE = "live"
    RETRACTED = "retracted"


class Entry(Value):
    """One episode. `guid` is minted once; `slot` may move; `published_at` is set once and then fixed (pubDate).

    `is_pinned` where its notes name the hour, `is_placed` where its owner moved it to its place in the queue.
    """

    guid: str
    slug: str
    source: FileName
    recording: FileRef | None
    episode: Episode
    notes: FileRef | None = None
    artwork: FileRef | None = None
    transcript: FileRef | None = None
    master: Master | None = None
    alternates: tuple[Master, ...] = ()
    slot: Instant | None = None
    is_pinned: bool = False
    is_placed: bool = False
    dropped_at: Instant
    published_at: Instant | None = None
    retracted_at: Instant | None = None
    media_url: str = ""

    @property
    def state(self) -> State:
        if self.retracted_at is not None:
            return State.RETRACTED
        if self.published_at is not None:
            return State.LIVE
        return State.QUEUED if self.master is not None else State.WAITING

    @property
    def card(self) -> Card:
        file = self.master.file if self.master else None
        is_elsewhere = bool(file and self.media_url and not file.key)
        return Card(
            self.guid,
            self.slug,
            self.source,
            *words_of(self.episode),
            published_at=self.published_at,
            retracted_at=self.retracted_at,
            audio=self._named(file) if file and not is_elsewhere else "",
            media_url=self.media_url if is_elsewhere else "",
            is_kept=bool(file and file.key),
            length_bytes=file.length_bytes if file else 0,
            duration_s=self.master.duration_s if self.master else 0.0,
            notes=filed(self.notes),
            artwork=filed(self.artwork),
            transcript=filed(self.transcript),
        ).with_face()

    def _named(self, audio: FileRef) -> str:
        """Empty for a kind of audio that we give no name: who makes it public says so, and nobody else minds."""
        with suppress(KeyError):
            return media_key(audio.sha256, self.slug, audio.media_type)
        return ""


EntriesOf = Annotated[
    Sequence[Entry],
    AfterValidator(Entries.of),
    WrapSerializer(lambda entries, written: written(tuple(entries))),
]


class ArticleEntry(Value):
    """One article: a post without audio."""

    guid: str
    slug: str
    source: FileName
    title: str
    summary: str = ""
    body: FileRef
    artwork: FileRef | None = None
    artwork_alt: str = ""
    tags: tuple[str, ...] = ()
    programming_note: str | None = None
    slot: Instant
    published_at: Instant | None = None
    retracted_at: Instant | None = None


class BuiltFeed(Value):
    """Since when a document of ours says what it says: `content` is a digest of all but that date (lastBuildDate)."""

    content: str
    at: Instant | None = None


class PostRecord(Value):
    """Intent and receipt of one post on one blog. Without `ref` it is an intent whose outcome is not known yet.

    `content_digest` is of what stood there when we had written, `is_draft` says that it was no public post then.
    """

    key: str
    inputs: str
    ref: str = ""
    url: str = ""
    content_digest: str = ""
    is_withdrawn: bool = False
    is_draft: bool = False


class Refusal(Value):
    """A drop that could not be taken, shown by `status` until it is mended."""

    source: FileName
    what: str
    at: Instant


class LedgerLine(Value):
    """What listeners' apps were once told of an episode; a change of it makes them download again."""

    guid: str
    url: str
    length_bytes: int
    published_at: Instant


class Catalogue(Value):
    """`entries` in the order of their drop. `written` and `posts` are receipts, `built` the dates of feeds, by key.

    Receipts of episodes that need nothing are not among `written`: they lie on shelves, in `settled`, each under a seal
    over all that they depend on. `revision` counts the changes of entries and articles; each is kept as a version.
    """

    format: Literal[1] = 1
    revision: int = 0
    show_guid: str
    entries: EntriesOf = ()
    articles: tuple[ArticleEntry, ...] = ()
    written: dict[str, Written] = {}
    settled: dict[str, Shelf] = {}
    posts: dict[str, PostRecord] = {}
    refusals: tuple[Refusal, ...] = ()
    ledger: tuple[LedgerLine, ...] = ()
    announced: dict[str, str] = {}
    built: dict[str, BuiltFeed] = {}

    def entry(self, guid: str) -> Entry:
        return next(one.entry for one in self.kept.kept if one.card.guid == guid)

    def with_entry(self, changed: Entry) -> Catalogue:
        """The catalogue with `changed` in the place of the entry of the same guid, or at the end."""
        kept = self.kept
        if any(card.guid == changed.guid for card in kept.cards):
            entries = kept.changed({changed.guid}, lambda _: changed)
        else:
            entries = Entries((*kept.kept, Kept(changed)))
        return self.model_copy(update={"entries": entries})

    def with_article(self, changed: ArticleEntry) -> Catalogue:
        """The catalogue with `changed` in the place of the article of the same guid."""
        articles = tuple(changed if article.guid == changed.guid else article for article in self.articles)
        return self.model_copy(update={"articles": articles})

    @property
    def receipts(self) -> Receipts:
        """All receipts, loose and on shelves."""
        return Receipts(self.written, self.settled.values())

    def opened(self, seals: Iterable[str]) -> Catalogue:
        """The catalogue with the receipts of these shelves lying loose; one that lay loose already stays."""
        opened = {seal: shelf for seal, shelf in self.settled.items() if seal in {*seals}}
        if not opened:
            return self
        loose = {key: written for shelf in opened.values() for key, written in shelf.written()}
        settled = {seal: shelf for seal, shelf in self.settled.items() if seal not in opened}
        return self.model_copy(update={"written": loose | self.written, "settled": settled})

    def opened_at(self, keys: Iterable[str]) -> Catalogue:
        """The catalogue with every shelf opened on which the receipt of one of these keys lies."""
        wanted = {*keys}
        return self.opened([seal for seal, shelf in self.settled.items() if not wanted.isdisjoint(shelf.keys)])

    @property
    def pieces(self) -> tuple[Entry | ArticleEntry, ...]:
        """Episodes and articles: everything that may have posts."""
        return (*self.entries, *self.articles)

    @property
    def kept(self) -> Entries[Entry]:
        """The entries, parsed where one is asked for, and their cards."""
        return Entries.of(self.entries)

    def parsed(self) -> Catalogue:
        """The same, once every entry was looked at. PillarcastError where one turns out to be none."""
        tuple(self.entries)
        return self

    @property
    def live(self) -> Entries[Entry]:
        """Live episodes, newest first; the order of the feed and of every list."""
        return self.kept.live

    @property
    def waiting(self) -> Entries[Entry]:
        """What never aired and may."""
        return self.kept.where(lambda card: card.published_at is None and card.retracted_at is None)

    @property
    def queue(self) -> tuple[Entry, ...]:
        """What waits for its slot, the next to air first."""
        waiting = [entry for entry in self.waiting if entry.slot]
        return tuple(sorted(waiting, key=lambda entry: (entry.slot, entry.dropped_at)))

    @property
    def retracted_slugs(self) -> set[str]:
        """Of episodes and articles."""
        episodes = {card.slug for card in self.kept.cards if card.retracted_at}
        return episodes | {article.slug for article in self.articles if article.retracted_at}
