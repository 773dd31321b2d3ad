"""A feed that apps could not read, or that a directory would refuse, is found before it is stored."""

from __future__ import annotations

import pytest

from pillarcast.model.published import Enclosure
from pillarcast.render.feed_check import check_feed
from pillarcast.render.feed_items import count_items, read_items
from tests.feed_support.views import published, render_feed, view_of

FEED = render_feed(view_of([published(0), published(1)]))


def test_a_feed_of_ours_has_nothing_to_say_about() -> None:
    assert check_feed(FEED) == ()
    assert check_feed(render_feed(view_of([]))) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'<guid isPermaLink="false">guid-1<', b'<guid isPermaLink="false">guid-0<', "stands in the feed 2 times"),
        (b"</channel>", b"<channel>", "no app could read it"),
        (b"<title>Episode about 1</title>", b"<title></title>", "title is empty"),
        (b"<itunes:explicit>false", b"<itunes:explicit>no", "true or false"),
        (b'<itunes:category text="Careers"/>', b'<itunes:category text="Carreers"/>', "none of Apple's"),
        (b"audio/mpeg", b"audio/flac", "none that Apple plays"),
        (b"<pubDate>Thu, 08 Jan", b"<pubDate>Thu, 58 Jan", "apps cannot read it"),
        (b"<language>en-us</language>", b"", "language"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused(old: bytes, new: bytes, said: str) -> None:
    assert old in FEED
    errors = [problem for problem in check_feed(FEED.replace(old, new)) if not problem.is_warning]
    assert any(said in problem.what for problem in errors), errors


def test_audio_of_another_server_is_warned_of_but_kept() -> None:
    foreign = Enclosure(url="https://old.example.org/audio", length_bytes=30_000_000, media_type="audio/flac")
    episode = published(0).model_copy(update={"enclosure": foreign})
    problems = check_feed(render_feed(view_of([episode])))
    assert problems
    assert all(problem.is_warning for problem in problems)


def item(number: int, feed: bytes = FEED) -> bytes:
    """The bytes of one item, as a part of the feed that stands in the bucket."""
    begin = feed.rindex(b"<item>", 0, feed.index(f"guid-{number}<".encode()))
    return feed[begin : feed.index(b"</item>", begin) + len(b"</item>")]


def test_only_what_is_new_is_looked_at() -> None:
    for faulty, other in ((0, 1), (1, 0)):
        feed = FEED.replace(item(faulty), item(faulty).replace(b"audio/mpeg", b"audio/flac"))
        assert check_feed(feed.replace(item(faulty, feed), b""), len(feed)) == ()
        assert check_feed(feed.replace(item(other, feed), b""), len(feed)) == check_feed(feed) != ()


def test_the_show_itself_is_always_looked_at() -> None:
    feed = FEED.replace(b"<language>en-us</language>", b"")
    assert check_feed(feed.replace(item(1), b"").replace(item(0), b""), len(feed)) == check_feed(feed) != ()


def test_a_large_feed_is_large_however_little_is_new() -> None:
    news = FEED.replace(item(0), b"")
    assert ["6.0 MB" in problem.what for problem in check_feed(news, 6_000_000)] == [True]


def test_items_that_are_asked_for_are_read_alone_and_alike() -> None:
    for feed in (FEED, FEED.replace(b"Episode about 0", b"On &lt;/item&gt; and <![CDATA[</item>]]>", 1)):
        every = {one.guid: one for one in read_items(feed)}
        assert count_items(feed) == len(every) == 2
        for guid, one in every.items():
            assert one in read_items(feed, [guid])
    assert [one.guid for one in read_items(FEED, ["guid-1"])] == ["guid-1"]
    assert read_items(FEED, ["guid-2"]) == ()
