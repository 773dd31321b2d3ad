"""The card index says what the entries say, and nobody notices whether one was parsed or not."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pillarcast.errors import PillarcastError
from pillarcast.model.addresses import Addresses
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Catalogue, Entry, State
from pillarcast.model.episode import Episode, EpisodeKind, Person
from pillarcast.model.master import Loudness, Master
from pillarcast.model.published import published
from pillarcast.pipeline import card_index, lines, own_code, packing
from pillarcast.pipeline.lines import Lines
from pillarcast.pipeline.packing import packed, read
from pillarcast.render.gzip_stitch import deflate, stitch, taken_apart

TOGETHER = 4
MOST = 10_000_000
ADDRESSES = Addresses(public_url="https://show.example")
HEARD = Loudness(integrated_lufs=-16, range_lu=3, true_peak_dbtp=-1)
ZONES = [UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))]

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\"',{}[]"), max_size=20)
words = texts.filter(lambda text: bool(text.strip()))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.sampled_from(ZONES))
keys = st.sampled_from(["", "private/files/a"])
files = st.builds(
    FileRef,
    key=keys,
    sha256=st.sampled_from(["0" * 64, "1" * 64]),
    length_bytes=st.integers(0, 10**9),
    media_type=st.sampled_from(["audio/mpeg", "image/jpeg", "text/vtt", "binary/octet-stream"]),
)
episodes = st.builds(
    Episode,
    title=words,
    summary=texts,
    kind=st.sampled_from(EpisodeKind),
    season=st.none() | st.integers(1, 9),
    season_name=texts,
    number=st.none() | st.integers(1, 999),
    number_text=texts,
    people=st.lists(st.builds(Person, name=words), max_size=2).map(tuple),
    tags=st.lists(words, max_size=2).map(tuple),
)
masters = st.builds(
    Master,
    file=files,
    duration_s=st.floats(0.001, 1e5),
    sample_rate_hz=st.just(44100),
    channels=st.just(1),
    bitrate_kbps=st.just(64),
    before=st.just(HEARD),
    after=st.just(HEARD),
)
entries = st.builds(
    Entry,
    guid=words,
    slug=st.sampled_from(["one", "two"]),
    source=words,
    recording=st.none() | files,
    episode=episodes,
    notes=st.none() | files,
    artwork=st.none() | files,
    transcript=st.none() | files,
    master=st.none() | masters,
    slot=st.none() | moments,
    dropped_at=moments,
    published_at=st.none() | moments,
    retracted_at=st.none() | moments,
    media_url=st.sampled_from(["", "https://old.example/1.mp3"]),
)
shows = st.lists(entries, min_size=1, max_size=10, unique_by=lambda entry: entry.guid).map(
    lambda some: Catalogue(show_guid="show", entries=tuple(some))
)
thorough = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@pytest.fixture(autouse=True)
def small_sheets(monkeypatch):
    monkeypatch.setattr(lines, "TOGETHER", TOGETHER)
    monkeypatch.setattr(packing, "TOGETHER", TOGETHER)


@thorough
@given(shows)
def test_cards_that_are_read_are_those_of_the_entries(catalogue):
    again, _ = read(packed(catalogue, Lines()))
    assert again.kept.cards == tuple(entry.card for entry in again.entries)
    assert again == catalogue


@thorough
@given(shows, st.randoms())
def test_a_history_of_changes_is_the_same_whether_entries_are_parsed_or_not(catalogue, dice: random.Random):
    held, parsed = read(packed(catalogue, Lines())), catalogue
    for turn in range(4):
        entry = dice.choice(parsed.entries)
        changed = entry.model_copy(update={"slug": f"changed-{turn}", "retracted_at": dice.choice([None, entry.slot])})
        parsed = parsed.with_entry(changed)
        after = held[0].with_entry(changed)
        assert after.queue == parsed.queue
        assert after.retracted_slugs == parsed.retracted_slugs
        assert after.live.cards == parsed.live.cards
        body = packed(after, held[1])
        held = read(body)
        assert held[0] == parsed
        assert gzip.decompress(body) == gzip.decompress(packed(parsed, Lines()))


@thorough
@given(entries)
def test_what_is_published_has_the_card_of_its_entry_but_for_where_its_files_are(entry):
    if entry.master and entry.state is State.LIVE and entry.card.has_audio:
        shown, own = published(entry, ADDRESSES).card, entry.card
        assert shown.audio_url(ADDRESSES) == own.audio_url(ADDRESSES)
        assert shown == own._replace(source="", media_url=shown.media_url, is_kept=shown.is_kept)


@pytest.mark.parametrize("media_type", ["binary/octet-stream", "audio/mp4"])
def test_audio_of_a_kind_that_has_no_name_is_told_only_to_who_makes_it_public(media_type):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    file = FileRef(key="private/files/a", sha256="0" * 64, length_bytes=5, media_type=media_type)
    shape = {"duration_s": 5, "sample_rate_hz": 44100, "channels": 1, "bitrate_kbps": 64}
    odd = show(1).entries[0].model_copy(update={"master": Master(file=file, before=HEARD, after=HEARD, **shape)})
    queued, live, retracted = (
        odd.model_copy(update={"guid": name, "slug": name, **dates})
        for name, dates in {
            "queued": {"slot": at},
            "live": {"published_at": at},
            "retracted": {"published_at": at, "retracted_at": at},
        }.items()
    )
    catalogue, _ = read(packed(Catalogue(show_guid="show", entries=(queued, live, retracted)), Lines()))
    assert [card.has_audio for card in catalogue.kept.cards] == [False] * 3
    assert catalogue.queue == (queued,)
    assert catalogue.retracted_slugs == {"retracted"}
    assert catalogue.live == (live,)
    with pytest.raises(KeyError, match=media_type):
        published(live, ADDRESSES)
    with pytest.raises(ValueError, match="live has no audio that can be public"):
        live.card.audio_url(ADDRESSES)


def show(count: int) -> Catalogue:
    made = [
        Entry(
            guid=str(number),
            slug=f"episode-{number}",
            source=f"{number}.wav",
            recording=None,
            episode=Episode(title=f"Title {number}"),
            dropped_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
        for number in range(count)
    ]
    return Catalogue(show_guid="show", entries=tuple(made))


def parsed_in(catalogue: Catalogue) -> list[bool]:
    return [one.is_parsed for one in catalogue.kept.kept]


def test_only_the_sheet_that_still_grows_is_parsed():
    catalogue, _ = read(packed(show(TOGETHER * 2 + 1), Lines()))
    assert parsed_in(catalogue) == [False] * TOGETHER * 2 + [True]
    assert catalogue.entries[1].slug == "episode-1"
    assert parsed_in(catalogue)[:3] == [False, True, False]
    assert catalogue == show(TOGETHER * 2 + 1)


def test_a_show_that_fills_no_sheet_has_no_index():
    assert b'"cards"' not in gzip.decompress(packed(show(TOGETHER - 1), Lines()))


def test_what_python_keeps_beside_our_code_is_none_of_it(tmp_path):
    (tmp_path / "a.py").write_bytes(b"")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.cpython-314.pyc.139").write_bytes(b"half written")
    assert [found.name for found in own_code._sources(tmp_path)] == ["a.py"]


def test_other_code_parses_everything(monkeypatch):
    body = packed(show(TOGETHER), Lines())
    monkeypatch.setattr(card_index, "code_digest", lambda: "of tomorrow")
    catalogue, known = read(body)
    assert all(parsed_in(catalogue))
    assert not any(parsed_in(read(packed(catalogue, known))[0]))


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "a kind that there is not": lambda text: text.replace(b'["full"', b'["fuller"'),
    "a column that is shorter": lambda text: text.replace(b'["0",', b"["),
    "a guid that is a number": lambda text: text.replace(b'["0",', b"[0,"),
    "a person that is a number": lambda text: text.replace(b"[[],", b"[[1],"),
    "a duration that is none": lambda text: text.replace(b"[0.0,", b"[null,"),
    "a size less than nothing": lambda text: text.replace(b'":[[', b'":[[-'),
    "a size that is a word": lambda text: text.replace(b'":[[', b'":[["1",'),
    "no JSON": lambda text: text[:-1],
    "nothing": lambda text: b"",
}


@pytest.mark.parametrize("change", SPOILT.values(), ids=SPOILT)
def test_an_index_that_says_nothing_is_passed_over(change):
    pieces = [text for text, _ in taken_apart(packed(show(TOGETHER), Lines()), MOST)]
    spoilt = [change(text) if text.startswith(b'"') else text for text in pieces]
    assert spoilt != pieces
    catalogue, _ = read(stitch(deflate(text, 1) for text in spoilt))
    assert catalogue == show(TOGETHER)
    assert all(parsed_in(catalogue))


@pytest.mark.parametrize(
    "text", [b"no entry", b"no entry" + b",\n{}" * (TOGETHER - 1)], ids=["another count", "as many"]
)
def test_an_entry_that_turns_out_to_be_none_is_said_to_be(text):
    catalogue = show(TOGETHER)
    row = card_index.Row(deflate(text, 1), catalogue.kept.cards, ("",) * TOGETHER)
    told = card_index.row_text(row)
    texts = [text for text, _ in taken_apart(packed(catalogue, Lines()), MOST)]
    pieces = [deflate(told if text.startswith(b'"') else text, 1) for text in texts]
    again, _ = read(
        stitch(row.piece if b'"guid"' in text else piece for text, piece in zip(texts, pieces, strict=True))
    )
    assert again.kept.cards == catalogue.kept.cards
    for place in range(TOGETHER):
        with pytest.raises(PillarcastError, match="cannot be read"):
            again.entries[place]


def test_an_index_of_other_entries_is_passed_over():
    texts = [text for text, _ in taken_apart(packed(show(TOGETHER), Lines()), MOST)]
    edited = [text.replace(b'"Title 1"', b'"Edited"') if text.startswith(b'{"guid"') else text for text in texts]
    catalogue, _ = read(stitch(deflate(text, 1) for text in edited))
    assert [card.title for card in catalogue.kept.cards] == ["Title 0", "Edited", "Title 2", "Title 3"]


@pytest.mark.parametrize("indent", [None, 2])
def test_any_layout_is_read_and_its_index_left_out(indent):
    told = json.loads(gzip.decompress(packed(show(TOGETHER), Lines())))
    assert told["cards"]
    assert read(gzip.compress(json.dumps(told, indent=indent).encode()))[0] == show(TOGETHER)
