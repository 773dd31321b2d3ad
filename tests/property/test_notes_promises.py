"""Whatever stands in notes: only known elements come out, only web links, and sanitising twice changes nothing."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as parser

from pillarcast.model.base import cleaned
from pillarcast.render.notes import TAGS, notes_html, notes_text, sanitised

PIECES = st.sampled_from(
    (
        *("<", ">", '"', "'", "&", "`", "*", "_", "[", "](", ")", "!", "#", "\n", "\n\n", "- ", "1. ", "> ", "|", "~~"),
        *("<script>", "</script>", "<svg/onload=x>", "<a href=", "javascript:", "https://e.example/", "data:,x", "<b>"),
        *(
            "<img src=x>",
            "<style>",
            "<title>",
            "<textarea>",
            "<!--",
            "-->",
            "&#x3c;",
            "12:34 ",
            "\x00",
            "&#8;",
            "\u202e",
            "é",
        ),
    )
)
MARKDOWN = st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join)
LINK = re.compile(r"(https?://|mailto:|tel:|#t=\d)", re.IGNORECASE)


@given(MARKDOWN, st.booleans())
@settings(max_examples=300, deadline=None)
def test_only_known_elements_and_web_links_come_out(markdown, seek):
    html = notes_html(markdown, seek_chapters=seek)
    tree = parser.fragment_fromstring(html, create_parent="div")
    for element in tree.iterdescendants():
        assert element.tag in TAGS
        assert set(element.attrib) <= {"href", "title", "start"}
        assert LINK.match(element.get("href", "https://"))
    assert sanitised(html) == html


@given(MARKDOWN)
@settings(max_examples=200, deadline=None)
def test_text_is_made_of_anything_and_may_stand_in_xml(markdown):
    text = notes_text(markdown)
    assert cleaned(text) == text


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1))
def test_plain_words_stay_as_they_are(words):
    assert notes_text(" ".join(words)) == " ".join(words)
