"""Parity: what an import keeps, what it explains, and that a loss cannot hide."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings

from pillarcast.model.addresses import Addresses
from pillarcast.model.show import Show
from pillarcast.pipeline.parity import render_parity
from pillarcast.render.feed_parity import compare
from pillarcast.render.feed_preview import preview
from pillarcast.render.feed_reader import read_feed
from pillarcast.render.show_toml import show_toml, toml_value
from tests.feed_support.hostile import episodes
from tests.feed_support.views import notes_key, render_feed, view_of
from tests.unit.test_import_quirks import AUDIO, DATE, HEAD, feed

NEW = Addresses(public_url="https://new.example.com/show")
OLD_URL = "https://old.example.org/feed"
ITEM = (
    f"<title>One</title><guid>g</guid>{AUDIO}{DATE}<link>https://old.example.org/one</link>"
    "<description><![CDATA[<p>Notes with a <a href='https://e.org/x'>link</a></p>]]></description>"
    '<itunes:duration>31:00</itunes:duration><podcast:transcript url="https://e.org/t.vtt" type="text/vtt"/>'
    '<podcast:soundbite startTime="73.0" duration="60.0">Best</podcast:soundbite>'
)
OLD = feed(ITEM, head=HEAD + "<itunes:keywords>work, life</itunes:keywords>")


def imported(old: bytes) -> bytes:
    return preview(read_feed(old, OLD_URL), NEW)


def test_an_import_is_clean_and_a_second_one_changes_nothing() -> None:
    new = imported(OLD)
    parity = compare(OLD, new, OLD_URL)
    assert parity.is_clean, parity.unexplained
    assert (parity.items, parity.imported, parity.compared) == (1, 1, 1)
    assert imported(new) == new
    assert read_feed(new).episodes == read_feed(imported(new)).episodes


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (b">g</guid>", b">h</guid>", "item"),
        (b"<title>One</title>", b"<title>Two</title>", "title"),
        (b"05 Feb 2026 11:00:00", b"05 Feb 2026 12:00:00", "pubDate"),
        (b'length="123456"', b'length="123457"', "enclosure.length"),
        (b"https://old.example.org/a.mp3", b"https://old.example.org/b.mp3", "enclosure.url"),
        (b"Notes with a", b"Notes without a", "notes"),
        (b"https://e.org/x", b"https://e.org/y", "notes.links"),
        (b"<itunes:duration>1860", b"<itunes:duration>1861", "duration"),
        (b"https://e.org/t.vtt", b"https://e.org/u.vtt", "podcast:transcript"),
        (b">Best<", b">Worst<", "podcast:soundbite"),
        (b"<language>en", b"<language>de", "channel.language"),
    ],
)
def test_a_loss_cannot_hide(old: bytes, new: bytes, field: str) -> None:
    feed_now = imported(OLD)
    assert old in feed_now
    parity = compare(OLD, feed_now.replace(old, new), OLD_URL)
    assert field in {difference.field for difference in parity.unexplained}
    assert "NOT EXPLAINED" in render_parity(parity)


def test_what_had_to_be_decided_is_explained() -> None:
    old = feed(f"<title>One</title>{AUDIO.replace('123456', 'unknown')}<pubDate>someday</pubDate>")
    parity = compare(old, imported(old), OLD_URL)
    assert parity.is_clean, parity.unexplained
    assert {"guid", "pubDate", "link", "channel.podcast:guid"} <= {one.field for one in parity.differences}
    assert render_parity(parity).endswith("Clean: every difference is explained.")


def test_elements_that_nothing_carries_are_counted() -> None:
    old = feed(ITEM + "<itunes:order>1</itunes:order>")
    assert compare(old, imported(old), OLD_URL).left_out == {
        "itunes:order": (1, "Apple no longer heeds it; dates decide"),
    }


@settings(deadline=None, max_examples=30)
@given(episodes(largest=3))
def test_importing_a_feed_of_ours_gives_the_same_feed(written: list) -> None:  # type: ignore[type-arg]
    bodies = {notes_key(notes): notes.encode("utf-8", "replace") for _one, notes in written if notes}
    first = preview(read_feed(render_feed(view_of([one for one, _notes in written]), bodies)), NEW)
    second = preview(read_feed(first), NEW)
    assert second == first


def test_the_show_toml_of_an_import_loads() -> None:
    head = HEAD + (
        '<podcast:funding url="https://e.org/pay">Give "now" \\ later</podcast:funding>'
        "<podcast:locked>no</podcast:locked>"
        '<podcast:person role="host">Ann</podcast:person><itunes:author>Änn\u007f</itunes:author>'
        '<podcast:value type="lightning" method="keysend">'
        '<podcast:valueRecipient address="a" split="1" type="node"/></podcast:value>'
    )
    show = read_feed(feed(ITEM, head=head), OLD_URL)
    loaded = Show.model_validate(tomllib.loads(show_toml(show)))
    assert loaded.show == show.about.model_copy(update={"artwork": "artwork.jpg"})
    assert loaded.feed == show.feed
    assert loaded.schedule.every == "Thursday 06:00"
    assert toml_value({"a": [1, True, "x\ny"]}) == '{ a = [1, true, "x\\ny"] }'
