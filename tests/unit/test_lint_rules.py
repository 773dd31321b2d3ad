"""Every rule finds what it is for, and finds nothing in a feed that is right."""

from __future__ import annotations

import gzip
import random

import pytest

from pillarcast.model.base import FileRef
from pillarcast.model.feed_values import ValueBlock
from pillarcast.render.lint import Severity, exit_code, lint
from pillarcast.render.lint.rules import RULES
from tests.feed_support.views import ADDRESSES, published, render_feed, view_of

_VTT = FileRef(key="private/files/t.vtt", sha256="e" * 64, length_bytes=9, media_type="text/vtt")
_ART = FileRef(key="private/files/a.jpg", sha256="f" * 64, length_bytes=9, media_type="image/jpeg")
_PAY = ValueBlock.model_validate({"recipients": [{"address": "02d5", "split": 1}]})


def right_feed() -> bytes:
    """Nothing to say about, in any profile; two episodes."""
    words = {"summary": "One sentence.", "value": (_PAY,), "soundbites": ({"start_s": 1, "duration_s": 30},)}
    episodes = [
        published(number, "Some notes.", **words).model_copy(update={"transcript": _VTT, "artwork": _ART})
        for number in (0, 1)
    ]
    bodies = {episodes[0].notes.key: b"Some notes."} if episodes[0].notes else {}
    return render_feed(view_of(episodes), bodies)


RIGHT = right_feed()
URL = ADDRESSES.feed
FIRST = b'<guid isPermaLink="false">guid-1</guid>'
ENCLOSURE = RIGHT[RIGHT.index(b"<enclosure ") : RIGHT.index(b"/>", RIGHT.index(b"<enclosure ")) + 2]
OWNER = RIGHT[RIGHT.index(b"<itunes:owner>") : RIGHT.index(b"</itunes:owner>") + 15]
ITEM = b"<item>"
CHANNEL = b"<channel>"

Change = tuple[bytes, bytes] | tuple[bytes, bytes, int]
ALL = -1
SAID = b"<itunes:explicit>false</itunes:explicit><p"


def put(where: bytes, what: str) -> Change:
    """Behind the first `where`."""
    return where, where + what.encode()


def attribute(name: str, value: str) -> Change:
    begin = ENCLOSURE.index(f'{name}="'.encode())
    end = ENCLOSURE.index(b'"', begin + len(name) + 2) + 1
    return ENCLOSURE, ENCLOSURE.replace(ENCLOSURE[begin:end], f'{name}="{value}"'.encode())


def title(text: str) -> Change:
    return b"<title>Episode about 1</title>", f"<title>{text}</title>".encode()


def podcast(what: str, where: bytes = ITEM) -> Change:
    return put(where, f"<podcast:{what}/>" if what.endswith('"') or " " in what else what)


MORE = "x" * 4001
ITEM_DATE = b'mpeg"/><pubDate>Thu, 08 Jan 2026 11:00:00 +0000</pubDate>'
WRONG: dict[str, list[Change]] = {
    "delivery/well-formed": [(b"</title>", b"</titel>", ALL)],
    "delivery/leading-blank": [(b"<?xml", b"x\n<?xml")],
    "delivery/encoding": [(b"Helen", b"H\xe9l\xe8ne")],
    "delivery/control-character": [(b"Helen", b"Hel\x0ben")],
    "delivery/entity": [(b"Helen", b"Hel&eacute;n")],
    "delivery/size": [put(b"<podcast:medium>podcast</podcast:medium>", "<!--" + "x" * 3_100_000 + "-->")],
    "delivery/compressed-size": [],
    "delivery/paging": [put(CHANNEL, '<atom:link rel="next" href="https://e.org/2"/>')],
    "delivery/https": [],
    "delivery/moved": [put(CHANNEL, "<itunes:new-feed-url>https://new.example.org/f</itunes:new-feed-url>")],
    "rss/version": [(b'version="2.0"', b'version="0.92"')],
    "rss/channel-title": [(b"<title>Good Standing</title><link>", b"<title/><link>"), (b"<itunes:title>", b"")],
    "rss/channel-link": [(b"<link>https://cdn.example.com/show/index.html</link><desc", b"<desc")],
    "rss/channel-description": [(b"<description>Careers, managed on purpose.</description>", b"")],
    "rss/channel-date": [(b"<lastBuildDate>Thu, ", b"<lastBuildDate>Doomsday, ")],
    "rss/language": [(b"<language>en-us<", b"<language>English, of course<")],
    "rss/channel-link-address": [(b"<link>https://cdn.example.com/show/index.html<", b"<link>example.com<")],
    "rss/self-link": [(b'rel="self"', b'rel="other"')],
    "rss/image": [(b"<url>", b"<uri>"), (b"</url>", b"</uri>")],
    "rss/escaped-twice": [(b"<title>Good Standing</title><link>", b"<title>Good &amp;amp; Standing</title><link>")],
    "rss/item-title": [
        (b"<title>Episode about 1</title>", b""), (b"<description>&lt;p&gt;Some notes.&lt;/p&gt;</description>", b""),
        (b"<content:encoded><![CDATA[<p>Some notes.</p>]]></content:encoded>", b""),
    ],
    "rss/item-guid": [(FIRST, b"")],
    "rss/guid-repeated": [(FIRST, FIRST.replace(b"guid-1", b"guid-0"))],
    "rss/guid-address": [(FIRST, b"<guid>guid-1</guid>")],
    "rss/guid-many": [(FIRST, FIRST + FIRST)],
    "rss/item-date": [(b'mpeg"/><pubDate>Thu, 08 Jan 2026', b'mpeg"/><pubDate>2026-01-08')],
    "rss/item-link-address": [put(ITEM, "<link>/episodes/1</link>")],
    "rss/enclosure": [attribute("length", "31:20")],
    "rss/enclosure-length": [attribute("length", "1860")],
    "rss/enclosure-many": [(ENCLOSURE, ENCLOSURE + ENCLOSURE)],
    "rss/item-escaped-twice": [title("Q&amp;amp;A")],
    "rss/enclosure-repeated": [],
    "apple/title": [(b"<title>Good Standing</title><link>", b"<link>")],
    "apple/description": [(b"<description>Careers, managed on purpose.</description>", b"")],
    "apple/image": [(b"<itunes:image href", b"<itunes:img href", ALL)],
    "apple/image-name": [(b'/artwork.jpg"/>', b'/artwork.webp"/>')],
    "apple/language": [(b"<language>en-us</language>", b"")],
    "apple/category": [(b"itunes:category", b"itunes:cat", ALL)],
    "apple/category-known": [(b'text="Careers"', b'text="Career"')],
    "apple/category-many": [put(CHANNEL, '<itunes:category text="Arts"/>')],
    "apple/explicit": [(b"<itunes:explicit>false</itunes:explicit><podcast:guid", b"<podcast:guid")],
    "apple/explicit-value": [(SAID, SAID.replace(b"false", b"maybe"))],
    "apple/explicit-old": [(SAID, SAID.replace(b"false", b"clean"))],
    "apple/no-episode": [(b"<enclosure ", b"<enclosing ", ALL)],
    "apple/author": [(b"<itunes:author>Helen Marlowe</itunes:author>", b"")],
    "apple/link": [(b"<link>https://cdn.example.com/show/index.html</link><desc", b"<desc")],
    "apple/type": [(b"<itunes:type>episodic", b"<itunes:type>weekly")],
    "apple/serial-numbers": [
        (b"<itunes:type>episodic", b"<itunes:type>serial"), (b"<itunes:episode>2</itunes:episode>", b"", ALL),
    ],
    "apple/description-length": [(b"<description>Careers", f"<description>{MORE}".encode())],
    "apple/title-length": [(b"<title>Good Standing</title><link>", f"<title>{MORE}</title><link>".encode())],
    "apple/blanks": [(b"<title>Good Standing</title><link>", b"<title> Good Standing</title><link>")],
    "apple/flags": [put(CHANNEL, "<itunes:complete>yes</itunes:complete>")],
    "apple/owner": [put(CHANNEL, OWNER.decode())],
    "apple/item-title": [title("")],
    "apple/item-enclosure": [(ENCLOSURE, b"")],
    "apple/item-guid": [(FIRST, b"<guid/>")],
    "apple/enclosure-repeated": [],
    "apple/enclosure-type": [attribute("type", "audio/flac")],
    "apple/enclosure-type-old": [attribute("type", "audio/mp3")],
    "apple/enclosure-name": [attribute("url", "https://cdn.example.com/audio?id=1")],
    "apple/enclosure-ascii": [attribute("url", "https://cdn.example.com/größe.mp3")],
    "apple/enclosure-https": [attribute("url", "http://cdn.example.com/a.mp3")],
    "apple/item-title-noise": [title("#12: Salary")],
    "apple/item-date": [(ITEM_DATE, b'mpeg"/>')],
    "apple/item-description": [
        (b"<description>&lt;p&gt;Some notes.&lt;/p&gt;</description>", b""),
        (b"<content:encoded><![CDATA[<p>Some notes.</p>]]></content:encoded>", b""),
    ],
    "apple/item-description-length": [(b"<description>&lt;p&gt;Some", f"<description>{MORE}".encode())],
    "apple/item-title-length": [title(MORE)],
    "apple/duration": [(b"itunes:duration", b"itunes:length", ALL)],
    "apple/duration-value": [(b"<itunes:duration>1801", b"<itunes:duration>half an hour")],
    "apple/item-explicit": [put(ITEM, "<itunes:explicit>perhaps</itunes:explicit>")],
    "apple/item-explicit-old": [put(ITEM, "<itunes:explicit>No</itunes:explicit>")],
    "apple/episode-type": [(b"<itunes:episodeType>full", b"<itunes:episodeType>Full")],
    "apple/season": [put(ITEM, "<itunes:season>0</itunes:season>")],
    "apple/episode": [(b"<itunes:episode>2", b"<itunes:episode>2b")],
    "apple/item-image-name": [put(ITEM, '<itunes:image href="https://e.org/a.gif?v=2.jpg"/>')],
    "apple/item-blanks": [title(" Salary ")],
    "apple/item-flags": [put(ITEM, "<itunes:block>yes</itunes:block>")],
    "psp/namespaces": [(b"https://podcastindex.org/namespace/1.0", b"https://podcastindex.org/namespace/1.0/")],
    "psp/encoding": [(b"encoding='UTF-8'", b'encoding="ISO-8859-1"')],
    "psp/self-link": [(b'rel="self"', b'rel="other"')],
    "psp/title": [(b"<title>Good Standing</title><link>", b"<link>")],
    "psp/description": [(b"<description>Careers, managed on purpose.</description>", b"")],
    "psp/link": [(b"<link>https://cdn.example.com/show/index.html</link><desc", b"<desc")],
    "psp/language": [(b"<language>en-us</language>", b"")],
    "psp/category": [(b'text="Business"', b'text="Buisness"')],
    "psp/explicit": [(b"<itunes:explicit>false</itunes:explicit><podcast:guid", b"<podcast:guid")],
    "psp/explicit-value": [(SAID, SAID.replace(b"false", b"no"))],
    "psp/image": [(b"<itunes:image href", b"<itunes:img href", ALL)],
    "psp/locked": [(b"podcast:locked", b"podcast:closed", ALL)],
    "psp/guid": [(b"podcast:guid", b"podcast:uid", ALL)],
    "psp/guid-value": [(b"<podcast:guid>9b", b"<podcast:guid>{9b")],
    "psp/author": [(b"<itunes:author>Helen Marlowe</itunes:author>", b"")],
    "psp/copyright": [put(CHANNEL, "<copyright>© 2026 Helen</copyright>")],
    "psp/item-title": [title("")],
    "psp/item-enclosure": [(ENCLOSURE, b"")],
    "psp/item-guid": [(FIRST, b"")],
    "psp/item-explicit-value": [put(ITEM, "<itunes:explicit>no</itunes:explicit>")],
    "psp/item-description-length": [(b"<description>&lt;p&gt;Some", f"<description>{MORE}".encode())],
    "psp/item-html": [(b"<description>&lt;p&gt;Some", b"<description>&lt;table&gt;&lt;p&gt;Some")],
    "psp/item-link": [(b"<link>https://cdn.example.com/show/episodes/episode-1</link>", b"")],
    "psp/item-pubdate": [(ITEM_DATE, b'mpeg"/>')],
    "psp/item-description": [(b"<description>&lt;p&gt;Some notes.&lt;/p&gt;</description>", b"")],
    "psp/item-duration": [(b"itunes:duration", b"itunes:length", ALL)],
    "psp/item-image": [(b"<itunes:image href", b"<itunes:img href", ALL)],
    "psp/item-explicit": [(b"<itunes:explicit>false</itunes:explicit>", b"", ALL)],
    "psp/item-transcript": [(b"podcast:transcript", b"podcast:text", ALL)],
    "spotify/title": [(b"<title>Good Standing</title><link>", b"<link>")],
    "spotify/image": [(b"<itunes:image href", b"<itunes:img href", ALL)],
    "spotify/no-episode": [(b"<enclosure ", b"<enclosing ", ALL)],
    "spotify/language": [(b"<language>en-us</language>", b"")],
    "spotify/category": [(b"itunes:category", b"itunes:cat", ALL)],
    "spotify/address": [(OWNER, b"")],
    "spotify/item-title": [title("")],
    "spotify/item-enclosure": [(ENCLOSURE, b"")],
    "spotify/item-date": [(ITEM_DATE, b'mpeg"/>')],
    "spotify/enclosure-type": [attribute("type", "audio/ogg")],
    "spotify/enclosure-size": [attribute("length", "250000000")],
    "spotify/bitrate": [attribute("length", "2000000")],
    "pc20/namespace": [
        (b"https://podcastindex.org/namespace/1.0",
         b"https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"),
    ],
    "pc20/transcript-in-channel": [put(CHANNEL, '<podcast:transcript url="https://e.org/t" type="text/vtt"/>')],
    "pc20/soundbite": [put(ITEM, '<podcast:soundbite startTime="1" duration="3"/>')],
    "pc20/source": [put(ITEM, '<podcast:alternateEnclosure type="audio/ogg"/>')],
    **{
        f"pc20/{prefix}{name}": [put(where, what)]
        for prefix, where in (("", CHANNEL), ("item-", ITEM))
        for name, what in {
            "unknown": "<podcast:persons>Helen</podcast:persons>",
            "misplaced": '<podcast:source uri="x"/>',
            "incomplete": "<podcast:funding>Give</podcast:funding>",
            "value": "<podcast:locked>maybe</podcast:locked>",
            "long": f"<podcast:person>{'x' * 129}</podcast:person>",
            "many": "<podcast:license>a</podcast:license><podcast:license>b</podcast:license>",
            "https": '<podcast:person href="http://e.org/">Ann</podcast:person>',
            "images": '<podcast:images srcset="https://e.org/a.jpg 1500w"/>',
            "worthless": '<podcast:value type="lightning" method="keysend"/>',
        }.items()
    },
}  # fmt: skip


def changed(rule: str) -> bytes:
    feed = RIGHT
    for old, new, *times in WRONG[rule]:
        feed = feed.replace(old, new, *(times or [1]))
    return feed


def rules_of(feed: bytes, url: str = URL) -> set[str]:
    return {finding.rule for finding in lint(feed, url)}


def test_a_right_feed_has_no_finding_but_the_owner() -> None:
    assert rules_of(RIGHT) == {"apple/owner"}


def test_every_rule_has_a_case() -> None:
    assert set(WRONG) == {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", [rule for rule, changes in WRONG.items() if changes])
def test_the_rule_finds_what_it_is_for(rule: str) -> None:
    feed = changed(rule)
    assert feed != RIGHT
    assert rule in rules_of(feed)


def test_the_same_audio_twice_is_found() -> None:
    urls = [chunk.partition(b'"')[0] for chunk in RIGHT.split(b'<enclosure url="')[1:]]
    found = rules_of(RIGHT.replace(urls[0], urls[1]))
    assert {"apple/enclosure-repeated", "rss/enclosure-repeated"} <= found


def test_what_hangs_on_the_address_and_the_size() -> None:
    assert "delivery/https" in rules_of(RIGHT, URL.replace("https", "http"))
    assert "delivery/https" not in rules_of(RIGHT, "http://127.0.0.1:8333/feed.xml")
    assert "rss/self-link" in rules_of(RIGHT, "https://other.example.org/feed.xml")
    noise = random.Random(7).randbytes(2_200_000).hex().encode()
    large = RIGHT.replace(b"Careers, managed", noise + b"Careers, managed", 1)
    assert {"delivery/compressed-size", "delivery/size"} <= rules_of(large)


@pytest.mark.parametrize("feed", [b"", b"\x00\xff", b"<html><body>Hello</body></html>", b"{}", b"<rss/>", b"<a" * 9999])
def test_what_is_no_feed_has_one_finding(feed: bytes) -> None:
    assert rules_of(feed) == {"rss/no-channel"}
    assert exit_code(lint(feed)) == 3


def test_a_compressed_feed_is_read() -> None:
    assert rules_of(gzip.compress(RIGHT)) == {"apple/owner"}


def test_an_entity_of_a_document_is_never_resolved() -> None:
    entity = b'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    bomb = b'<?xml version="1.0"?>' + entity + b"<rss><channel><title>&a;</title></channel></rss>"
    assert not any("root:" in finding.what for finding in lint(bomb))


def test_exit_codes_go_by_the_worst() -> None:
    findings = lint(changed("delivery/well-formed"), URL)
    assert exit_code(findings) == 3
    assert exit_code([finding for finding in findings if finding.severity is Severity.HINT]) == 0
    assert exit_code(lint(changed("apple/enclosure-https"), URL)) == 1
    assert exit_code([]) == 0
