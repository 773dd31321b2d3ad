"""Restoring: an earlier version of the catalogue brought back, or a lost one made again from what the bucket holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from pillarcast.errors import NeedsOwner
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry
from pillarcast.model.ledger import untold, with_lines
from pillarcast.pipeline.intending import Touched, doubted
from pillarcast.pipeline.rebuilding import feed_items, rebuilt, with_all_of_the_feed
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.versions import Version, newest_revision, versions
from pillarcast.render.feed_items import FeedItem

PieceT = TypeVar("PieceT", Entry, ArticleEntry)
_KNOWN_OF_ARTICLES = frozenset({"slug", "slot", "published_at", "retracted_at"})
_KNOWN_OF_EPISODES = _KNOWN_OF_ARTICLES | {"recording", "master", "alternates", "media_url"}
_HOUR_OF_EPISODES = {"slot", "is_pinned", "is_placed"}


def restore(studio: Studio, revision: int) -> Catalogue:
    """Brings the words and the queue of a kept version back. What listeners know stays: guids, dates, audio, addresses.

    Pieces that came later stay as well, what was retracted stays so, and no hour that has passed meanwhile comes back.

    NeedsOwner where no such version is kept.
    """
    return put_back(studio, kept_version(studio, revision).catalogue)


def kept_version(studio: Studio, revision: int) -> Version:
    """NeedsOwner where no such version is kept."""
    kept = {version.revision: version for version in versions(studio.bucket)}
    if revision not in kept:
        there = ", ".join(str(number) for number in kept) or "none"
        raise NeedsOwner("restore", f"no version {revision} is kept", f"There are: {there}.")
    return kept[revision]


def recovered(studio: Studio) -> Catalogue:
    """In the place of a catalogue that is lost or cannot be read: the newest version, else one made from the bucket."""
    kept = versions(studio.bucket)
    return put_back(studio, kept[0].catalogue if kept else rebuilt(studio))


def put_back(studio: Studio, catalogue: Catalogue) -> Catalogue:
    """Writes a catalogue in the place of whatever stands there, as its newest revision.

    Receipts are doubted, so that the next publish looks at everything again.
    """
    standing = studio.store.standing()
    items = feed_items(studio)
    joined = kept_promises(merged(catalogue, standing.catalogue, studio.clock.now()), items)
    # What stood there may be unreadable, and more may have gone on air since that version: it must not leave the feed.
    joined = with_all_of_the_feed(studio, joined, items)
    # What the feed names is no news to apps: a version is older than the lines of its own publish.
    joined = with_lines(joined, [entry.card for entry in untold(joined) if entry.guid in items], studio.addresses)
    objects = {*catalogue.receipts.every(), *standing.catalogue.receipts.every()}
    doubtful = doubted(joined, Touched(objects=objects))
    return studio.store.replace(
        doubtful.model_copy(update={"revision": newest_revision(studio.bucket) + 1}), standing
    ).catalogue


def merged(version: Catalogue, standing: Catalogue, moment: datetime) -> Catalogue:
    """The version, with what it cannot know: later pieces, what went on air, and the receipts of posts and of the feed.

    Without the newest receipts of posts our own words would pass for the owner's.
    """
    entries = _all_of(version.entries, standing.entries, _KNOWN_OF_EPISODES, _HOUR_OF_EPISODES, moment)
    articles = _all_of(version.articles, standing.articles, _KNOWN_OF_ARTICLES, {"slot"}, moment)
    pieces: tuple[Entry | ArticleEntry, ...] = (*entries, *articles)
    taken = {piece.slug for piece in pieces if piece.published_at}
    changes = {
        "show_guid": (standing if standing.pieces else version).show_guid,
        "entries": tuple(_at_own_address(entry, taken) for entry in entries),
        "articles": tuple(_at_own_address(article, taken) for article in articles),
        "posts": version.posts | standing.posts,
        "ledger": standing.ledger or version.ledger,
        "built": version.built | standing.built,
    }
    return version.model_copy(update=changes)


def _all_of(
    then: Iterable[PieceT], now: Iterable[PieceT], once_live: Collection[str], hour: Collection[str], moment: datetime
) -> tuple[PieceT, ...]:
    pieces = {piece.guid: piece for piece in then}
    for piece in now:
        known = once_live if piece.published_at else hour
        pieces[piece.guid] = _joined(pieces.get(piece.guid, piece), piece, known, moment)
    return tuple(pieces.values())


def _joined(then: PieceT, now: PieceT, known: Collection[str], moment: datetime) -> PieceT:
    """What was then, but for its name in the folder, which is a fact of today; and for what is `known` now of a piece
    that went on air, or whose hour of then has passed: such a one would air at once."""
    is_as_then = now.published_at is None and not (then.slot and then.slot <= moment)
    names = ("source", "retracted_at") if is_as_then else ("source", "retracted_at", *known)
    return then.model_copy(update={name: getattr(now, name) for name in names})


def _at_own_address(piece: PieceT, taken: set[str]) -> PieceT:
    """A later piece may have the address that this one had then. `taken` grows by what waits."""
    if piece.published_at is not None:
        return piece
    slug = piece.slug if piece.slug not in taken else f"{piece.slug}-{piece.guid[:8]}"
    taken.add(slug)
    return piece.model_copy(update={"slug": slug})


def kept_promises(catalogue: Catalogue, items: Mapping[str, FeedItem]) -> Catalogue:
    """Whatever the feed names is on air since the date that it says, whatever a version knows."""
    entries = tuple(
        entry.model_copy(update={"published_at": items[entry.guid].published_at})
        if entry.guid in items and entry.published_at is None
        else entry
        for entry in catalogue.entries
    )
    return catalogue.model_copy(update={"entries": entries})
