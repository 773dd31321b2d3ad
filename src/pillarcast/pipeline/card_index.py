"""The card index: in the catalogue, beside entries that lie deflated together, the cards of all of them.

Each of its rows is named by a digest of those deflated bytes and of our own code. So a row says what this very code
found in these very entries, and whoever finds no row of that name parses the entries. It is no second truth.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from pydantic_core import from_json, to_json

from pillarcast.model.base import digest
from pillarcast.model.card import Card, Filed
from pillarcast.model.episode import EpisodeKind
from pillarcast.pipeline.own_code import code_digest
from pillarcast.render.gzip_stitch import Piece

_KINDS = {kind.value: kind for kind in EpisodeKind}
_NAME = 32


class Row(NamedTuple):
    """What the index says of one piece of the catalogue; `stamps` are digests of the lines of its entries."""

    piece: Piece
    cards: tuple[Card, ...]
    stamps: tuple[str, ...]


def name_of(deflated: bytes) -> str:
    return digest(code_digest(), deflated)


def stamp_of(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:_NAME]


def row_text(row: Row) -> bytes:
    """The row as it stands in the catalogue; in columns, which deflate well and are read at once."""
    piece = row.piece
    told = ((piece.crc, piece.power, piece.length_bytes), row.stamps, *zip(*row.cards, strict=True))
    return b'"' + name_of(piece.deflated).encode() + b'":' + to_json(told)


def rows_by_name(texts: Iterable[bytes]) -> dict[str, bytes]:
    """The rows of an index, nothing of them read yet."""
    return {text[1 : _NAME + 1].decode("ascii", "replace"): text for text in texts}


def read_row(deflated: bytes, text: bytes) -> Row:
    """ValueError for what is no row."""
    try:
        sizes, stamps, *columns = from_json(text[_NAME + 3 :], cache_strings="none")
        _check(sizes, {int})
        read = [[*map(reader, column)] if reader else column for reader, column in zip(_READERS, columns, strict=True)]
        _check(stamps, {str})
        for column, kinds in zip(read, _TYPES, strict=True):
            _check(column, kinds)
        cards = tuple(map(Card._make, zip(*read, strict=True)))
        if len(cards) != len(stamps) or min(sizes) < 0:
            raise ValueError("it is no row of the index")
        return Row(Piece(deflated, *sizes), cards, tuple(stamps))
    except (TypeError, LookupError) as error:
        raise ValueError("it is no row of the index") from error


def _check(values: Sequence[object], kinds: set[type]) -> None:
    if not kinds.issuperset(map(type, values)):
        raise TypeError


def _moment(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _words(told: Sequence[str]) -> tuple[str, ...]:
    _check(told, {str})
    return tuple(told)


def _filed(told: Sequence[str] | None) -> Filed | None:
    return Filed(*_words(told)) if told else None


def _types(hint: Any) -> set[type]:
    return {tuple} if get_origin(hint) is tuple else {*(get_args(hint) or (hint,))}


_SPELT: dict[str, Callable[[Any], Any]] = {
    "kind": _KINDS.__getitem__,
    "people": _words,
    "tags": _words,
    "published_at": _moment,
    "retracted_at": _moment,
    "notes": _filed,
    "artwork": _filed,
    "transcript": _filed,
}
"""What JSON has no word for."""
_READERS = tuple(map(_SPELT.get, Card._fields))
_TYPES = tuple(map(_types, get_type_hints(Card).values()))
