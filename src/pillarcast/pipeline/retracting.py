"""Retracting: takes a live episode or article out of feed, pages and blogs, after saying what listeners will notice."""

from __future__ import annotations

from pillarcast.errors import NeedsOwner
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.naming import Piece, find_piece
from pillarcast.pipeline.studio import Studio

NOTICE = (
    "Apps drop it from their lists within hours. Who has downloaded it keeps it. Its page answers 404, its posts "
    "become drafts. The recording, the master and its guid are kept; nothing is deleted for good."
)
ARTICLE_NOTICE = (
    "Its page answers 404, it leaves the blog's feed, its posts become drafts. Nothing is deleted for good."
)


def notice_of(piece: Piece) -> str:
    """What the public will notice."""
    return NOTICE if isinstance(piece, Entry) else ARTICLE_NOTICE


def retractable(catalogue: Catalogue, name: str) -> Piece:
    """The live piece that goes by `name`. NeedsOwner where it is not live."""
    return _live(find_piece(catalogue, name))


def _live(piece: Piece) -> Piece:
    if piece.published_at is None or piece.retracted_at is not None:
        state = "retracted already" if piece.retracted_at else "not live yet"
        raise NeedsOwner(piece.source, f"is {state}", "Only what is live can be retracted.")
    return piece


def retract(studio: Studio, name: str) -> Piece:
    """Marks the piece as retracted; the next publish carries it out. Repeating it changes nothing."""
    now = studio.clock.now()
    guid = find_piece(studio.store.load().catalogue, name).guid

    def marked(catalogue: Catalogue) -> Catalogue:
        piece = _of(catalogue, guid)
        if piece.retracted_at is not None:
            return catalogue
        gone = _live(piece).model_copy(update={"retracted_at": now})
        return catalogue.with_entry(gone) if isinstance(gone, Entry) else catalogue.with_article(gone)

    return _of(studio.store.change(marked).catalogue, guid)


def _of(catalogue: Catalogue, guid: str) -> Piece:
    return next(piece for piece in catalogue.pieces if piece.guid == guid)
