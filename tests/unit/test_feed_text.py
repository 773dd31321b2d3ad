"""Descriptions: few elements, 4000 bytes, cut at a block."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from pillarcast.render.feed_text import DESCRIPTION_BYTES, DESCRIPTION_TAGS, description_of, plain_description
from pillarcast.render.notes import notes_html

PAGE = "https://cdn.example.com/show/episodes/one"


def test_what_a_description_may_not_hold_becomes_what_it_may() -> None:
    notes = notes_html("# Heading\n\n> quoted\n\n0:00 Hello\n1:00 Bye\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n`code`\n")
    description = description_of(notes, PAGE)
    assert set(re.findall(r"</?(\w+)", description)) <= DESCRIPTION_TAGS
    assert "<p><strong>Heading</strong></p>" in description
    assert "<p>quoted</p>" in description
    assert re.search(r"<p>0:00 Hello</p>\s*<p>\s*1:00 Bye</p>", description)


def test_long_notes_are_cut_between_blocks_and_say_where_the_rest_is() -> None:
    notes = notes_html("\n\n".join(f"Paragraph {number} " + "é" * 200 for number in range(30)))
    description = description_of(notes, PAGE)
    assert len(description.encode()) <= DESCRIPTION_BYTES
    assert description.endswith(f'<p><a href="{PAGE}">Read the full show notes</a></p>')
    assert description.count("<p>") == description.count("</p>")


def test_a_single_endless_paragraph_is_cut_at_a_word() -> None:
    description = description_of(notes_html("words & more " * 2000), PAGE)
    assert len(description.encode()) <= DESCRIPTION_BYTES
    assert "&amp; …" in description or "more …" in description or "words …" in description


def test_an_endless_paragraph_without_blanks_keeps_its_beginning() -> None:
    for beginning in ("これは日本語の番組です。", "AI 时代的职场，"):
        text = beginning + "毎週木曜日に新しい話。" * 300
        for description in (description_of(notes_html(text), PAGE), plain_description(text)):
            assert description.startswith(f"<p>{text[:500]}")
            assert len(description.encode()) <= DESCRIPTION_BYTES


def test_terms_and_quotations_within_a_block_do_not_run_together() -> None:
    description = description_of("<dl><dt>Guest</dt><dd>Ada</dd><dt>Host</dt><dd>Helen</dd></dl>", PAGE)
    assert description == "<p>Guest Ada Host Helen</p>"
    assert "two three" in description_of("<ul><li><blockquote>two</blockquote>three</li></ul>", PAGE)


@given(st.text(max_size=6000))
def test_any_text_fits_and_is_html(text: str) -> None:
    for description in (description_of(notes_html(text), PAGE), plain_description(text)):
        assert len(description.encode()) <= DESCRIPTION_BYTES
        assert set(re.findall(r"<(\w+)", description)) <= DESCRIPTION_TAGS
        if description:
            html.fragment_fromstring(description, create_parent="div")
