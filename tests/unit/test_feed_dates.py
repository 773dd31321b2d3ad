"""lastBuildDate moves when the feed says something else, and only then; the same catalogue gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pillarcast.model.addresses import FEED
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import BuiltFeed, Catalogue
from pillarcast.model.chapters import Chapter
from pillarcast.model.episode import Episode, EpisodeKind, Person
from pillarcast.model.feed_episode import EpisodeWords
from pillarcast.model.feed_show import SecondFeed, Subscriber
from pillarcast.model.feed_values import (
    BlockRule,
    Chat,
    Cloud,
    ContentLink,
    Frequency,
    Funding,
    Image,
    License,
    LinkedMedia,
    LinkedTranscript,
    Location,
    MediaSource,
    Recipient,
    RemoteItem,
    SocialPost,
    Soundbite,
    Source,
    TextInput,
    Txt,
    ValueBlock,
)
from pillarcast.model.schedule import Schedule
from pillarcast.model.show import About, Feed, ShowKind
from pillarcast.model.view import PublishedArticle, View
from pillarcast.render.feed import feed_objects
from tests.feed_support.views import ADDRESSES, FIRST, bodies_of, notes_key, published, render_all, view_of

NOW = datetime(2026, 7, 1, 12, 0, 30, 999, tzinfo=UTC)
NOTES = "Some *words*."
VALUE = (ValueBlock(recipients=(Recipient(address="a", split=1),)),)
_MEDIA = LinkedMedia(media_type="audio/ogg", sources=(MediaSource(uri="https://e.org/a"),))
_DATE = re.compile(rb"<lastBuildDate>[^<]*</lastBuildDate>")

OF_SHOW: dict[str, Any] = {
    "title": "Another", "description": "Another.", "host": "Ann", "email": "a@example.org", "website": "https://e.org",
    "language": "de", "category": ("Arts",), "explicit": True, "kind": ShowKind.SERIAL, "artwork": "other.png",
    "copyright": "Ann", "people": (Person(name="Ann"),), "tags": ("work",),
}  # fmt: skip
OF_FEED: dict[str, Any] = {
    "guid": "917393e3-1b1e-5cef-ace4-edaa54e1f810", "locked": False, "max_episodes": 2, "hubs": ("https://hub.e.org/",),
    "new_feed_url": "https://e.org/feed", "complete": True, "block": True, "medium": "music",
    "locked_owner": "o@e.org", "funding": (Funding(url="https://e.org/pay"),), "license": License(name="cc-by-4.0"),
    "location": (Location(name="Austin"),), "images": (Image(url="https://e.org/i.jpg"),),
    "social": (SocialPost(uri="https://e.org/1"),), "blocks": (BlockRule(service="youtube"),),
    "txt": (Txt(text="code"),), "podroll": (RemoteItem(feed_guid="g"),), "publisher": RemoteItem(feed_guid="p"),
    "update_frequency": Frequency(text="Now and then"), "podping": True, "chat": Chat(server="s", protocol="irc"),
    "value": VALUE, "apple_title": "Other", "managing_editor": "m@e.org", "web_master": "w@e.org", "ttl_minutes": 9,
    "cloud": Cloud(domain="c.e.org"), "rating": "PICS", "skip_hours": (1,), "skip_days": ("Sunday",),
    "text_input": TextInput(title="t", description="d", name="n", link="https://e.org/q"), "archives": True,
    "compressed_copy": False, "blog": False, "second": (SecondFeed(format="m4a"),),
    "subscriber": (Subscriber(name="Ada", expires=date(2027, 1, 1)),),
}  # fmt: skip
OF_EPISODE: dict[str, Any] = {
    "title": "Other", "summary": "Other.", "kind": EpisodeKind.BONUS, "season": 2, "season_name": "Two", "number": 9,
    "number_text": "IX", "is_explicit": True, "people": (Person(name="Bo", role="guest"),), "tags": ("x",),
    "chapters": (Chapter(start_s=0, title="One"),), "artwork_alt": "A cat", "programming_note": "Next: cats",
    "soundbites": (Soundbite(start_s=1, duration_s=20),), "social": (SocialPost(uri="https://e.org/1"),),
    "chat": Chat(server="s", protocol="irc"), "value": VALUE, "funding": (Funding(url="https://e.org/pay"),),
    "license": License(name="cc-by-4.0"), "location": (Location(name="Austin"),),
    "images": (Image(url="https://e.org/i.jpg"),), "txt": (Txt(text="code"),),
    "content_links": (ContentLink(url="https://e.org/v"),), "transcripts": (LinkedTranscript(url="https://e.org/t"),),
    "alternates": (_MEDIA,), "chapters_url": "https://e.org/c.json", "chapters_type": "application/json",
    "image_url": "https://e.org/e.jpg", "link": "https://e.org/e", "author": "Bo", "apple_title": "Other",
    "comments_url": "https://e.org/c", "blocked": True, "author_address": "bo@e.org",
    "source": Source(url="https://e.org/feed"),
}  # fmt: skip
_NEEDS = {"season_name": {"season": 1}, "artwork_alt": {"image_url": "https://e.org/e.jpg"},
          "chapters_type": {"chapters_url": "https://e.org/c"}}  # fmt: skip


def a_view(said: dict[str, Any] | None = None, **changes: Any) -> View:
    one = published(1)
    one = one.model_copy(update={"episode": one.episode.model_copy(update=said or {})})
    view = view_of([published(0, NOTES), one, published(2, kind="trailer")])
    return view.model_copy(update=changes)


def kept(view: View, key: str = FEED) -> BuiltFeed:
    (built,) = (one.built for one in feed_objects(view) if one.key == key)
    assert built is not None
    return built


def feed_of(view: View, key: str = FEED) -> bytes:
    return render_all(view, bodies_of(NOTES, "Other words."))[key]


def moves(before: View, after: View, key: str = FEED) -> bool:
    """Whether the date moved; it must whenever any other byte did, and then the plan must know of it."""
    known = {one.key: one.built for one in feed_objects(before) if one.built}
    after = after.model_copy(update={"built": known, "now": NOW})
    was, now = feed_of(before, key), feed_of(after, key)
    has_moved = _DATE.findall(was) != _DATE.findall(now)
    if _DATE.sub(b"", was) != _DATE.sub(b"", now):
        assert has_moved, "the feed says something else under the same date"
    assert has_moved == (kept(after, key).at != kept(before, key).at)
    assert (kept(after, key).content == kept(before, key).content) is not has_moved
    return has_moved


@pytest.mark.parametrize("name", About.model_fields)
def test_every_word_of_the_show_that_the_feed_says_moves_it(name: str) -> None:
    view = a_view()
    about = view.show.show.model_copy(update={name: OF_SHOW[name]})
    after = view.model_copy(update={"show": view.show.model_copy(update={"show": about})})
    assert moves(view, after) is (name != "artwork")


UNSAID = {"guid", "compressed_copy", "blog", "second", "subscriber", "archives"}
"""`archives` has nothing to say of three episodes."""


@pytest.mark.parametrize("name", Feed.model_fields)
def test_every_setting_that_the_feed_says_moves_it_and_no_other(name: str) -> None:
    view = a_view()
    feed = view.show.feed.model_copy(update={name: OF_FEED[name]})
    after = view.model_copy(update={"show": view.show.model_copy(update={"feed": feed})})
    assert moves(view, after) is (name not in UNSAID)


@pytest.mark.parametrize("name", sorted({*Episode.model_fields, *EpisodeWords.model_fields}))
def test_every_word_of_an_episode_that_the_feed_says_moves_it(name: str) -> None:
    needed = _NEEDS.get(name, {})
    assert moves(a_view(needed), a_view({**needed, name: OF_EPISODE[name]})) is (name != "programming_note")


def test_notes_move_it_and_their_file_name_does_not() -> None:
    before = a_view()
    one = before.episodes[-1]
    assert one.notes is not None

    def with_notes(**changes: Any) -> View:
        notes = one.notes.model_copy(update=changes)
        return before.model_copy(update={"episodes": (*before.episodes[:-1], one.model_copy(update={"notes": notes}))})

    assert moves(before, with_notes(key=notes_key("Other words."), sha256="e" * 64))
    assert not moves(before, with_notes(name="renamed.md"))


def test_audio_picture_artwork_and_retraction_move_it() -> None:
    before = a_view()
    newest = before.episodes[0]
    longer = newest.enclosure.model_copy(update={"length_bytes": 7})
    picture = FileRef(key="private/files/p.jpg", sha256="f" * 64, length_bytes=9, media_type="image/jpeg")
    for changes in (
        {"episodes": (newest.model_copy(update={"enclosure": longer}), *before.episodes[1:])},
        {"episodes": (newest.model_copy(update={"artwork": picture}), *before.episodes[1:])},
        {"episodes": before.episodes[1:]},
        {"artwork": picture},
    ):
        assert moves(before, before.model_copy(update=changes))
    shown = before.model_copy(update={"episodes": (newest.model_copy(update={"peaks": "AAA="}), *before.episodes[1:])})
    assert not moves(before, shown)


def test_the_schedule_moves_it_by_its_days() -> None:
    view = a_view()
    other_day, other_hour = (
        view.model_copy(update={"show": view.show.model_copy(update={"schedule": Schedule(every=every)})})
        for every in ("Tuesday 06:00", "Thursday 09:30")
    )
    assert moves(view, other_day)
    assert not moves(view, other_hour)


def test_a_new_episode_dates_the_feed_without_a_clock() -> None:
    before = a_view()
    after = view_of([*before.episodes, published(3)]).model_copy(update={"built": {FEED: kept(before)}, "now": NOW})
    assert kept(after).at == after.episodes[0].published_at


def test_an_edit_dates_it_by_the_moment_and_never_with_the_date_it_had() -> None:
    before = a_view()
    edited = a_view({"title": "Mended"}, built={FEED: kept(before)}, now=NOW)
    assert kept(edited).at == NOW.replace(microsecond=0)
    assert b"<lastBuildDate>Wed, 01 Jul 2026 12:00:30 +0000</lastBuildDate>" in feed_of(edited)
    again = a_view({"title": "Mended twice"}, built={FEED: kept(edited)}, now=NOW - timedelta(days=9))
    assert kept(again).at == NOW.replace(microsecond=0) + timedelta(seconds=1)


def test_a_catalogue_that_stays_gives_the_same_bytes_at_any_time() -> None:
    edited = a_view({"title": "Mended"}, built={FEED: kept(a_view())}, now=NOW)
    later = edited.model_copy(update={"built": {FEED: kept(edited)}, "now": NOW + timedelta(days=9)})
    assert kept(later) == kept(edited)
    assert feed_of(later) == feed_of(edited)
    assert [one.inputs for one in feed_objects(later)] == [one.inputs for one in feed_objects(edited)]


def _article(**changes: Any) -> PublishedArticle:
    body = FileRef(key=notes_key(NOTES), sha256="d" * 64, length_bytes=4, media_type="text/markdown")
    article = PublishedArticle(
        guid="article-1", slug="on-salary", title="On salary", summary="Ask first.", body=body, artwork=None,
        tags=("money",), programming_note=None, published_at=FIRST, page_url=ADDRESSES.of("public/articles/on-salary"),
    )  # fmt: skip
    return article.model_copy(update=changes)


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("public/blog.xml", lambda view: view.model_copy(update={"articles": (_article(title="Salaries"),)})),
        ("public/feed-m4a.xml", lambda view: a_view({"title": "Mended"}, show=view.show, articles=view.articles)),
    ],
)
def test_the_feeds_beside_it_are_dated_in_the_same_way(key: str, change: Callable[[View], View]) -> None:
    view = a_view()
    feed = view.show.feed.model_copy(update={"second": (SecondFeed(format="m4a"),)})
    view = view.model_copy(update={"show": view.show.model_copy(update={"feed": feed}), "articles": (_article(),)})
    assert moves(view, change(view), key)
    assert not moves(view, view, key)


def test_a_catalogue_of_before_has_no_dates_and_changes_nothing() -> None:
    assert Catalogue(show_guid="g").built == {}
    assert b"<lastBuildDate>Thu, 15 Jan 2026 11:00:00 +0000</lastBuildDate>" in feed_of(a_view(now=NOW))
