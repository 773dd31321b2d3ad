"""What tells a version of the catalogue from the one before, in a few words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pillarcast.model.catalogue import Catalogue
from pillarcast.model.naming import Piece, title_of

_NAMED = 2
"""More pieces of one change are counted."""
# The first of these fields that changed says what became of a piece.
_CHANGES: dict[str, str] = {
    "retracted_at": "{} retracted",
    "published_at": "{} live",
    "recording": "audio of {}",
    "master": "master of {}",
    "episode": "notes of {}",
    "notes": "notes of {}",
    "title": "notes of {}",
    "body": "notes of {}",
    "artwork": "artwork of {}",
    "transcript": "transcript of {}",
    "slot": "{} moved",
    "source": "file name of {}",
}
_OTHER = "details of {}"


def what_changed(before: Catalogue, after: Catalogue) -> str:
    """Such as `“Two” queued, notes of “One”`; empty where no piece did."""
    pieces: dict[str, list[Piece]] = defaultdict(list)
    for words, piece in _changes(before, after):
        pieces[words].append(piece)
    return ", ".join(words.format(_told(some)) for words, some in pieces.items())


def _changes(before: Catalogue, after: Catalogue) -> Iterator[tuple[str, Piece]]:
    old = {piece.guid: piece for piece in before.pieces}
    new = {piece.guid: piece for piece in after.pieces}
    for guid, piece in new.items():
        if guid not in old:
            yield "{} live" if piece.published_at else "{} queued", piece
        elif piece != old[guid]:
            yield _change(old[guid], piece), piece
    yield from (("without {}", piece) for guid, piece in old.items() if guid not in new)


def _change(old: Piece, new: Piece) -> str:
    then, now = dict(old), dict(new)
    return next((words for name, words in _CHANGES.items() if then.get(name) != now.get(name)), _OTHER)


def _told(pieces: list[Piece]) -> str:
    if len(pieces) > _NAMED:
        return f"{len(pieces)} pieces"
    return " and ".join(f"“{title_of(piece)}”" for piece in pieces)
