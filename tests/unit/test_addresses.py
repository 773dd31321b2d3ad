"""Slugs of every letter; addresses that are live stay where they are."""

from __future__ import annotations

import pytest

from pillarcast.model.addresses import slugify
from pillarcast.render.feed_reader import read_feed
from pillarcast.render.feed_urls import GENERATOR
from pillarcast.render.pages.paths import person_key, tag_key
from tests.show_support.place import Place, ingest_drop


@pytest.mark.parametrize(("title", "slug"), [
    ("Grüße & Küsse", "grusse-kusse"), ("STRAẞE", "strasse"), ("Ærø", "aero"), ("Œuvre", "oeuvre"),
    ("Łódź", "lodz"), ("Đorđe", "dorde"), ("Þór, Garðabær", "thor-gardabaer"), ("Kapı", "kapi"), ("東京", ""),
])  # fmt: skip
def test_letters_that_no_accent_explains_are_kept(title: str, slug: str) -> None:
    assert slugify(title) == slug


def test_pages_of_tags_and_people_stay_where_they_are() -> None:
    assert tag_key("Æther") == "public/tags/ther"
    assert person_key("Łukasz Groß") == "public/people/ukasz-gross"


def test_a_known_episode_keeps_its_address_until_its_title_changes(place: Place) -> None:
    place.drop("one", "---\ntitle: Grüße\n---\nWords.\n", seconds=2)
    with place.opened() as house:
        first = ingest_drop(house.studio, place.episodes, "one").entry
        assert first is not None
        assert first.slug == "grusse"
        house.studio.store.change(lambda now: now.with_entry(first.model_copy(update={"slug": "grue"})))
        for title, slug in (("Grüße", "grue"), ("Küsse", "kusse")):
            (place.episodes / "one.md").write_text(f"---\ntitle: {title}\n---\nOther words.\n", "utf-8")
            changed = ingest_drop(house.studio, place.episodes, "one").entry
            assert changed is not None
            assert changed.slug == slug


FEED = f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Grüße</title>
<generator>{GENERATOR}</generator><link>https://old.example.com/</link>
<atom:link rel="self" href="https://old.example.com/feed.xml" type="application/rss+xml"/>
<item><title>Grüße</title><guid>1</guid><link>https://old.example.com/episodes/grue</link>
<pubDate>Thu, 04 Jun 2026 10:00:00 +0000</pubDate>
<enclosure url="https://old.example.com/1.mp3" type="audio/mpeg" length="1"/></item>
</channel></rss>"""


def test_a_show_of_ours_that_moves_in_keeps_its_addresses() -> None:
    (episode,) = read_feed(FEED.encode(), "https://old.example.com/feed.xml").episodes
    assert (episode.slug, episode.episode.link) == ("grue", "")
