"""The plan: what publishing would change, as data. `plan` prints it, `publish` carries out the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, assert_never

from pillarcast.model.addresses import MEDIA
from pillarcast.model.base import digest
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry, PostRecord
from pillarcast.model.ledger import unfinished
from pillarcast.model.post import Post
from pillarcast.model.shelf import Receipts
from pillarcast.model.wanted import Parts, Step, Wanted, WantedCopy, WantedObject

PieceT = TypeVar("PieceT", Entry, ArticleEntry)


@dataclass(frozen=True)
class WantedPost:
    """A post that should stand on a blog; `render` is given the bytes of `needs`."""

    blog: str
    key: str
    title: str
    inputs: str
    render: Callable[[Parts], Post] = field(compare=False, repr=False)
    needs: tuple[str, ...] = ()
    is_withdrawn: bool = False

    @property
    def record(self) -> str:
        """The name of its record in the catalogue."""
        return f"{self.blog}/{self.key}"


@dataclass(frozen=True)
class Air:
    """An episode or article becomes live; `published_at` is fixed from then on. Of an episode also where an earlier run
    fixed it and never came to the feed."""

    guid: str
    title: str
    published_at: datetime


@dataclass(frozen=True)
class Postpone:
    """An episode that missed its slot gets another one."""

    guid: str
    title: str
    slot: datetime


@dataclass(frozen=True)
class TagAnew:
    """An episode airs on another day than its master says: only the tags change, and with them the file's address."""

    guid: str
    title: str
    airs_at: datetime


@dataclass(frozen=True)
class CopyPublic:
    """The address of what `is_tagged_first` is known once it is tagged."""

    wanted: WantedCopy
    is_tagged_first: bool = False


@dataclass(frozen=True)
class WriteObject:
    wanted: WantedObject
    is_new: bool


@dataclass(frozen=True)
class WritePost:
    wanted: WantedPost
    is_new: bool


@dataclass(frozen=True)
class RemoveObject:
    """What stands there and should not; removed after the feed stopped naming it."""

    key: str


Action = Air | Postpone | TagAnew | CopyPublic | WriteObject | WritePost | RemoveObject


@dataclass(frozen=True)
class Plan:
    """In the order in which it is carried out. Empty when the public sees what it should."""

    actions: tuple[Action, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.actions)

    def of(self, step: Step) -> Iterator[Action]:
        return (action for action in self.actions if step_of(action) is step)

    @property
    def airs(self) -> tuple[Air, ...]:
        return tuple(action for action in self.actions if isinstance(action, Air))

    @property
    def is_seen(self) -> bool:
        """Whether the public sees any of it: another slot and other tags alone are no news to it."""
        return any(not isinstance(action, Postpone | TagAnew) for action in self.actions)


def step_of(action: Action) -> Step:
    match action:
        case Air() | Postpone() | TagAnew():
            return Step.AIR
        case CopyPublic():
            return Step.MEDIA
        case WriteObject(wanted=wanted):
            return wanted.step
        case WritePost():
            return Step.POSTS
        case RemoveObject():
            return Step.REMOVE
    assert_never(action)


def postponements(before: Catalogue, after: Catalogue) -> Iterator[Postpone]:
    """Nothing but what waits is ever postponed."""
    slots = {entry.guid: entry.slot for entry in before.waiting}
    for entry in after.waiting:
        if entry.slot is not None and entry.slot != slots.get(entry.guid):
            yield Postpone(entry.guid, entry.episode.title, entry.slot)


def due(catalogue: Catalogue, now: datetime) -> tuple[Entry, ...]:
    """The episodes whose slot has come and whose master is there, the oldest slot first."""
    return tuple(entry for entry in catalogue.queue if entry.master and entry.slot is not None and entry.slot <= now)


def aired(catalogue: Catalogue, airs: Iterable[Air]) -> Catalogue:
    """The catalogue once `airs` stand in it; what is live already keeps its date."""
    dates = {air.guid: air.published_at for air in airs}

    def live(piece: PieceT) -> PieceT:
        return piece.model_copy(update={"published_at": dates[piece.guid]}) if piece.published_at is None else piece

    entries = catalogue.kept.changed(dates, live)
    articles = tuple(live(article) if article.guid in dates else article for article in catalogue.articles)
    return catalogue.model_copy(update={"entries": entries, "articles": articles})


def left_to_air(catalogue: Catalogue) -> tuple[Air, ...]:
    """What an earlier run put into the catalogue and no feed named: it keeps its date, and its audio as it was tagged
    for that date, which may be public already."""
    return tuple(
        Air(entry.guid, entry.episode.title, entry.published_at)
        for entry in unfinished(catalogue)
        if entry.published_at is not None
    )


def difference(catalogue: Catalogue, objects: Iterable[Wanted], posts: Iterable[WantedPost]) -> Plan:
    """What is wanted and has no receipt yet, and what has one and is no longer wanted.

    Audio and pictures that were replaced stay: an app that read the last feed may still ask for them.
    Those of retracted episodes go, earlier ones included.
    """
    wanted = {thing.key: thing for thing in objects}
    receipts = catalogue.receipts
    writes = [_write(thing, receipts) for thing in wanted.values() if not _is_done(thing, receipts)]
    post_writes = [
        WritePost(post, is_new=post.record not in catalogue.posts)
        for post in posts
        if not is_posted(catalogue.posts.get(post.record), post)
    ]
    retracted = catalogue.retracted_slugs
    removals = [
        RemoveObject(key)
        for key in sorted(catalogue.written)
        if key not in wanted
        and (slug_of_media(key) in retracted or not key.startswith(MEDIA))
        and key not in receipts.shelved  # what lies on a shelf is wanted
    ]
    return Plan(tuple(sorted([*writes, *post_writes, *removals], key=step_of)))


def with_dates_of_feeds(catalogue: Catalogue, plan: Plan) -> Catalogue:
    """The catalogue once it knows since when each feed that `plan` writes says what it says."""
    written = {action.wanted.key: action.wanted.built for action in plan.actions if isinstance(action, WriteObject)}
    removed = {action.key for action in plan.actions if isinstance(action, RemoveObject)}
    dates = {key: built for key, built in written.items() if built is not None}
    kept = {key: built for key, built in catalogue.built.items() if key not in removed}
    if not dates and len(kept) == len(catalogue.built):
        return catalogue
    return catalogue.model_copy(update={"built": kept | dates})


def slug_of_media(key: str) -> str:
    """Whose a public media file is, by its name."""
    return key.rpartition("/")[2].partition(".")[0] if key.startswith(MEDIA) else ""


def inputs_of(thing: Wanted) -> str:
    match thing:
        case WantedObject(inputs=inputs):
            return inputs
        case WantedCopy(source=source, file_name=file_name):
            return digest(source.sha256, file_name)
    assert_never(thing)


def is_posted(record: PostRecord | None, post: WantedPost) -> bool:
    if record is None:
        return post.is_withdrawn
    if post.is_withdrawn:
        return record.is_withdrawn
    return bool(record.ref) and not record.is_withdrawn and record.inputs == post.inputs


def _is_done(thing: Wanted, receipts: Receipts) -> bool:
    receipt = receipts.get(thing.key)
    return receipt is not None and receipt.inputs == inputs_of(thing)


def _write(thing: Wanted, receipts: Receipts) -> Action:
    match thing:
        case WantedObject():
            return WriteObject(thing, is_new=thing.key not in receipts)
        case WantedCopy():
            return CopyPublic(thing)
    assert_never(thing)
