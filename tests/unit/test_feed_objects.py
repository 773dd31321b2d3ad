"""The feed as wanted objects: what is kept, what a change renders again, and that the bytes are feedgen's own."""

from __future__ import annotations

import gzip
import re
from datetime import date

import pytest
from lxml import etree

from pillarcast.errors import masked
from pillarcast.model.addresses import FEED
from pillarcast.model.base import FileRef
from pillarcast.model.chapters import Chapter
from pillarcast.model.episode import Person
from pillarcast.model.feed_show import SecondFeed, Subscriber
from pillarcast.model.published import Enclosure, Published
from pillarcast.model.view import PublishedArticle, View
from pillarcast.model.wanted import Step
from pillarcast.render.feed import feed_objects, newest, shown_count
from pillarcast.render.feed_archive import archive_key, links_to_archives
from pillarcast.render.feed_check import check_feed
from pillarcast.render.feed_document import Place, Surroundings, add_entries, feed_generator
from pillarcast.render.feed_links import setting_of
from pillarcast.render.feed_private import private_feed_objects, private_key
from tests.feed_support.views import (
    ABOUT,
    ADDRESSES,
    FIRST,
    SHOW_GUID,
    bodies_of,
    notes_key,
    published,
    render_all,
    render_feed,
    view_of,
)

NOTES = "## What was said\n\nSome *words* with ]]> in them & a [link](https://example.org/?a=1&b=2).\n\n- one\n- two\n"
SECRET = b"a secret of the tests, long enough"


def weekly(count: int, **feed: object) -> View:
    return view_of([published(number, NOTES) for number in range(count)], **feed)


def by_feedgen_alone(view: View) -> bytes:
    """The same feed the way a program would make it that keeps nothing."""
    links = links_to_archives(view, FEED) if view.show.feed.archives else ()
    generator = feed_generator(view, Place(view.addresses.feed, newest(view), Surroundings(newest(view), links)))
    episodes = view.episodes[: shown_count(len(view.episodes), view.show.feed)]
    add_entries(generator, [(one, NOTES if one.notes else "") for one in episodes], setting_of(view))
    whole: bytes = generator.rss_str()
    return whole


@pytest.mark.parametrize("count", [0, 1, 63, 64, 65, 130])
def test_the_feed_is_what_feedgen_itself_would_write(count: int) -> None:
    view = weekly(count)
    assert render_feed(view, bodies_of(NOTES)) == by_feedgen_alone(view)


@pytest.mark.parametrize(("count", "limit"), [(200, 100), (200, 5), (130, 128), (64, 64), (70, 500)])
def test_a_limit_shows_exactly_the_newest(count: int, limit: int) -> None:
    view = weekly(count, max_episodes=limit)
    feed = render_feed(view, bodies_of(NOTES))
    assert feed == by_feedgen_alone(view)
    assert feed.count(b"<item>") == min(limit, count)


def test_a_new_episode_renders_one_item() -> None:
    before, after = feed_objects(weekly(130)), feed_objects(weekly(131))
    known = {(one.key, one.inputs) for one in before}
    parts = [one for one in after if one.step is Step.PARTS and (one.key, one.inputs) not in known]
    assert [part.key for part in parts] == ["private/feed/newest/2.xml"]
    assert parts[0].needs == (notes_key(NOTES),)


@pytest.mark.parametrize(
    ("count", "names"),
    [
        (7, ["newest/6", "newest/5", "newest/4", "newest/3", "newest/2", "newest/1", "newest/0"]),
        (8, ["groups/0"]),
        (73, ["newest/0", "groups/0", "pages/00000"]),
        (128, ["pages/00001", "pages/00000"]),
    ],
)
def test_episodes_are_kept_in_pages_and_the_newest_in_groups(count: int, names: list[str]) -> None:
    keys = [one.key for one in feed_objects(weekly(count)) if one.step is Step.PARTS]
    assert keys == [f"private/feed/{name}.xml" for name in names]


@pytest.mark.parametrize("count", [8, 63, 64, 127, 1000])
def test_a_feed_has_few_parts(count: int) -> None:
    parts = [one for one in feed_objects(weekly(count)) if one.step is Step.PARTS]
    assert len(parts) <= count // 64 + 14


def test_an_edit_touches_the_page_of_the_episode_alone() -> None:
    episodes = [published(number, NOTES) for number in range(130)]
    edited = [*episodes[:3], published(3, NOTES, title="Another title"), *episodes[4:]]
    before = {one.key: one.inputs for one in feed_objects(view_of(episodes)) if one.step is Step.PARTS}
    after = {one.key: one.inputs for one in feed_objects(view_of(edited)) if one.step is Step.PARTS}
    assert [key for key in after if before[key] != after[key]] == ["private/feed/pages/00000.xml"]


def test_the_same_view_gives_the_same_bytes_and_the_same_inputs() -> None:
    one, other = weekly(70), weekly(70)
    assert render_all(one, bodies_of(NOTES)) == render_all(other, bodies_of(NOTES))
    assert [(thing.key, thing.inputs) for thing in feed_objects(one)] == [
        (thing.key, thing.inputs) for thing in feed_objects(other)
    ]


def test_the_date_of_the_feed_is_that_of_its_newest_episode() -> None:
    assert b"<lastBuildDate>Thu, 15 Jan 2026 11:00:00 +0000</lastBuildDate>" in render_feed(weekly(3), bodies_of(NOTES))
    assert b"lastBuildDate" not in render_feed(weekly(0))


@pytest.mark.parametrize("count", [0, 3, 64, 200])
def test_the_gzip_copy_is_one_member_with_the_same_bytes(count: int) -> None:
    made = render_all(weekly(count), bodies_of(NOTES))
    assert gzip.decompress(made[f"{FEED}.gz"]) == made[FEED]
    import zlib

    reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert reader.decompress(made[f"{FEED}.gz"]) == made[FEED]
    assert reader.eof
    assert not reader.unused_data


@pytest.mark.parametrize(
    ("count", "limit", "books", "sources"),
    [(511, 0, 0, 7 + 7 + 7), (512, 0, 1, 1), (1100, 0, 2, 4 + 1 + 1 + 2), (1100, 300, 0, 4 + 1 + 4 + 1)],
)
def test_a_long_feed_is_put_together_out_of_books(count: int, limit: int, books: int, sources: int) -> None:
    view = weekly(count, max_episodes=limit)
    (feed,) = [one for one in feed_objects(view) if one.key == FEED]
    assert len([key for key in feed.needs if "/books/" in key]) == books
    assert len(feed.needs) == sources
    made = render_all(view, bodies_of(NOTES))
    assert gzip.decompress(made[f"{FEED}.gz"]) == made[FEED] == by_feedgen_alone(view)


def test_a_book_outlives_new_episodes_and_follows_an_edit() -> None:
    def books(*episodes: Published) -> list[str]:
        return [one.inputs for one in feed_objects(view_of([*episodes])) if "/books/" in one.key]

    episodes = [published(number, NOTES) for number in range(512)]
    edited = [*episodes[:3], published(3, NOTES, title="Another title"), *episodes[4:]]
    assert books(*episodes) == books(*episodes, published(512, NOTES)) != books(*edited)


def test_without_a_gzip_copy_nothing_of_it_is_kept() -> None:
    keys = [one.key for one in feed_objects(weekly(130, compressed_copy=False))]
    assert not [key for key in keys if key.endswith((".gz", ".deflate"))]


@pytest.mark.parametrize(("count", "limit"), [(700, 300), (700, 10), (513, 300), (200, 100), (256, 1)])
def test_feed_and_archives_together_hold_every_episode(count: int, limit: int) -> None:
    made = render_all(weekly(count, archives=True, max_episodes=limit, compressed_copy=False), bodies_of(NOTES))
    documents = {key: body for key, body in made.items() if key.startswith(FEED.removesuffix(".xml"))}
    found = {guid for body in documents.values() for guid in re.findall(rb">(guid-\d+)<", body)}
    assert len(found) == count
    assert documents[FEED].count(b"<item>") >= min(limit, count)


def test_archives_lead_from_one_to_the_next_older() -> None:
    view = weekly(600, archives=True, max_episodes=100)
    made = render_all(view, bodies_of(NOTES))
    newest_archive, oldest = archive_key(FEED, 1), archive_key(FEED, 0)
    assert f'rel="prev-archive" href="{ADDRESSES.of(newest_archive)}"'.encode() in made[FEED]
    assert f'rel="prev-archive" href="{ADDRESSES.of(oldest)}"'.encode() in made[newest_archive]
    assert b"prev-archive" not in made[oldest]
    assert b"<fh:archive/>" in made[oldest]
    assert f'rel="current" href="{ADDRESSES.feed}"'.encode() in made[oldest]


def test_a_new_episode_leaves_the_archives_alone() -> None:
    before = {one.key: one.inputs for one in feed_objects(weekly(600, archives=True))}
    after = {one.key: one.inputs for one in feed_objects(weekly(601, archives=True))}
    archives = [key for key in before if "archive" in key]
    assert len(archives) == 2
    assert all(before[key] == after[key] for key in archives)


def test_a_second_format_is_a_feed_of_its_own() -> None:
    opus = Enclosure(
        url="https://cdn.example.com/o.opus", length_bytes=9, media_type="audio/ogg", sha256="c" * 64, key="k"
    )
    episodes = [published(0).model_copy(update={"alternates": (opus,)}), published(1)]
    made = render_all(view_of(episodes, second=(SecondFeed(format="opus"),)), {})
    second = etree.fromstring(made["public/feed-opus.xml"])
    urls = second.xpath("//enclosure/@url")
    assert urls == [episodes[1].enclosure.url, opus.url]
    assert second.xpath("string(//*[local-name()='guid' and namespace-uri()!=''])") != SHOW_GUID
    assert check_feed(made[FEED]) == ()
    integrity = etree.fromstring(made[FEED]).xpath("//*[local-name()='integrity']/@value")
    assert integrity == ["sha256-" + "zMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMw="]


def test_articles_have_a_feed_without_audio() -> None:
    body = FileRef(key="private/files/x.md", sha256="d" * 64, length_bytes=4, media_type="text/markdown")
    article = PublishedArticle(
        guid="article-1", slug="on-salary", title="On salary & more", summary="Ask first.", body=body, artwork=None,
        tags=("money",), programming_note=None, published_at=FIRST, page_url=ADDRESSES.of("public/articles/on-salary"),
    )  # fmt: skip
    view = view_of([published(0)]).model_copy(update={"articles": (article,)})
    made = render_all(view, {body.key: b"*Ask* first."})
    feed = etree.fromstring(made["public/blog.xml"])
    assert feed.xpath("string(//item/title)") == "On salary & more"
    assert feed.xpath("//enclosure") == []
    assert "public/blog.xml" not in render_all(view_of([published(0)]), {})


def test_chapters_stand_beside_the_feed_that_names_them() -> None:
    chapters = (Chapter(start_s=0, title="Hello"), Chapter(start_s=90.5, title="Ads", is_silent=True))
    made = render_all(view_of([published(0, chapters=chapters)]), {})
    assert made["public/episodes/episode-0.chapters.json"] == (
        b'{"version":"1.2.0","title":"Episode about 0","chapters":[{"startTime":0,"title":"Hello"},'
        b'{"startTime":90.5,"title":"Ads","toc":false}]}'
    )
    assert b'url="https://cdn.example.com/show/episodes/episode-0.chapters.json"' in made[FEED]


def test_a_private_feed_ends_with_its_day_and_with_a_word_of_the_owner() -> None:
    ada = Subscriber(name="Ada", expires=date(2026, 6, 30))
    view = view_of([published(0)], subscriber=(ada, Subscriber(name="Bob", revoked=True)))
    open_feeds = private_feed_objects(view, SECRET, date(2026, 6, 30))
    assert [feed.key for feed in open_feeds] == [private_key(SHOW_GUID, ada, SECRET)]
    assert private_feed_objects(view, SECRET, date(2026, 7, 1)) == ()
    made = render_all(view, {}, lambda shown: (*feed_objects(shown), *open_feeds))
    assert b"<itunes:block>Yes</itunes:block>" in made[open_feeds[0].key]
    assert b"<itunes:block>" not in made[FEED]


def test_the_address_of_a_private_feed_changes_with_its_serial_and_with_the_secret() -> None:
    ada = Subscriber(name="Ada")
    keys = {
        private_key(SHOW_GUID, ada, SECRET),
        private_key(SHOW_GUID, ada.model_copy(update={"serial": 2}), SECRET),
        private_key(SHOW_GUID, ada, b"another secret of the tests"),
        private_key(SHOW_GUID, Subscriber(name="Bob"), SECRET),
    }
    assert len(keys) == 4
    token = private_key(SHOW_GUID, ada, SECRET).split("/")[2]
    assert token not in masked(f"wrote public/for/{token}/feed.xml")
    with pytest.raises(ValueError, match="16 characters"):
        private_key(SHOW_GUID, ada, b"short")


def test_the_shows_host_is_not_named_twice_whatever_the_capitals_of_a_role() -> None:
    ann, bo = Person(name="Ann", role="Host"), Person(name="Bo", role="Guest")
    about = ABOUT.model_copy(update={"people": (Person(name="Ann"),)})
    feed = render_feed(view_of([published(0, people=(ann, bo)), published(1, people=(bo,))], about), {})
    first, second = feed.split(b"<item>")[:0:-1]
    assert first.count(b">Ann</podcast:person>") == 1
    assert second.count(b">Ann</podcast:person>") == 1
