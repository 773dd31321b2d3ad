# ruff: noqa: E501 - lists of pieces
"""What parses what strangers wrote, and the pieces that their writings are made of."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from pillarcast.adapters.http import Answer
from pillarcast.adapters.http_words import said_by
from pillarcast.audio.mp3.mpeg import parse_header, tag_length
from pillarcast.audio.read.claims import claimed_s
from pillarcast.model.chapters import parse_stamp
from pillarcast.model.notes import parse_notes
from pillarcast.model.origin import parse_origin
from pillarcast.render.feed_chapters_reader import read_chapters
from pillarcast.render.feed_dates import parse_date
from pillarcast.render.feed_items import read_items
from pillarcast.render.feed_numbers import parse_count, parse_duration, parse_length
from pillarcast.render.feed_reader import read_feed
from pillarcast.render.lint import lint
from pillarcast.render.notes import notes_html, notes_text
from pillarcast.render.pages.transcript import paragraphs_of
from pillarcast.settings import load
from tests.show_support.place import SHOW

CHARACTERS = st.text(st.characters(), max_size=12)
NUMBERS = st.sampled_from(
    ["0", "-1", "1e999", "nan", "9" * 30, "9" * 5000, "1:2:3", "0x1f", "٣", "", " 7 ", "1_0", "-0.0"]
)


@dataclass(frozen=True)
class Parser:
    inputs: st.SearchStrategy[Any]
    parse: Callable[[Any], object]


def pieces(*words: str, most: int = 30) -> st.SearchStrategy[str]:
    """Such words, numbers and anything else, in any order."""
    return st.lists(st.sampled_from(words) | NUMBERS | CHARACTERS, max_size=most).map("".join)


FRONT = pieces(
    "title: ", "summary: ", "season: ", "episode: ", "tags: ", "guests: ", "chapters:\n  - ", "{at: ", "publish_at: ",
    "2026-06-04", " 06:00", "explicit: ", "slug: ", "link: ", "https://x.example/", "value: ", "location: ", "[", "]", "{",
    "}", ", ", "\n", ": ", "- ", "|\n  ", ">", "&a ", "*a", "!!binary ", "!!timestamp ", "? ", "'", '"', "\\x00", "~", "<<: ",
)  # fmt: skip
MARKDOWN = pieces(
    "#", "*", "_", "`", "[", "](", ")", "![", "<", ">", "&#", ";", "|", "-", "\n", "\n\n", "    ", "> ", "1. ", "~~",
    "https://x.example", "www.x", "0:01 ", "<script>", "</", "<!--", "<![CDATA[", "data:image/png;base64,", "x" * 50, most=60,
)  # fmt: skip
ELEMENTS = (
    "title", "guid", "link", "pubDate", "description", "itunes:duration", "itunes:episode", "itunes:season", "itunes:image",
    "podcast:person", "podcast:transcript", "podcast:chapters", "podcast:soundbite", "podcast:location", "podcast:value",
    "podcast:valueRecipient", "podcast:license", "podcast:socialInteract", "podcast:alternateEnclosure", "podcast:source",
    "podcast:txt", "podcast:season", "podcast:episode", "podcast:funding", "itunes:category", "content:encoded",
    "itunes:explicit", "itunes:type", "podcast:locked", "podcast:block", "podcast:updateFrequency", "podcast:liveItem",
    "podcast:remoteItem", "podcast:podroll", "podcast:images", "podcast:chat", "psc:chapter", "enclosure", "category",
)  # fmt: skip
ATTRIBUTES = ("url", "href", "length", "type", "startTime", "duration", "role", "geo", "osm", "rrule", "dtstart", "text",
              "isPermaLink", "srcset", "split", "bitrate", "priority", "protocol", "uri", "complete", "number")  # fmt: skip
_WORDS = NUMBERS | CHARACTERS.map(lambda text: text.replace("<", "&lt;")) | st.sampled_from(
    ["https://x.example/a.mp3", "Thu, 04 Jun 2026 10:00:00 GMT", "yes", "<![CDATA[<b>x]]>", "&nbsp;", "&bogus;", "\x00"]
)  # fmt: skip


@st.composite
def _elements(draw: st.DrawFn) -> str:
    name = draw(st.sampled_from(ELEMENTS))
    said = draw(st.dictionaries(st.sampled_from(ATTRIBUTES), _WORDS, max_size=3))
    attributes = "".join(f' {key}="{str(word).replace(chr(34), "")}"' for key, word in said.items())
    return f"<{name}{attributes}>{draw(_WORDS)}{draw(st.just('') | st.just('<x/>'))}</{name}>"


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    """Mostly feeds; often broken, cut off, or in another encoding than they say."""
    head = "".join(draw(st.lists(_elements(), max_size=8)))
    items = "".join(
        f'<item><title>x</title><enclosure url="https://x.example/{number}.mp3" length="1" type="audio/mpeg"/>{inner}</item>'
        for number in range(draw(st.integers(0, 3)))
        for inner in ["".join(draw(st.lists(_elements(), max_size=8)))]
    )
    names = ["itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd", "podcast", "https://podcastindex.org/namespace/1.0", "content", "http://purl.org/rss/1.0/modules/content/", "psc", "http://podlove.org/simple-chapters"]  # fmt: skip
    spaces = "".join(f' xmlns:{name}="{uri}"' for name, uri in zip(names[::2], names[1::2], strict=True))
    text = f"<rss{spaces}><channel>{head}{items}</channel></rss>"
    body = text.encode(draw(st.sampled_from(["utf-8", "utf-16", "latin-1"])), "xmlcharrefreplace")
    cut = draw(st.integers(0, len(body)))
    return draw(st.sampled_from([body, body[:cut], body[:cut] + b"\xff\x00" + body[cut:], b"\x1f\x8b" + body]))


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | CHARACTERS
JSONS = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(CHARACTERS, inner, max_size=4)
)
CHAPTERS = st.fixed_dictionaries(
    {}, optional={"version": _LEAVES, "chapters": JSONS | st.lists(st.fixed_dictionaries({}, optional={
        "startTime": _LEAVES | NUMBERS, "title": JSONS, "url": JSONS, "img": JSONS, "toc": JSONS, "endTime": JSONS,
    }), max_size=5)}
)  # fmt: skip
ANSWERS = JSONS | st.fixed_dictionaries({}, optional={
    "message": JSONS, "code": JSONS, "errors": JSONS | st.lists(st.fixed_dictionaries({}, optional={
        "message": JSONS, "context": JSONS}), max_size=2), "error": JSONS, "error_description": JSONS,
})  # fmt: skip
CUES = pieces(
    "WEBVTT\n",
    "\n",
    "\n\n",
    "00:01.000",
    " --> ",
    "00:00:02,5",
    "<v Ann>",
    "</v>",
    "<i>",
    "Ann: ",
    "NOTE x",
    "STYLE",
    "&amp;",
)
HEADS = (b"RIFF", b"RF64", b"WAVEfmt ", b"data", b"ds64", b"riff\x2e\x91\xcf\x11", b"FORM", b"AIFFSSND", b"caff", b"desc",
         b"ID3\x04\0\0", b"\xff\xfb\x90\x64", b"Xing", b"Info", b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f")  # fmt: skip
BYTES = st.lists(st.sampled_from(HEADS) | st.binary(max_size=24), max_size=20).map(b"".join)
TOML = pieces(
    "[show]\n", "[schedule]\n", "[feed]\n", "[[blog]]\n", "[bucket]\n", "[master]\n", "title = ", "every = ", "zone = ", "kind = ",
    "url = ", '"', "'", '"""', "= ", "[", "]", "{", "}", "\n", ",", ".", "true", "2026-01-01", "loudness_lufs = ", "name = ",
)  # fmt: skip


def _claims(body: bytes) -> None:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(body)
        for container in ("wav", "w64", "aiff", "caf", "mp3", "aac", "ogg", "flac"):
            claimed_s(Path(file.name), container, 1.0, 176_400)
    if len(body) >= 10:
        parse_header(body[:4])
        tag_length(body[:10])


def _show(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "show.toml"
        path.write_text(SHOW + text, "utf-8", errors="replace")
        load(path)


def _numbers(text: str) -> None:
    parse_date(text)
    parse_duration(text)
    parse_count(text)
    parse_length(text)
    parse_origin(text)
    try:
        parse_stamp(text)
    except ValueError:
        return


def _answer(value: Any) -> None:
    body = json.dumps(value).encode()
    assert "tall-secret" not in said_by(400, body, ["tall-secret"])
    Answer("blog", 200, {}, body).json()


def _answer_bytes(body: bytes) -> None:
    said_by(500, body)
    Answer("blog", 200, {}, body).json()


def _markdown(text: str) -> None:
    for html in (notes_html(text), notes_html(text, seek_chapters=True)):
        assert "<script" not in html.lower()
        assert "<img" not in html.lower()
    notes_text(text)


PARSERS: dict[str, Parser] = {
    "front matter": Parser(FRONT.map(lambda text: f"---\n{text}\n---\nx".encode("utf-8", "replace")),
                           lambda raw: parse_notes(raw, "041.md")),
    "notes as bytes": Parser(st.binary(max_size=400), lambda raw: parse_notes(raw, "041.md")),
    "Markdown": Parser(MARKDOWN, _markdown),
    "show.toml": Parser(TOML, _show),
    "feeds": Parser(feeds(), read_feed),
    "feeds to lint": Parser(feeds(), lint),
    "our own feed": Parser(feeds(), read_items),
    "feeds as bytes": Parser(st.binary(max_size=400).map(lambda tail: b"<rss><channel>" + tail), read_feed),
    "chapters": Parser(CHAPTERS.map(lambda value: json.dumps(value).encode()), read_chapters),
    "chapters as bytes": Parser(BYTES, read_chapters),
    "transcripts": Parser(CUES, paragraphs_of),
    "headers of recordings": Parser(BYTES, _claims),
    "dates and numbers": Parser(pieces("Thu, ", "04 Jun 2026 ", "10:00:00 ", "GMT", "+99:99", ":", "T", "Z", "-", most=8), _numbers),
    "answers": Parser(ANSWERS, _answer),
    "answers as bytes": Parser(BYTES | st.integers(1, 60_000).map(lambda deep: b"[" * deep), _answer_bytes),
}  # fmt: skip
