"""Whatever people write stays words: in pages, feeds, files for machines, and posts."""

from __future__ import annotations

import json
import re

import feedparser
import pytest
from lxml import etree, html

from pillarcast.errors import NotesError, Several
from pillarcast.model.chapters import Chapter
from pillarcast.model.notes import parse_notes
from pillarcast.model.published import Enclosure
from pillarcast.render.pages.player import foreign_origins
from tests.feed_support.views import published
from tests.hostile.words import ANSWER, POLICY_BREAKER, groups, show_of
from tests.show_support.place import Place

Objects = dict[str, tuple[str, bytes]]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'"
)
ADDRESSES = ("href", "src", "action", "formaction", "data", "srcset", "poster")


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Objects:
    objects = show_of(groups(), Place(tmp_path_factory.mktemp("hostile") / "show"))
    pages = [key for key, (media_type, _) in objects.items() if media_type.startswith("text/html")]
    assert len(pages) > len(groups()), "there are pages to look at"
    return objects


def of_type(objects: Objects, *media_types: str) -> dict[str, bytes]:
    return {key: body for key, (media_type, body) in objects.items() if media_type.partition(";")[0] in media_types}


def test_no_page_holds_a_script_or_handler_that_is_not_ours(shown: Objects) -> None:
    for key, body in of_type(shown, "text/html").items():
        tree = html.document_fromstring(body)
        for element in tree.iter(etree.Element):
            tag, attributes = str(element.tag), dict(element.attrib)
            assert not [name for name in attributes if str(name).lower().startswith("on")], (key, attributes)
            assert tag not in ("iframe", "object", "embed", "form", "base", "svg:script", "math"), key
            if tag == "meta":
                assert attributes.get("http-equiv") in (None, "Content-Security-Policy"), key
            if tag == "script":
                is_island = attributes.get("type") == "application/ld+json"
                assert is_island or re.fullmatch(r"[./]*assets/[\w.-]+\.js", attributes["src"]), (key, attributes)
                assert is_island or not element.text
            for name in ADDRESSES:
                said = "".join(str(attributes.get(name, "")).split()).lower()
                assert not said.startswith(("javascript:", "vbscript:", "data:text")), (key, tag, attributes)


def test_every_page_has_the_policy_before_anything_that_it_rules(shown: Objects) -> None:
    for key, body in of_type(shown, "text/html").items():
        head = html.document_fromstring(body).find("head")
        assert head is not None
        first = next(element for element in head if element.get("charset") is None)
        assert first.get("http-equiv") == "Content-Security-Policy", key
        said = re.sub(r" https?://[A-Za-z0-9.:-]+", "", first.get("content", ""))
        assert said == POLICY, key


def test_no_address_writes_on_in_the_policy() -> None:
    for url in (
        POLICY_BREAKER,
        "https://x.example; script-src-elem *",
        "https://x.example'",
        "https://a@b/",
        "https://x y/",
    ):
        one = published(1, "").model_copy(
            update={
                "enclosure": Enclosure(url=url, length_bytes=1, media_type="audio/mpeg", key=""),
                "episode": published(1, "").episode.model_copy(
                    update={"chapters": (Chapter(start_s=0, title="x", image=url),)}
                ),
            }
        )
        assert set(foreign_origins(one)) <= {"https://x.example"}


def test_every_document_for_machines_can_be_read_strictly(shown: Objects) -> None:
    for key, body in shown.items():
        media_type = body[0].partition(";")[0]
        if media_type.endswith("xml"):
            etree.fromstring(body[1], etree.XMLParser(resolve_entities=False))
        if "json" in media_type:
            json.loads(body[1])
        assert b"\x00" not in body[1] or not media_type.startswith("text/"), key


def test_every_title_is_in_the_feed_as_it_was_written(shown: Objects) -> None:
    root = etree.fromstring(shown["public/feed.xml"][1])
    titles = {(title.text or "").strip() for title in root.findall(".//item/title")}
    assert titles == {words[0][:100].strip() for words in groups()}
    read = feedparser.parse(shown["public/feed.xml"][1])
    assert not read.bozo
    for entry in read.entries:
        for content in entry.get("content", ()):
            assert "<script" not in content.value


def test_notes_in_the_feed_hold_nothing_that_runs(shown: Objects) -> None:
    root = etree.fromstring(shown["public/feed.xml"][1])
    encoded = root.findall(".//{http://purl.org/rss/1.0/modules/content/}encoded")
    assert encoded
    for element in encoded:
        for inner in html.fragment_fromstring(element.text or "", create_parent="div").iter(etree.Element):
            assert inner.tag not in ("script", "style", "iframe", "img", "svg", "object", "form")
            assert not [name for name in inner.attrib if str(name).startswith("on")]


def test_no_template_is_carried_out(shown: Objects) -> None:
    for key, (media_type, body) in shown.items():
        if media_type.startswith(("text/", "application/")):
            text = re.sub(r"[0-9a-f]{20,}", "", body.decode("utf-8", "replace"))
            assert not re.search(rf"(?<![\d.:/-]){ANSWER}(?!\d)", text), key
            assert "&lt;class" not in text, key


def test_no_key_leaves_its_folder(shown: Objects) -> None:
    for key in shown:
        assert key.startswith("public/")
        assert not re.search(r"[<>\"'\\\x00-\x1f{}]|\.\.|//", key), key


def test_words_that_no_document_may_hold_are_refused_by_the_name_of_their_line() -> None:
    lines = ("title: {}", "summary: {}", "tags: [{}]", "guests: [{{name: {}}}]", "image_alt: {}",
             "chapters: [{{at: '1:00', title: {}}}]", "chapters: [{{at: '1:00', title: a, url: {}}}]",
             "guests: [{{name: a, url: {}}}]", "guests: [{{name: a, role: {}}}]", "programming_note: {}",
             "chapters: [{{at: '1:00', title: a, image: {}}}]", "guests: [{{name: a, image: {}}}]")  # fmt: skip
    for line in lines:
        for escape in (r'"a\x00b"', r'"a\x1bb"', r'"a￿b"', r'"a\ud800b"'):
            with pytest.raises((NotesError, Several)) as caught:
                parse_notes(f"---\n{line.format(escape)}\n---\n".encode(), "041.md")
            str(caught.value).encode()


@pytest.mark.parametrize(
    "line",
    [
        "link: {}",
        "guests: [{{name: a, url: {}}}]",
        "guests: [{{name: a, image: {}}}]",
        "chapters: [{{at: '1:00', title: a, url: {}}}]",
        "chapters: [{{at: '1:00', title: a, image: {}}}]",
        "image_url: {}",
        "comments_url: {}",
    ],
)
def test_an_address_that_leads_to_no_web_is_refused_before_it_is_anywhere(line: str) -> None:
    for address in (
        "javascript:owned()",
        " JavaScript:x",
        "data:text/html,x",
        "//x.example",
        "https://a b",
        "https://",
    ):
        with pytest.raises(Several, match="address"):
            parse_notes(f"---\n{line.format(json.dumps(address))}\n---\n".encode(), "041.md")
