"""Lines of the catalogue: the text of each entry, remembered for the very value that was read or written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import NamedTuple, Protocol

from pydantic import ConfigDict, TypeAdapter, ValidationError

from pillarcast.model.catalogue import Entry
from pillarcast.model.entries import Kept
from pillarcast.pipeline.card_index import Row, row_text, stamp_of
from pillarcast.render.gzip_stitch import Piece, deflate, inflated

BETWEEN = b",\n"
LEVEL = 1
TOGETHER = 512
"""Episodes of which entries, ledger and shelves are deflated together."""
_NOTHING = deflate(b"", LEVEL)
_ENTRIES = TypeAdapter(tuple[Entry, ...], config=ConfigDict(cache_strings="keys"))  # hardly a word stands there twice
EntryRow = tuple[Kept[Entry], ...]


class Sheet(NamedTuple):
    """Entries that lie deflated together, and their row of the card index: None before anybody wrote it, empty where
    there is none, as for the last sheet, which still grows."""

    piece: Piece
    kept: EntryRow
    row: bytes | None = None


class Texts(Protocol):
    def __getitem__(self, place: int, /) -> bytes: ...


class Unread:
    """The lines of a piece that nobody asked for yet."""

    def __init__(self, piece: Piece) -> None:
        self._piece = piece

    @cached_property
    def _lines(self) -> list[bytes]:
        return split(inflated(self._piece.deflated, self._piece.length_bytes)[0])

    def __getitem__(self, place: int, /) -> bytes:
        return self._lines[place]

    def entry(self, place: int) -> Entry:
        return Entry.model_validate_json(self[place])


class Lines:
    """An equal value is no matter, only the very same one. So are pieces that were deflated, by their text: of a long
    archive nearly all stay as they are."""

    def __init__(self, pieces: Iterable[tuple[bytes, Piece]] = ()) -> None:
        self._known: dict[int, tuple[Kept[Entry], Texts, int]] = {}
        self._deflated = dict(pieces)
        self._sheets: list[Sheet] = []

    def unread(self, row: Row, text: bytes) -> EntryRow:
        """The next entries, of which the index knows enough."""
        lines = Unread(row.piece)
        kept = tuple(Kept(None, card, partial(lines.entry, place)) for place, card in enumerate(row.cards))
        for one, stamp in zip(kept, row.stamps, strict=True):
            one.stamp = stamp
        self._remember(kept, lines)
        self._sheets.append(Sheet(row.piece, kept, text))
        return kept

    def parsed(self, text: bytes, piece: Piece | None = None) -> EntryRow:
        """The next entries, which were deflated as `piece`. ValidationError for what is none."""
        lines, entries = split(text), entries_of(text)
        kept = tuple(map(Kept, entries))
        is_ours = are_of(lines, entries)
        if is_ours:
            self._remember(kept, lines)
        if piece:
            self._sheets.append(Sheet(piece, kept if is_ours else ()))
        return kept

    def of(self, one: Kept[Entry]) -> bytes:
        if id(one) not in self._known:
            self._remember((one,), [one.entry.model_dump_json(exclude_defaults=True).encode()])
        _, texts, place = self._known[id(one)]
        return texts[place]

    def stamp(self, one: Kept[Entry]) -> str:
        if not one.stamp:
            one.stamp = stamp_of(self.of(one))
        return one.stamp

    def deflated(self, texts: Iterable[bytes]) -> list[Piece]:
        """Of the whole document but its entries: those of another one are forgotten."""
        known, named = self._deflated, tuple(texts)
        self._deflated = {text: known.get(text) or deflate(text, LEVEL) for text in named}
        return [self._deflated[text] for text in named]

    def sheets(self, rows: Sequence[EntryRow]) -> list[Sheet]:
        """All entries, as they lie in the catalogue: those of another one are forgotten."""
        known = [*self._sheets, *[Sheet(_NOTHING, ())] * len(rows)]
        self._sheets = [self._sheet(place, row, known[place]) for place, row in enumerate(rows)]
        return self._sheets

    def _sheet(self, place: int, row: EntryRow, known: Sheet) -> Sheet:
        is_known, is_full = known.kept == row, len(row) == TOGETHER
        if is_known and (known.row is not None or not is_full):
            return known
        lines = [*map(self.of, row)]
        text = BETWEEN.join(lines)
        piece = known.piece if is_known else deflate(BETWEEN + text if place else text, LEVEL)
        return Sheet(piece, row, indexed(piece, lines) if is_full else None)

    def _remember(self, kept: EntryRow, texts: Texts) -> None:
        self._known.update((id(one), (one, texts, place)) for place, one in enumerate(kept))


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
