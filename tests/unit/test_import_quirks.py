"""Every quirk that real feeds have: what is made of it, and that it is said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pillarcast.errors import NotesError
from pillarcast.model.imported import UNKNOWN_DURATION_S, ImportedEpisode, ImportedShow
from pillarcast.render.feed_dates import parse_date
from pillarcast.render.feed_numbers import parse_duration, parse_length
from pillarcast.render.feed_parity import compare
from pillarcast.render.feed_preview import preview
from pillarcast.render.feed_reader import read_feed
from tests.feed_support.views import ADDRESSES

HEAD = (
    '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:podcast="https://podcastindex.org/namespace/1.0" '
    'xmlns:psc="http://podlove.org/simple-chapters" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
    "<title>Old Show</title><link>https://old.example.org</link><description>About</description>"
    "<language>en</language><itunes:explicit>no</itunes:explicit>"
)
AUDIO = '<enclosure url="https://old.example.org/a.mp3" length="123456" type="audio/mpeg"/>'
DATE = "<pubDate>Thu, 05 Feb 2026 11:00:00 +0000</pubDate>"


def feed(*items: str, head: str = HEAD) -> bytes:
    whole = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}{whole}</channel></rss>'.encode()


def one(inner: str, head: str = HEAD) -> ImportedEpisode:
    (episode,) = read_feed(feed(f"<title>One</title><guid>g</guid>{AUDIO}{DATE}{inner}", head=head)).episodes
    return episode


def said(show: ImportedShow, field: str) -> str:
    return " ".join(remark.what for remark in show.remarks if remark.field == field)


def test_without_a_guid_the_audios_address_is_kept_as_apps_do() -> None:
    show = read_feed(feed(f"<title>One</title>{AUDIO}{DATE}"))
    assert show.episodes[0].guid == "https://old.example.org/a.mp3"
    assert "apps went by the audio's address" in said(show, "guid")


def test_a_guid_is_kept_to_the_letter() -> None:
    show = read_feed(
        feed(f'<title>A</title><guid isPermaLink="true"> https://old.example.org/?p=1 </guid>{AUDIO}{DATE}')
    )
    assert show.episodes[0].guid == "https://old.example.org/?p=1"


def test_a_picture_is_no_audio_and_does_not_hide_any() -> None:
    picture = '<enclosure url="https://old.example.org/p.jpg" length="0" type="image/jpeg"/>'
    newsletter, episode = (
        f"<title>Letter</title><guid>l</guid>{picture}",
        f"<title>A</title><guid>a</guid>{picture}{AUDIO}",
    )
    show = read_feed(feed(newsletter, episode))
    (one,) = show.episodes
    assert (one.guid, one.enclosure.media_type) == ("a", "audio/mpeg")
    assert "has no audio" in said(show, "item")


def test_of_several_items_with_one_guid_the_first_keeps_it() -> None:
    other = AUDIO.replace("a.mp3", "b.mp3")
    show = read_feed(
        feed(f"<title>A</title><guid>g</guid>{AUDIO}{DATE}", f"<title>B</title><guid>g</guid>{other}{DATE}")
    )
    assert [(one.episode.title, one.guid) for one in show.episodes] == [
        ("A", "g"),
        ("B", "https://old.example.org/b.mp3"),
    ]
    assert "another episode's too" in said(show, "guid")


def test_the_same_item_twice_is_one() -> None:
    item = f"<title>A</title><guid>g</guid>{AUDIO}{DATE}"
    show = read_feed(feed(item, item))
    assert len(show.episodes) == 1
    assert "stands in the feed twice" in said(show, "item")


def test_what_has_no_audio_was_never_an_episode() -> None:
    show = read_feed(feed("<title>A post</title><guid>p</guid>"))
    assert show.episodes == ()
    assert "has no audio" in said(show, "item")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Thu, 05 Feb 2026 11:00:00 +0000", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 5 Feb 2026 06:00:00 EST", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 12:00:00 CET", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Wed, 05 Aug 2026 04:00:00 PDT", datetime(2026, 8, 5, 11, tzinfo=UTC)),
        ("2026-02-05T12:00:00+01:00", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("2026-02-05 11:00:00", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("05 Feb 2026 11:00 GMT", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 11:00:00 -3000", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 11:00:00 XYZ", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 12:00:00 +01:00", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 06:00:00 -05", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 16:30:00 +05:30", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 11:00:00 +0000 (UTC)", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu Feb 05 2026 12:00:00 GMT+0100 (Central European Standard Time)", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 06:00 AM EST", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 01:00:00 p.m. +0200", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("Thu, 05 Feb 2026 12:00:00 AM +0000", datetime(2026, 2, 5, tzinfo=UTC)),
        ("2026-02-05 11:00:00 UTC", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("2026-02-05 06:00:00 -0500", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("2026/02/05 06:00:00 EST", datetime(2026, 2, 5, 11, tzinfo=UTC)),
        ("2026-02-05T11:00:00.5Z", datetime(2026, 2, 5, 11, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-02-05", datetime(2026, 2, 5, tzinfo=UTC)),
        ("Thu, 35 Feb 2026 11:00:00 GMT", None),
        ("someday", None),
        ("", None),
    ],
)
def test_dates(text: str, moment: datetime | None) -> None:
    assert parse_date(text) == moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1860", 1860), ("31:00", 1860), ("1:02:03", 3723), ("0:31:00", 1860), ("1860.4", 1860), (" 31:00 ", 1860),
     ("90:00", 5400), ("half an hour", 0), ("https://x.example.org/a.mp3", 0), ("", 0), ("-5", 0)],
)  # fmt: skip
def test_durations(text: str, seconds: int) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "length"), [("123", 123), ("1,234", 1234), ("12.0", 12), ("31:20", 0), ("", 0), ("-1", 0)]
)
def test_lengths(text: str, length: int) -> None:
    assert parse_length(text) == length


def test_a_duration_that_nobody_knows_stays_unknown() -> None:
    assert one("<itunes:duration>soon</itunes:duration>").duration_s == UNKNOWN_DURATION_S


def test_latin_1_is_read_as_declared_and_when_it_is_not_declared() -> None:
    text = feed(f"<title>Café</title><guid>g</guid>{AUDIO}{DATE}").decode()
    declared = text.replace("UTF-8", "ISO-8859-1").encode("latin-1")
    undeclared = text.encode("latin-1")
    assert read_feed(declared).episodes[0].episode.title == "Café"
    show = read_feed(undeclared)
    assert show.episodes[0].episode.title == "Café"
    assert "encoding" in said(show, "xml")


def test_html_entities_bare_ampersands_and_control_characters() -> None:
    inner = f"<title>R&eacute;sum&eacute; &amp; Q&A \x1e</title><guid>g</guid>{AUDIO}{DATE}"
    show = read_feed(feed(inner))
    assert show.episodes[0].episode.title == "Résumé & Q&A"
    assert len([remark for remark in show.remarks if remark.field == "xml"]) == 3


def test_a_document_that_breaks_off_gives_what_it_had() -> None:
    whole = feed(f"<title>A</title><guid>a</guid>{AUDIO}{DATE}", f"<title>B</title><guid>b</guid>{AUDIO}{DATE}")
    broken = whole[: whole.index(b"<title>B")]
    assert [episode.guid for episode in read_feed(broken).episodes] == ["a"]


def test_blanks_before_the_document() -> None:
    assert len(read_feed(b"\n\n  " + feed(f"<title>A</title><guid>a</guid>{AUDIO}{DATE}")).episodes) == 1


@pytest.mark.parametrize(
    ("description", "notes"),
    [
        (
            "Plain words\nin two lines\n\nand a paragraph",
            "<p>Plain words<br>in two lines</p>\n\n<p>and a paragraph</p>",
        ),
        ("&lt;p&gt;Once &lt;b&gt;escaped&lt;/b&gt;&lt;/p&gt;", "<p>Once <b>escaped</b></p>"),
        ("&amp;lt;p&amp;gt;Twice&amp;lt;/p&amp;gt;", "<p>Twice</p>"),
        ("<![CDATA[<div>One</div><div>Two</div>]]>", "<p>One</p>\n\n<p>Two</p>"),
        ("<![CDATA[Loose<br><br>words]]>", "<p>Loose</p>\n\n<p>words</p>"),
        ("<![CDATA[<p onclick='x()'>Safe</p><script>evil()</script>]]>", "<p>Safe</p>"),
        ('<![CDATA[<a href="/about">us</a>]]>', '<p><a href="https://old.example.org/about">us</a></p>'),
        (
            '<![CDATA[<img src="https://e.org/p.png" alt="A chart">]]>',
            '<p><a href="https://e.org/p.png">A chart</a></p>',
        ),
        ("<![CDATA[*no* _markdown_ here]]>", "<p>*no* _markdown_ here</p>"),
    ],
)
def test_notes_of_every_kind(description: str, notes: str) -> None:
    assert one(f"<description>{description}</description>").notes == notes


def test_full_notes_and_a_short_text_are_told_apart() -> None:
    episode = one(
        "<content:encoded><![CDATA[<p>The whole story, at length.</p>]]></content:encoded>"
        "<description>In short.</description><itunes:subtitle></itunes:subtitle>"
    )
    assert (episode.notes, episode.episode.summary) == ("<p>The whole story, at length.</p>", "In short.")
    repeated = one("<description>The same words.</description><itunes:summary>The same words.</itunes:summary>")
    assert (repeated.notes, repeated.episode.summary) == ("", "The same words.")


def test_numbers_flags_and_people() -> None:
    episode = one(
        "<itunes:season>2</itunes:season><itunes:episode>0</itunes:episode><itunes:episodeType>Bonus</itunes:episodeType>"
        '<itunes:explicit>yes</itunes:explicit><podcast:season name="Winter">2</podcast:season>'
        '<podcast:person role="Guest" img="https://e.org/a.jpg">Ann</podcast:person><podcast:person/>'
    ).episode
    assert (episode.season, episode.season_name, episode.number, episode.kind.value) == (2, "Winter", None, "bonus")
    assert episode.is_explicit is True
    assert [(person.name, person.role) for person in episode.people] == [("Ann", "guest")]


def test_podlove_chapters_and_linked_chapters() -> None:
    listed = '<psc:chapter start="00:01:00.500" title="Two"/><psc:chapter start="0" title="One"/>'
    chapters = f"<psc:chapters>{listed}</psc:chapters>"
    linked = '<podcast:chapters url="https://e.org/c.json" type="application/json+chapters"/>'
    assert [(one.start_s, one.title) for one in one(chapters).episode.chapters] == [(0, "One"), (60.5, "Two")]
    assert one(linked).episode.chapters_url == "https://e.org/c.json"


def test_addresses_are_made_whole_and_ascii() -> None:
    audio = '<enclosure url="//cdn.example.org/größe 1.mp3" length="9" type="audio/mp3"/>'
    (episode,) = read_feed(feed(f"<title>A</title><guid>g</guid><link>/one</link>{audio}{DATE}")).episodes
    assert episode.enclosure.url == "https://cdn.example.org/gr%C3%B6%C3%9Fe%201.mp3"
    assert episode.enclosure.media_type == "audio/mpeg"
    assert episode.episode.link == "https://old.example.org/one"


def test_what_breaks_a_rule_of_the_namespace_is_left_out_and_said() -> None:
    head = (
        HEAD
        + '<podcast:funding url="ftp://e.org">Give</podcast:funding><podcast:funding url="http://e.org">Pay</podcast:funding>'
    )
    show = read_feed(feed(head=head))
    assert [(pay.url, pay.text) for pay in show.feed.funding] == [("https://e.org", "Pay")]
    assert "was left out" in said(show, "podcast:funding")


def test_categories_of_before_2019_become_todays() -> None:
    head = (
        HEAD
        + '<itunes:category text="Technology"><itunes:category text="Tech News"/></itunes:category>'
        + '<itunes:category text="Games &amp; Hobbies"/>'
    )
    show = read_feed(feed(head=head))
    assert show.about.category == ("News > Tech News", "Leisure")
    assert "became 'News > Tech News'" in said(show, "channel.category")


def test_the_shows_guid_is_minted_from_its_address_once() -> None:
    head = HEAD + '<atom:link rel="self" href="https://podnews.net/rss"/>'
    assert read_feed(feed(head=head)).feed.guid == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    assert read_feed(feed(), "https://podnews.net/rss/").feed.guid == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    given = head + "<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>"
    assert read_feed(feed(head=given)).feed.guid == "917393e3-1b1e-5cef-ace4-edaa54e1f810"


def test_items_of_one_second_keep_their_order() -> None:
    items = [f"<title>{n}</title><guid>{n}</guid>{AUDIO.replace('a.mp3', n + '.mp3')}{DATE}" for n in "badc"]
    assert [episode.guid for episode in read_feed(feed(*items)).episodes] == ["b", "a", "d", "c"]


def test_a_page_is_no_feed() -> None:
    with pytest.raises(NotesError, match="no RSS feed"):
        read_feed(b"<!doctype html><html><body>Hello</body></html>", "https://old.example.org")


def test_an_episode_without_a_link_gets_the_page_in_the_bucket_not_the_old_front_page() -> None:
    assert one("").episode.link == ""
    assert one("<link>/one</link>").episode.link == "https://old.example.org/one"


@pytest.mark.parametrize(
    ("type_said", "url", "media_type"),
    [
        ("application/octet-stream", "a.mp3?x=1.2", "audio/mpeg"),
        ("binary/octet-stream", "a.m4a", "audio/x-m4a"),
        ("audio/mpeg; charset=binary", "a.mp3", "audio/mpeg"),
        ("audio/mp4", "a.m4a", "audio/x-m4a"),
        ("", "a.opus", "audio/ogg"),
    ],
)
def test_a_type_that_says_nothing_is_taken_from_the_files_name(type_said: str, url: str, media_type: str) -> None:
    audio = f'<enclosure url="https://old.example.org/{url}" length="1" type="{type_said}"/>'
    (episode,) = read_feed(feed(f"<title>A</title><guid>g</guid>{audio}{DATE}")).episodes
    assert episode.enclosure.media_type == media_type


@pytest.mark.parametrize("what", ["link", "enclosure", "channel"])
def test_an_address_that_is_none_keeps_nobody_from_reading_the_feed(what: str) -> None:
    head = HEAD.replace("https://old.example.org<", "http://[broken<") if what == "channel" else HEAD
    audio = AUDIO.replace("https://old.example.org", "http://[broken") if what == "enclosure" else AUDIO
    link = "<link>http://[broken</link>" if what == "link" else ""
    old = feed(f"<title>A</title><guid>g</guid>{link}{audio}{DATE}", head=head)
    show = read_feed(old)
    assert show.episodes[0].episode.link == ""
    assert compare(old, preview(show, ADDRESSES)).is_clean


def test_logins_in_addresses_are_left_with_the_old_host() -> None:
    hubs = "".join(
        f'<atom:link rel="hub" href="{hub}"/>' for hub in ("https://a:b@hub.example.org/", "", "https://ok.org/")
    )
    old = feed(f"<title>A</title><guid>g</guid>{AUDIO}{DATE}", head=HEAD.replace("//old", "//helen:secret@old") + hubs)
    show = read_feed(old)
    assert (show.about.website, show.feed.hubs) == ("", ("https://ok.org/",))
    assert compare(old, preview(show, ADDRESSES)).is_clean
    assert "secret" not in str(show)


def test_a_host_of_other_letters_is_asked_by_its_name_for_the_network() -> None:
    old = feed(
        f"<title>A</title><guid>g</guid>{AUDIO.replace('old.example.org/a', 'münchen.example.org:8443/ä')}{DATE}"
    )
    show = read_feed(old)
    assert show.episodes[0].enclosure.url == "https://xn--mnchen-3ya.example.org:8443/%C3%A4.mp3"
    assert compare(old, preview(show, ADDRESSES)).is_clean
