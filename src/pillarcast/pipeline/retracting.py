"""Retracting: takes a live episode or article out of feed, pages and blogs, after saying what listeners will notice,
and one that waits out of the queue."""

from __future__ import annotations

from pillarcast.errors import NeedsOwner
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry
from pillarcast.model.naming import Piece, find_piece
from pillarcast.model.number_order import in_order
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.taking import queued_again

NOTICE = (
    "Apps drop it from their lists within hours. Who has downloaded it keeps it. Its page answers 404, its posts "
    "become drafts. Recording, master and guid are kept: nothing is deleted for good, and it can be put back."
)
ARTICLE_NOTICE = (
    "Its page answers 404, it leaves the blog's feed, its posts become drafts. Nothing is deleted for good."
)
QUEUED_NOTICE = (
    "It leaves the queue, and nobody has heard or read it. Nothing is deleted, and it can be put back. It also comes "
    "back where its file gets another name."
)


def notice_of(piece: Piece) -> str:
    """What the public will notice."""
    if piece.published_at is None:
        return QUEUED_NOTICE
    return NOTICE if isinstance(piece, Entry) else ARTICLE_NOTICE


def retractable(catalogue: Catalogue, name: str) -> Piece:
    """The piece that goes by `name`, live or waiting. NeedsOwner where it is gone already."""
    piece = find_piece(catalogue, name)
    if piece.retracted_at is not None:
        raise NeedsOwner(piece.source, "is retracted already", "Look at `pillarcast status`.")
    return piece


def retract(studio: Studio, name: str) -> Piece:
    """Marks the piece as retracted; the next publish carries it out. Repeating it changes nothing."""
    now = studio.clock.now()
    guid = find_piece(studio.store.load().catalogue, name).guid

    def marked(catalogue: Catalogue) -> Catalogue:
        piece = _of(catalogue, guid)
        if piece.retracted_at is not None:
            return catalogue
        gone = piece.model_copy(update={"retracted_at": now})
        return catalogue.with_entry(gone) if isinstance(gone, Entry) else catalogue.with_article(gone)

    return _of(studio.store.change(marked).catalogue, guid)


def put_back(studio: Studio, name: str) -> Piece:
    """Undoes a retraction: guid, date and address are as they were, and the next publish carries it out. NeedsOwner for
    a piece that was not retracted."""
    now, schedule = studio.clock.now(), studio.show.schedule
    guid = find_piece(studio.store.load().catalogue, name).guid

    def standing(catalogue: Catalogue) -> Catalogue:
        piece = _of(catalogue, guid)
        if piece.retracted_at is None:
            raise NeedsOwner(piece.source, "is not retracted", "Look at `pillarcast status`.")
        _check_name(catalogue, piece)
        if isinstance(piece, ArticleEntry):
            return catalogue.with_article(piece.model_copy(update={"retracted_at": None}))
        if piece.published_at is None:
            back = catalogue.with_entry(queued_again(catalogue, piece, schedule, now))
            return in_order(back, guid, now)
        return catalogue.with_entry(piece.model_copy(update={"retracted_at": None}))

    return _of(studio.store.change(standing).catalogue, guid)


def _check_name(catalogue: Catalogue, piece: Piece) -> None:
    """NeedsOwner where a later piece of its kind has its file's name: notes of that name would belong to both."""
    kind = catalogue.entries if isinstance(piece, Entry) else catalogue.articles
    if any(one.source == piece.source and one.retracted_at is None for one in kind):
        mend = "Give that one's files another name, run `pillarcast ingest`, and say this again."
        raise NeedsOwner(piece.source, "is the name of another one's file by now", mend)


def _of(catalogue: Catalogue, guid: str) -> Piece:
    return next(piece for piece in catalogue.pieces if piece.guid == guid)
