"""The catalogue in lines: what is read is written again as it was, and any other layout is read too."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from datetime import timedelta

import pytest

from pillarcast.errors import PillarcastError, Unsupported
from pillarcast.model.catalogue import Catalogue, Entry, LedgerLine
from pillarcast.model.episode import Episode
from pillarcast.model.shelf import Shelf, Written
from pillarcast.pipeline import lines as lines_module
from pillarcast.pipeline import packing
from pillarcast.pipeline.lines import TOGETHER, Laid, Lines
from pillarcast.pipeline.packing import packed, read, unpacked
from pillarcast.render.gzip_stitch import deflate, stitch, taken_apart
from tests.show_support.place import MONDAY

BREAKS = 'a "quoted" guid,\n{"guid":"2"}'
"""As hostile to lines as a text can be."""


def entry(guid: str, title: str = "A title") -> Entry:
    at = MONDAY + timedelta(days=len(guid))
    return Entry(
        guid=guid, slug=guid[:1], source=f"{guid}.wav", recording=None, episode=Episode(title=title), dropped_at=at
    )


def shelf() -> Shelf:
    receipts = {f"public/episodes/{name}": Written(inputs=name, sha256="0" * 64, length_bytes=7) for name in "ab"}
    return Shelf.of("inputs-of-page", receipts)


@pytest.mark.parametrize(
    "guids", [[], ["1"], ["1", "2", "3"], [BREAKS, "2"], [str(number) for number in range(1100)]], ids=len
)
def test_what_was_packed_is_read(guids):
    catalogue = Catalogue(
        show_guid="show", entries=tuple(map(entry, guids)), written={"a": shelf_receipt()}, settled={"seal": shelf()}
    )
    body = packed(catalogue, Lines())
    again, lines = read(body)
    assert again == catalogue
    assert packed(again, lines) == body == packed(unpacked(body), Lines())
    assert gzip.decompress(body).decode().count("\n") >= (2 if BREAKS in guids else len(guids)) + 1


def shelf_receipt() -> Written:
    return Written(inputs="", sha256="", length_bytes=0)


def test_a_line_that_stays_is_not_written_anew():
    """Also one that an earlier program laid out in another way."""
    body = packed(Catalogue(show_guid="show", entries=(entry("1"), entry("2"))), Lines())
    odd = gzip.decompress(body).replace(b'"source":"1.wav"', b'"source": "1.wav"')
    catalogue, lines = read(gzip.compress(odd))
    changed = catalogue.with_entry(catalogue.entries[1].model_copy(update={"slug": "changed"}))
    text = gzip.decompress(packed(changed, lines))
    assert b'"source": "1.wav"' in text
    assert b'"slug":"changed"' in text
    assert unpacked(gzip.compress(text)) == changed


@pytest.mark.parametrize("indent", [None, 0, 2])
def test_any_layout_is_read(indent):
    catalogue = Catalogue(show_guid="show", entries=(entry("1"), entry("2")))
    text = json.dumps(json.loads(gzip.decompress(packed(catalogue, Lines()))), indent=indent)
    again, lines = read(gzip.compress(text.encode()))
    assert again == catalogue
    assert packed(again, lines) == packed(catalogue, Lines())


@pytest.mark.parametrize("count", [0, 1, TOGETHER - 1, TOGETHER, TOGETHER + 1, 2 * TOGETHER])
def test_what_another_program_deflated_is_written_as_we_do(count):
    catalogue = Catalogue(show_guid="show", entries=tuple(entry(str(number)) for number in range(count)))
    body = packed(catalogue, Lines())
    again, lines = read(gzip.compress(gzip.decompress(body)))
    assert packed(again, lines) == body
    assert packed(again, lines) == body, "and once more"


def test_what_stays_is_not_deflated_anew():
    """But for the card index, which tells of entries as they were deflated here."""
    ledger = tuple(ledger_line(number) for number in range(1100))
    catalogue = Catalogue(show_guid="show", entries=tuple(entry(str(number)) for number in range(1100)), ledger=ledger)
    pieces = taken_apart(packed(catalogue, Lines()), MOST)
    again, lines = read(stitch(deflate(text, 9) for text, _ in pieces))
    changed = again.with_entry(again.entries[-1].model_copy(update={"slug": "changed"}))
    written = taken_apart(packed(changed, lines), MOST)
    assert unpacked(packed(changed, lines)) == changed
    differ = [text == before for (text, _), (before, _) in zip(written, pieces, strict=True)].count(False)
    assert differ == 1 + len(changed.entries) // TOGETHER
    assert sum(piece == deflate(text, 9) for text, piece in written) == len(pieces) - differ


MOST = 1_000_000

FEW = 4
"""Entries that lie together where a few stand for many."""


@pytest.fixture
def small_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines_module, "TOGETHER", FEW)
    monkeypatch.setattr(packing, "TOGETHER", FEW)


def some(count: int) -> Catalogue:
    return Catalogue(show_guid="show", entries=tuple(entry(str(number)) for number in range(count)))


def without_index(body: bytes) -> bytes:
    told = json.loads(gzip.decompress(body))
    told.pop("cards", None)
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False).encode()


def in_pieces(body: bytes) -> bytes:
    """Cut where we cut, but the entries are one piece, however many they are."""
    text = gzip.decompress(body)
    head, begin, rows = text.partition(b',"entries":[\n')
    return stitch(map(deflate, (head, begin, rows.removesuffix(b"\n]}"), b"\n]}")))


def with_an_odd_line(body: bytes) -> bytes:
    """One entry does not begin with its guid."""
    text = gzip.decompress(body)
    return gzip.compress(text.replace(b'{"guid":"0","slug":"0"', b'{"slug":"0","guid":"0"', 1))


def with_an_odd_piece(body: bytes) -> bytes:
    texts = [text for text, _ in taken_apart(body, MOST)]
    return stitch(deflate(text.replace(b'{"guid":"0","slug":"0"', b'{"slug":"0","guid":"0"', 1)) for text in texts)


LAYOUTS: dict[str, Callable[[bytes], bytes]] = {
    "as we lay it": lambda body: body,
    "deflated by another program": lambda body: gzip.compress(gzip.decompress(body)),
    "pieces deflated in another way": lambda body: stitch(deflate(text, 9) for text, _ in taken_apart(body, MOST)),
    "indented": lambda body: gzip.compress(json.dumps(json.loads(gzip.decompress(body)), indent=1).encode()),
    "one piece": lambda body: stitch([deflate(gzip.decompress(body))]),
    "without index": lambda body: gzip.compress(without_index(body)),
    "entries in one piece": in_pieces,
    "a line that is odd": with_an_odd_line,
    "a piece that is odd": with_an_odd_piece,
    "one line": lambda body: gzip.compress(gzip.decompress(body).replace(b",\n", b",")),
}
SAVES: dict[str, Callable[[Catalogue], Catalogue]] = {
    "nothing": lambda catalogue: catalogue,
    "the ledger": lambda catalogue: catalogue.model_copy(update={"ledger": (ledger_line(0),)}),
    "an entry": lambda catalogue: (
        catalogue.with_entry(catalogue.entries[0].model_copy(update={"slug": "changed"}))
        if catalogue.entries
        else catalogue
    ),
    "a row of values": lambda catalogue: catalogue.model_copy(update={"entries": tuple(catalogue.entries)}),
    "one more": lambda catalogue: catalogue.with_entry(entry("new")),
    "one less": lambda catalogue: catalogue.model_copy(update={"entries": catalogue.entries[1:]}),
}


@pytest.mark.usefixtures("small_sheets")
@pytest.mark.parametrize("save", SAVES)
@pytest.mark.parametrize("count", [0, 1, FEW - 2, FEW, FEW + 1, 2 * FEW, 3 * FEW + 1])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_however_it_lay_and_whatever_changed_it_holds_the_same_entries(layout, count, save):
    body = LAYOUTS[layout](packed(some(count), Lines()))
    again, lines = read(body)
    assert again == some(count)
    changed, wanted = SAVES[save](again), SAVES[save](some(count))
    for _ in range(2):
        written = packed(changed, lines)
        assert unpacked(written) == wanted
        assert [told["guid"] for told in json.loads(gzip.decompress(written)).get("entries", [])] == [
            one.guid for one in wanted.entries
        ]
    assert packed(*read(written)) == written


@pytest.mark.usefixtures("small_sheets")
@pytest.mark.parametrize("text", [b"", b",\n"], ids=["nothing", "hardly anything"])
@pytest.mark.parametrize("row", [None, b"a row"])
@pytest.mark.parametrize("count", [1, FEW])
def test_a_piece_that_holds_something_else_is_not_taken_for_entries(count, row, text):
    again, lines = read(packed(some(count), Lines()))
    lines._laid = [Laid(deflate(text), again.kept.kept, row)]
    if text and row:
        with pytest.raises(PillarcastError, match=f"would be written with 0 of its {count} entries"):
            packed(again, lines)
    else:
        assert packed(again, lines) == packed(some(count), Lines())


def ledger_line(number: int) -> LedgerLine:
    return LedgerLine(guid=str(number), url=f"https://example.org/{number}", length_bytes=7, published_at=MONDAY)


def flushed_in_between(mode: int) -> bytes:
    """One gzip file, its compressor flushed after each line as `mode` says."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    lines = [b"the same words again and again, number %d\n" % number for number in range(9)]
    deflated = b"".join(compressor.compress(line) + compressor.flush(mode) for line in lines)
    plain = stitch([deflate(b"".join(lines))])
    return plain[:10] + deflated + plain[-10:]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        gzip.compress(b"words"),
        stitch([deflate(b"words")])[:-9],
        stitch([deflate(b"words")])[:-1] + b"\x01",
        stitch([deflate(b"words")]) + stitch([deflate(b"words")]),
        stitch([deflate(b"words" * MOST)]),
        flushed_in_between(zlib.Z_SYNC_FLUSH),
    ],
    ids=["empty", "whole", "cut off", "another checksum", "two files", "too large", "pieces that need those before"],
)
def test_only_what_was_stitched_is_taken_apart(body):
    with pytest.raises(ValueError, match=r"^(it|its|a piece)"):
        taken_apart(body, MOST)


def test_pieces_that_need_none_before_them_are_taken_apart():
    assert len(taken_apart(flushed_in_between(zlib.Z_FULL_FLUSH), MOST)) == 9
    assert gzip.decompress(flushed_in_between(zlib.Z_SYNC_FLUSH)).count(b"\n") == 9


def test_two_entries_on_one_line_are_not_taken_for_one():
    catalogue = Catalogue(show_guid="show", entries=(entry("1"), entry("2"), entry("3")))
    text = gzip.decompress(packed(catalogue, Lines())).replace(b'},\n{"guid":"2"', b'},{"guid":"2"')
    again, lines = read(gzip.compress(text))
    assert again == unpacked(packed(again, lines)) == catalogue


@pytest.mark.parametrize("place", [b'"entries":[\n{', b'{"'], ids=["an entry", "the catalogue"])
def test_words_of_a_newer_program_are_left_alone(place):
    text = gzip.decompress(packed(Catalogue(show_guid="show", entries=(entry("1"),)), Lines()))
    newer = text.replace(place, place[:-1] + b'"of_tomorrow":1,"' if place == b'{"' else place + b'"of_tomorrow":1,', 1)
    with pytest.raises(Unsupported, match="of_tomorrow"):
        unpacked(gzip.compress(newer))


def test_what_is_cut_off_is_said_to_be():
    text = gzip.decompress(packed(Catalogue(show_guid="show", entries=(entry("1"), entry("2"))), Lines()))
    with pytest.raises(PillarcastError, match="cannot be read"):
        unpacked(gzip.compress(text[:-20]))


def test_receipts_on_a_shelf_are_found_and_come_loose():
    catalogue = Catalogue(show_guid="show", settled={"seal": shelf()}, written={"loose": shelf_receipt()})
    assert "public/episodes/a" in catalogue.receipts
    assert catalogue.receipts.get("public/episodes/b") == Written(inputs="b", sha256="0" * 64, length_bytes=7)
    assert catalogue.receipts.get("public/episodes/c") is None
    opened = catalogue.opened_at({"public/episodes/b"})
    assert not opened.settled
    assert opened.written == catalogue.receipts.every()
    assert catalogue.opened_at({"loose"}) is catalogue


@pytest.mark.parametrize(("key", "inputs"), [("two words", "a"), ("key", "")])
def test_only_what_was_read_back_is_put_away(key, inputs):
    with pytest.raises(ValueError, match="read back"):
        Shelf.of("page", {key: Written(inputs=inputs, sha256="0" * 64, length_bytes=1)})
