"""The catalogue as bytes, and back: one JSON document, with each entry on a line of its own.

So an entry that stays as it is was parsed once and is never written anew: its line is. What grows with the archive is
deflated in pieces, and a piece that says what it said goes back as it came; of most pieces with entries the card index
tells enough, and they are not even inflated.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import takewhile
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from pillarcast.errors import PillarcastError, Unsupported
from pillarcast.model.addresses import CATALOGUE
from pillarcast.model.catalogue import Catalogue, Entry, LedgerLine
from pillarcast.model.entries import Entries, Kept
from pillarcast.model.shelf import SHELF, Shelf
from pillarcast.pipeline.card_index import name_of, read_row, rows_by_name
from pillarcast.pipeline.lines import BETWEEN, TOGETHER, Laid, Lines, unreadable
from pillarcast.pipeline.uncollected import uncollected
from pillarcast.render.gzip_stitch import Piece, check_stitched, inflated, parted, stitch

_MOST_BYTES = 256_000_000
_INDEX, _INDEXED, _BEGIN, _END = b',"cards":{\n', b"\n}", b',"entries":[\n', b"\n]}"
_SHORTEST = len('{"guid":""}')
_SHELVES_TOGETHER = TOGETHER // SHELF
_SHELVES = TypeAdapter(dict[str, Shelf])
_LEDGER = TypeAdapter(tuple[LedgerLine, ...])
T = TypeVar("T")


def packed(catalogue: Catalogue, lines: Lines) -> bytes:
    """Equal catalogues, equal bytes, but for how an earlier program wrote an entry.

    PillarcastError where the bytes would not say what the catalogue does: entries that are lost come back from nowhere.
    """
    kept = catalogue.kept.kept
    laid = lines.laid([*_cut(kept, TOGETHER)])
    _check_laid(laid, kept)
    head = [*_texts(catalogue), *_indexed(sheet.row for sheet in laid if sheet.row), _BEGIN]
    *before, end = lines.deflated([*head, _END])
    return stitch([*before, *(sheet.piece for sheet in laid), end])


def _check_laid(laid: Iterable[Laid], kept: tuple[Kept[Entry], ...]) -> None:
    held = [one for sheet in laid if sheet.piece.length_bytes >= _SHORTEST * len(sheet.kept) for one in sheet.kept]
    if len(held) != len(kept) or any(one is not another for one, another in zip(held, kept, strict=True)):
        what = f"would be written with {len(held)} of its {len(kept)} entries"
        raise PillarcastError(CATALOGUE, what, "This is a fault of ours; please tell us. Nothing was changed.")


def _texts(catalogue: Catalogue) -> Iterator[bytes]:
    """What stands before the entries, cut where it is deflated apart: what has become longer has the same pieces, and
    one more."""
    short = catalogue.model_copy(update={"entries": (), "settled": {}, "ledger": ()})
    yield short.model_dump_json(exclude_defaults=True).removesuffix("}").encode()
    if catalogue.settled:
        yield b',"settled":{'
        shelves = _cut(tuple(catalogue.settled.items()), _SHELVES_TOGETHER)
        yield from _apart(_SHELVES.dump_json(dict(some))[1:-1] for some in shelves)
        yield b"}"
    if catalogue.ledger:
        yield b',"ledger":['
        yield from _apart(_LEDGER.dump_json(some)[1:-1] for some in _cut(catalogue.ledger, TOGETHER))
        yield b"]"


def _indexed(rows: Iterable[bytes]) -> Iterator[bytes]:
    apart = [*_apart(rows)]
    if apart:
        yield _INDEX
        yield from apart
        yield _INDEXED


def _cut(things: tuple[T, ...], together: int) -> Iterator[tuple[T, ...]]:
    return (things[start : start + together] for start in range(0, len(things), together))


def _apart(texts: Iterable[bytes]) -> Iterator[bytes]:
    return (BETWEEN + text if place else text for place, text in enumerate(texts))


def unpacked(body: bytes) -> Catalogue:
    """PillarcastError for what is no catalogue; Unsupported for that of a later version of ours."""
    return read(body)[0]


def read(body: bytes) -> tuple[Catalogue, Lines]:
    """As `unpacked`, with the lines of its entries."""
    try:
        with uncollected():
            return _read(body)
    except ValidationError as error:
        if unknown := _unknown_words(error):
            what = f"was written by a newer pillarcast, which knows {', '.join(sorted(unknown))}"
            raise Unsupported(CATALOGUE, what, "Upgrade pillarcast on this machine. Nothing was changed.") from error
        raise unreadable(error) from error
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise unreadable(error) from error


def _read(body: bytes) -> tuple[Catalogue, Lines]:
    """Whatever was not laid out in lines by us is read as a whole."""
    with suppress(ValueError):  # a ValidationError is one
        return _in_pieces(body)
    text = text_of(body)
    with suppress(ValidationError):
        before, _, rows = text.removesuffix(_END).partition(_BEGIN)
        lines = Lines()
        return _catalogue(before.partition(_INDEX)[0], lines.parsed(rows)), lines
    return Catalogue.model_validate_json(_without_index(text)), Lines()


def _in_pieces(body: bytes) -> tuple[Catalogue, Lines]:
    """As we laid it out. ValueError for anything else."""
    inflating, deflated = _Inflating(), iter(parted(body))
    before = [*takewhile(lambda text: text != _BEGIN, map(inflating.text, deflated))]
    known = tuple(zip([*before, _BEGIN], inflating.pieces, strict=True))
    *entries, end = deflated
    index = before.index(_INDEX) if _INDEX in before else len(before)
    rows = rows_by_name(text.removeprefix(BETWEEN) for text in before[index + 1 : -1])
    lines = Lines(known)
    kept = [one for some in entries for one in _sheet(some, rows, lines, inflating)]
    if inflating.text(end) != _END:
        raise ValueError("its end is another")
    check_stitched(body, inflating.pieces)
    return _catalogue(b"".join(before[:index]), kept), lines


def _sheet(deflated: bytes, rows: Mapping[str, bytes], lines: Lines, inflating: _Inflating) -> tuple[Kept[Entry], ...]:
    """Not even inflated where the index tells of it."""
    told = rows.get(name_of(deflated)) if rows else None
    if told is None:
        text = inflating.text(deflated)
        return lines.parsed(text, inflating.pieces[-1])
    row = read_row(deflated, told)
    inflating.pass_over(row.piece)
    return lines.unread(row, told)


class _Inflating:
    """Piece after piece; together no more than any show can have: a few bytes may stand for gigabytes."""

    def __init__(self) -> None:
        self._left = _MOST_BYTES
        self.pieces: list[Piece] = []

    def text(self, deflated: bytes) -> bytes:
        text, piece = inflated(deflated, self._left)
        self.pass_over(piece)
        return text

    def pass_over(self, piece: Piece) -> None:
        self._left -= piece.length_bytes
        self.pieces.append(piece)


def _catalogue(before: bytes, entries: Iterable[Kept[Entry]]) -> Catalogue:
    return Catalogue.model_validate_json(before + b"}").model_copy(update={"entries": Entries(entries)})


def _without_index(text: bytes) -> bytes:
    """The card index is no part of the catalogue."""
    if b'"cards"' not in text:
        return text
    told = json.loads(text)
    told.pop("cards", None)
    return json.dumps(told).encode()


def _unknown_words(error: ValidationError) -> set[str]:
    """What the catalogue says and we do not know, where that is all that is wrong with it."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    names = {str(fault["loc"][-1]) for fault in faults if fault["loc"]}
    return names if all(fault["type"] == "extra_forbidden" for fault in faults) else set()


def text_of(body: bytes) -> bytes:
    """No more than any show can have: a few bytes may stand for gigabytes."""
    inflater = zlib.decompressobj(wbits=31)
    text = inflater.decompress(body, _MOST_BYTES)
    if inflater.unconsumed_tail:
        raise ValueError(f"it is larger than {_MOST_BYTES} bytes")
    if not inflater.eof:
        raise EOFError("it is cut off")
    return text
