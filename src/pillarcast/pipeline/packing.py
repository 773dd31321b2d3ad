"""The catalogue as bytes, and back: one JSON document, with each entry on a line of its own.

So an entry that stays as it is was parsed once and is never written anew: its line is. What grows with the archive is
deflated in pieces, and a piece that says what it said goes back as it came.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from pillarcast.errors import PillarcastError, Unsupported
from pillarcast.model.addresses import CATALOGUE
from pillarcast.model.catalogue import Catalogue, Entry, LedgerLine
from pillarcast.model.shelf import SHELF, Shelf
from pillarcast.pipeline.uncollected import uncollected
from pillarcast.render.gzip_stitch import Piece, deflate, stitch, taken_apart

_MOST_BYTES = 256_000_000
_BEGIN, _BETWEEN, _END = b',"entries":[\n', b",\n", b"\n]}"
_LEVEL = 1
_TOGETHER = 512
"""Episodes of which entries, ledger and shelves are deflated together."""
_ENTRIES = TypeAdapter(tuple[Entry, ...], config=ConfigDict(cache_strings="keys"))  # hardly a word stands there twice
_SHELVES = TypeAdapter(dict[str, Shelf])
_LEDGER = TypeAdapter(tuple[LedgerLine, ...])
T = TypeVar("T")


class Lines:
    """The line of each entry, remembered for the very value that was read or written; equal ones are no matter.

    So are pieces that were deflated, by their text: of a long archive nearly all stay as they are.
    """

    def __init__(self, read: Iterable[tuple[Entry, bytes]] = (), pieces: Iterable[tuple[bytes, Piece]] = ()) -> None:
        self._known = {id(entry): (entry, line) for entry, line in read}
        self._deflated = dict(pieces)

    def of(self, entry: Entry) -> bytes:
        found = self._known.get(id(entry))
        if found is None:
            found = self._known[id(entry)] = (entry, entry.model_dump_json(exclude_defaults=True).encode())
        return found[1]

    def deflated(self, texts: Iterable[bytes]) -> list[Piece]:
        """Of the whole document: those of another one are forgotten."""
        known, named = self._deflated, tuple(texts)
        self._deflated = {text: known.get(text) or deflate(text, _LEVEL) for text in named}
        return [self._deflated[text] for text in named]


def packed(catalogue: Catalogue, lines: Lines) -> bytes:
    """Equal catalogues, equal bytes, but for how an earlier program wrote an entry."""
    return stitch(lines.deflated(_texts(catalogue, lines)))


def _texts(catalogue: Catalogue, lines: Lines) -> Iterator[bytes]:
    """The document, cut where it is deflated apart: what has become longer has the same pieces, and one more."""
    short = catalogue.model_copy(update={"entries": (), "settled": {}, "ledger": ()})
    yield short.model_dump_json(exclude_defaults=True).removesuffix("}").encode()
    if catalogue.settled:
        yield b',"settled":{'
        shelves = tuple(catalogue.settled.items())
        yield from _cut(shelves, _TOGETHER // SHELF, lambda some: _SHELVES.dump_json(dict(some))[1:-1])
        yield b"}"
    if catalogue.ledger:
        yield b',"ledger":['
        yield from _cut(catalogue.ledger, _TOGETHER, lambda some: _LEDGER.dump_json(some)[1:-1])
        yield b"]"
    yield _BEGIN
    yield from _cut(catalogue.entries, _TOGETHER, lambda some: _BETWEEN.join(map(lines.of, some)))
    yield _END


def _cut(things: tuple[T, ...], together: int, text_of: Callable[[tuple[T, ...]], bytes]) -> Iterator[bytes]:
    for start in range(0, len(things), together):
        text = text_of(things[start : start + together])
        yield _BETWEEN + text if start else text


def unpacked(body: bytes) -> Catalogue:
    """PillarcastError for what is no catalogue; Unsupported for that of a later version of ours."""
    return read(body)[0]


def read(body: bytes) -> tuple[Catalogue, Lines]:
    """As `unpacked`, with the lines of its entries."""
    try:
        with uncollected():
            return _parsed(*_inflated(body))
    except ValidationError as error:
        if unknown := _unknown_words(error):
            what = f"was written by a newer pillarcast, which knows {', '.join(sorted(unknown))}"
            raise Unsupported(CATALOGUE, what, "Upgrade pillarcast on this machine. Nothing was changed.") from error
        raise _unreadable(error) from error
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise _unreadable(error) from error


def _parsed(texts: list[bytes], pieces: list[tuple[bytes, Piece]]) -> tuple[Catalogue, Lines]:
    """Whatever was not laid out in lines by us is read as a whole."""
    with suppress(ValidationError):
        catalogue, rows = _in_lines(*_laid_out(texts))
        return catalogue, Lines(rows, pieces)
    return Catalogue.model_validate_json(b"".join(texts)), Lines()


def _laid_out(texts: list[bytes]) -> tuple[bytes, list[bytes]]:
    """What stands before the entries, and their lines as they were deflated together: no text is copied as a whole."""
    if _BEGIN in texts and texts[-1] == _END:
        begin = texts.index(_BEGIN)
        return b"".join(texts[:begin]), [text.removeprefix(_BETWEEN) for text in texts[begin + 1 : -1]]
    rest, _, rows = b"".join(texts).removesuffix(_END).partition(_BEGIN)
    return rest, [rows]


def _in_lines(rest: bytes, rows: list[bytes]) -> tuple[Catalogue, list[tuple[Entry, bytes]]]:
    catalogue = Catalogue.model_validate_json(rest + b"}")
    parsed = [(_ENTRIES.validate_json(b"[" + some + b"]"), some.split(_BETWEEN)) for some in rows]
    entries = tuple(entry for some, _ in parsed for entry in some)
    lines = [pair for some, texts in parsed if _are_of(texts, some) for pair in zip(some, texts, strict=True)]
    return catalogue.model_copy(update={"entries": entries}), lines


def _are_of(lines: list[bytes], entries: tuple[Entry, ...]) -> bool:
    return len(lines) == len(entries) and all(map(_is_of, lines, entries))


def _is_of(line: bytes, entry: Entry) -> bool:
    """An entry begins with its guid, and no text in JSON holds the end of a line."""
    return line.startswith(b'{"guid":"' + entry.guid.encode() + b'"')


def _unknown_words(error: ValidationError) -> set[str]:
    """What the catalogue says and we do not know, where that is all that is wrong with it."""
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    names = {str(fault["loc"][-1]) for fault in faults if fault["loc"]}
    return names if all(fault["type"] == "extra_forbidden" for fault in faults) else set()


def _unreadable(error: Exception) -> PillarcastError:
    said = str(error).splitlines()[0]
    mend = "Run `pillarcast doctor` to bring back an earlier version. Nothing was changed."
    return PillarcastError(CATALOGUE, f"cannot be read ({said})", mend)


def _inflated(body: bytes) -> tuple[list[bytes], list[tuple[bytes, Piece]]]:
    """The text, in the pieces that we deflated apart, and those. No more than any show can have: a few bytes may stand
    for gigabytes."""
    with suppress(ValueError):
        pieces = taken_apart(body, _MOST_BYTES)
        return [text for text, _ in pieces], pieces
    inflater = zlib.decompressobj(wbits=31)
    text = inflater.decompress(body, _MOST_BYTES)
    if inflater.unconsumed_tail:
        raise ValueError(f"it is larger than {_MOST_BYTES} bytes")
    if not inflater.eof:
        raise EOFError("it is cut off")
    return [text], []
