"""Lines of the catalogue: the text of each entry, as it was read or written, and the sheets on which they lie."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

from pydantic import ConfigDict, TypeAdapter, ValidationError

from pillarcast.errors import PillarcastError
from pillarcast.model.addresses import CATALOGUE
from pillarcast.model.catalogue import Entry
from pillarcast.model.entries import Kept
from pillarcast.pipeline.card_index import Row, row_text, stamp_of
from pillarcast.render.gzip_stitch import Piece, deflate, inflated

BETWEEN = b",\n"
LEVEL = 1
TOGETHER = 512
"""Episodes of which entries, ledger and shelves are deflated together."""
_ENTRIES = TypeAdapter(tuple[Entry, ...], config=ConfigDict(cache_strings="keys"))  # hardly a word stands there twice
EntryRow = tuple[Kept[Entry], ...]


class Read:
    """Lines that are at hand."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self._lines = lines

    def line(self, place: int) -> bytes:
        return self._lines[place]

    def entry(self, place: int) -> Entry:
        """PillarcastError where the line is none, which is found late."""
        try:
            return Entry.model_validate_json(self.line(place))
        except (ValueError, LookupError) as error:
            raise unreadable(error) from error


class Unread(Read):
    """The lines of a piece, which is inflated when somebody asks for one of them."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece

    @cached_property
    def _lines(self) -> list[bytes]:  # type: ignore[override] # the same, later
        try:
            return split(inflated(self._piece.deflated, self._piece.length_bytes)[0])
        except ValueError as error:
            raise unreadable(error) from error


class Laid(NamedTuple):
    """Entries as they lie deflated together, and their row of the card index: None before anybody wrote it, empty
    where there is none. The last of them still grow, and have no row. Only what holds these very entries is one."""

    piece: Piece
    kept: EntryRow
    row: bytes | None = None


class Lines:
    """What was read or written last: a piece that says what it said goes back as it was deflated. Of a long archive
    nearly all do."""

    def __init__(self, pieces: Iterable[tuple[bytes, Piece]] = ()) -> None:
        self._deflated = dict(pieces)
        self._laid: list[Laid | None] = []

    def unread(self, row: Row, text: bytes) -> EntryRow:
        """The next entries, of which the index knows enough."""
        sheet, told = Unread(row.piece), enumerate(zip(row.cards, row.stamps, strict=True))
        kept = tuple([Kept[Entry](None, sheet, place, card, stamp) for place, (card, stamp) in told])
        self._laid.append(Laid(row.piece, kept, text))
        return kept

    def parsed(self, text: bytes, piece: Piece | None = None) -> EntryRow:
        """The next entries, which were deflated as `piece` or in another way. ValidationError for what is none."""
        lines, entries = split(text), entries_of(text)
        sheet = Read(lines) if are_of(lines, entries) else None
        kept = tuple([Kept(entry, sheet, place) for place, entry in enumerate(entries)])
        if piece:
            self._laid.append(Laid(piece, kept) if sheet else None)
        return kept

    def deflated(self, texts: Iterable[bytes]) -> list[Piece]:
        """Of the whole document but its entries: those of another one are forgotten."""
        known, named = self._deflated, tuple(texts)
        self._deflated = {text: known.get(text) or deflate(text, LEVEL) for text in named}
        return [self._deflated[text] for text in named]

    def laid(self, rows: Sequence[EntryRow]) -> list[Laid]:
        """All entries, as they lie in the catalogue: those of another one are forgotten."""
        known = [*self._laid, *[None] * len(rows)]
        laid = [_laid(row, known[place], is_first=not place) for place, row in enumerate(rows)]
        self._laid = [*laid]
        return laid


def _laid(row: EntryRow, before: Laid | None, *, is_first: bool) -> Laid:
    """As they lay before, where that was these very entries."""
    known = before if before and before.kept == row else None
    if known and known.row is not None and known.piece.length_bytes:
        return known
    lines = [*map(line_of, row)]
    text = BETWEEN.join(lines) if is_first else BETWEEN + BETWEEN.join(lines)
    piece = known.piece if known and _holds(known.piece, text) else deflate(text, LEVEL)
    return Laid(piece, row, indexed(piece, lines) if len(row) == TOGETHER else None)


def _holds(piece: Piece, text: bytes) -> bool:
    return (piece.length_bytes, piece.crc) == (len(text), zlib.crc32(text))


def line_of(one: Kept[Entry]) -> bytes:
    """As the catalogue holds it."""
    known = one.line
    if known is None:
        known = one.entry.model_dump_json(exclude_defaults=True).encode()
        one.lie_on(Read([known]), 0)
    return known


def stamp(one: Kept[Entry]) -> str:
    """A digest of the entry as the catalogue holds it."""
    if not one.stamp:
        one.stamp = stamp_of(line_of(one))
    return one.stamp


def indexed(piece: Piece, lines: Sequence[bytes]) -> bytes:
    """The row of the index, of what these lines say to who reads them; none where that is something else."""
    with suppress(ValidationError):
        entries = entries_of(BETWEEN.join(lines))
        if are_of(lines, entries):
            cards = tuple(entry.card for entry in entries)
            return row_text(Row(piece, cards, tuple(map(stamp_of, lines))))
    return b""


def split(text: bytes) -> list[bytes]:
    return text.removeprefix(BETWEEN).split(BETWEEN)


def entries_of(text: bytes) -> tuple[Entry, ...]:
    return _ENTRIES.validate_json(b"[" + text.removeprefix(BETWEEN) + b"]")


def are_of(lines: Sequence[bytes], entries: Sequence[Entry]) -> bool:
    """An entry begins with its guid, and no text in JSON holds the end of a line."""
    starts = (b'{"guid":"' + entry.guid.encode() + b'"' for entry in entries)
    return len(lines) == len(entries) and all(line.startswith(start) for line, start in zip(lines, starts, strict=True))


def unreadable(error: Exception) -> PillarcastError:
    said = str(error).splitlines()[0]
    mend = "Run `pillarcast doctor` to bring back an earlier version. Nothing was changed."
    return PillarcastError(CATALOGUE, f"cannot be read ({said})", mend)
