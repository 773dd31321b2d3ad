"""What the catalogue holds is what other people's parsers read, whatever words it holds."""

from __future__ import annotations

import calendar
import gzip
import io
from collections.abc import Sequence
from datetime import UTC, datetime

import feedparser
import podcastparser
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from pillarcast.model.addresses import FEED
from pillarcast.model.published import Published
from pillarcast.render.feed import feed_objects, newest
from pillarcast.render.feed_document import Place, Surroundings, add_entries, feed_generator
from pillarcast.render.feed_links import setting_of
from pillarcast.render.feed_reader import read_feed
from tests.feed_support.hostile import TEXT, TITLE, episodes
from tests.feed_support.views import ABOUT, Bodies, notes_key, published, render_all, view_of

PATIENT = settings(deadline=None, max_examples=40)
Written = list[tuple[Published, str]]


def rendered(written: Written, about_text: str = "About") -> Bodies:
    about = ABOUT.model_copy(update={"description": about_text or "About", "copyright": about_text})
    view = view_of([one for one, _notes in written], about)
    return render_all(view, {notes_key(notes): notes.encode("utf-8", "replace") for _one, notes in written if notes})


def one_line(text: str) -> str:
    return " ".join(text.split())


def is_guessed_at(text: str) -> bool:
    """feedparser takes C1 controls for Windows-1252 or for UTF-8 read twice, each version otherwise; and the words
    `<![CDATA[`, written out, for the beginning of markup, which it leaves out."""
    return "<!" in text or any("\x80" <= char <= "\x9f" for char in text)


@PATIENT
@given(episodes(), TEXT)
def test_podcastparser_reads_every_episode_back(written: Written, words: str) -> None:
    parsed = podcastparser.parse("https://example.invalid/", io.BytesIO(rendered(written, words)[FEED]))
    found = {episode["guid"]: episode for episode in parsed["episodes"]}
    assert set(found) == {one.guid for one, _notes in written}
    for one, _notes in written:
        episode = found[one.guid]
        assert one_line(episode["title"]) == one_line(one.episode.title)
        assert episode["published"] == one.published_at.timestamp()
        (enclosure,) = episode["enclosures"]
        said = (enclosure["url"], enclosure["file_size"], enclosure["mime_type"])
        assert said == (one.enclosure.url, one.enclosure.length_bytes, one.enclosure.media_type)
        assert episode["total_time"] == round(one.duration_s)
        assert (episode["link"], episode.get("number")) == (one.page_url, one.episode.number)
        assert episode["explicit"] is bool(one.episode.is_explicit)
        assert episode.get("season") == one.episode.season


@PATIENT
@given(episodes())
def test_feedparser_reads_every_episode_back(written: Written) -> None:
    parsed = feedparser.parse(rendered(written)[FEED], sanitize_html=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert [entry.id for entry in parsed.entries] == [one.guid for one, _notes in reversed(written)]
    for entry, (one, _notes) in zip(parsed.entries, reversed(written), strict=True):
        assert is_guessed_at(one.episode.title) or one_line(entry.title) == one_line(one.episode.title)
        assert datetime.fromtimestamp(calendar.timegm(entry.published_parsed), UTC) == one.published_at
        assert (entry.link, entry.itunes_duration) == (one.page_url, str(round(one.duration_s)))
        assert entry.itunes_episode == str(one.episode.number)
        assert (entry.enclosures[0].href, entry.enclosures[0].length) == (
            one.enclosure.url,
            str(one.enclosure.length_bytes),
        )
        if not any(map(is_guessed_at, one.episode.tags)):
            assert [tag.term for tag in entry.get("tags", ())] == list(one.episode.tags)


@PATIENT
@given(episodes(), TEXT)
def test_our_own_reader_reads_back_all_that_the_namespace_says(written: Written, words: str) -> None:
    imported = read_feed(rendered(written, words)[FEED])
    assert [episode.guid for episode in imported.episodes] == [one.guid for one, _notes in reversed(written)]
    for episode, (one, _notes) in zip(imported.episodes, reversed(written), strict=True):
        there, here = episode.episode, one.episode
        for name in ("kind", "season", "number", "soundbites", "funding", "license", "location", "txt", "people"):
            assert getattr(there, name) == getattr(here, name), name


@PATIENT
@given(episodes(largest=3))
def test_no_text_breaks_the_document(written: Written) -> None:
    made = rendered(written)
    root = etree.fromstring(made[FEED])
    assert len(root.findall("channel/item")) == len(written)
    assert gzip.decompress(made[f"{FEED}.gz"]) == made[FEED]


@settings(deadline=None, max_examples=25)
@given(st.data())
def test_after_any_edits_the_bytes_are_feedgens_own(data: st.DataObject) -> None:
    """Parts are kept from edit to edit by their inputs, as the bucket keeps them."""
    kept: dict[tuple[str, str], bytes] = {}
    live: dict[int, tuple[Published, str]] = {}
    for _step in range(data.draw(st.integers(1, 6))):
        number = data.draw(st.integers(0, 150))
        match data.draw(st.sampled_from(["publish", "edit", "retract", "many"])):
            case "retract" if live:
                live.pop(data.draw(st.sampled_from(sorted(live))))
            case "edit" if live:
                number = data.draw(st.sampled_from(sorted(live)))
                notes = data.draw(TEXT)
                live[number] = (published(number, notes, title=data.draw(TITLE)), notes)
            case "many":
                live |= {one: (published(one), "") for one in range(number, number + 66)}
            case _:
                live[number] = (published(number), "")
        newest_first = sorted(live.values(), key=lambda pair: pair[0].published_at, reverse=True)
        assert _ours(newest_first, kept) == _feedgens(newest_first)


def _ours(newest_first: Sequence[tuple[Published, str]], kept: dict[tuple[str, str], bytes]) -> bytes:
    view = view_of([one for one, _notes in newest_first])
    bodies = {notes_key(notes): notes.encode() for _one, notes in newest_first if notes}
    for wanted in sorted(feed_objects(view), key=lambda thing: thing.step):
        name = (wanted.key, wanted.inputs)
        if name not in kept:
            kept[name] = wanted.render({key: bodies[key] for key in wanted.needs})
        bodies[wanted.key] = kept[name]
    return bodies[FEED]


def _feedgens(newest_first: Sequence[tuple[Published, str]]) -> bytes:
    view = view_of([one for one, _notes in newest_first])
    place = Place(view.addresses.feed, newest(view), Surroundings(newest(view)))
    generator = feed_generator(view, place)
    add_entries(generator, newest_first, setting_of(view))
    whole: bytes = generator.rss_str()
    return whole
