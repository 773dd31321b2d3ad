"""Show notes as HTML and as text: what stays, what goes, and how times and headings are treated."""

import re

import pytest

from pillarcast.render.notes import LONGEST_MARKDOWN, notes_html, notes_text
from pillarcast.render.plain import plain_text

HOSTILE = (
    "<script>alert(1)</script>after",
    "<style>body{display:none}</style>after",
    '<iframe src="https://evil.example"></iframe>after',
    '<a href="javascript:alert(1)">after</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">after</a>',
    "[after](data:text/html;base64,AAAA)",
    '<p onclick="alert(1)" style="position:fixed">after</p>',
    '<img src=x onerror="alert(1)">after',
    "<svg><script>alert(1)</script></svg>after<math><mtext></mtext></math>",
    '<form action="https://evil.example"><input name="password"></form>after',
    '<base href="https://evil.example">after',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">after',
    "<!-- <script>alert(1)</script> -->after",
    '<a href="https://ok.example" target="_top" id="player" class="button">after</a>',
    "<noscript><p title='</noscript><script>alert(1)</script>'>after</p></noscript>",
)
FORBIDDEN = ("<script", "<style", "<iframe", "<img", "<svg", "<form", "<input", "<base", "<meta", "<!--", "<math")
FORBIDDEN_IN_TAGS = ("javascript:", "data:", "onclick", "onerror", "style=", "target=", "id=", "class=")


@pytest.mark.parametrize("markdown", HOSTILE)
def test_hostile_notes_keep_their_words_and_lose_their_teeth(markdown):
    html = notes_html(markdown)
    assert "after" in notes_text(markdown)
    assert not [mark for mark in FORBIDDEN if mark in html.lower()]
    tags = "".join(part.split(">")[0] for part in html.lower().split("<")[1:])
    assert not [mark for mark in FORBIDDEN_IN_TAGS if mark in tags]


def test_what_people_write_stays():
    html = notes_html("**Bold** and [a link](https://example.com/?a=1&b=2), www.example.org.\n\n1. one\n2. two\n")
    assert "<strong>Bold</strong>" in html
    assert '<a href="https://example.com/?a=1&amp;b=2">a link</a>' in html
    assert '<a href="http://www.example.org">www.example.org</a>' in html
    assert "<ol>\n<li>one</li>" in html


def test_a_link_that_leads_nowhere_from_another_site_becomes_text():
    assert notes_html("[the page](page.html) and [other](//host/x)") == "<p>the page and other</p>"


def test_pictures_become_links_because_no_third_party_is_asked():
    assert notes_html("![The chart](https://example.com/c.png)") == (
        '<p><a href="https://example.com/c.png">The chart</a></p>'
    )
    assert notes_html("[![in](https://a.example/c.png)](https://b.example)") == (
        '<p><a href="https://b.example">in</a></p>'
    )


def test_words_with_a_dot_are_no_addresses_where_they_end_in_a_capital():
    linked = notes_html("ASP.NET it ended.It was MySite.com, www.EXAMPLE.COM, a@B.Org and http://A.NET/x")
    assert re.findall('href="(.*?)"', linked) == [
        "http://MySite.com", "http://www.EXAMPLE.COM", "mailto:a@B.Org", "http://A.NET/x",
    ]  # fmt: skip


def test_headings_begin_below_the_title_of_the_page_and_skip_no_level():
    assert notes_html("# A\n\n### B\n") == "<h2>A</h2>\n<h3>B</h3>"
    assert notes_html("#### Only\n") == "<h2>Only</h2>"


def test_times_at_the_beginning_of_a_line_seek_only_where_asked():
    markdown = "00:00 Begin\n12:34 The offer at 6:00 AM\n(1:02:03) End\n"
    assert "<a" not in notes_html(markdown)
    html = notes_html(markdown, seek_chapters=True)
    assert '<a href="#t=0">00:00</a> Begin<br>' in html
    assert '<a href="#t=754">12:34</a> The offer at 6:00 AM<br>' in html
    assert '<a href="#t=3723">1:02:03</a> End' in html


def test_lines_that_begin_with_a_time_stay_lines():
    assert notes_text("00:00 Begin\n12:34 The offer\nof the year") == "00:00 Begin\n12:34 The offer of the year"


def test_plain_text_shows_addresses_bullets_and_numbers():
    markdown = "Read [this](https://a.example) or https://b.example\n\n- one\n- two\n\n3. three\n4. four\n"
    assert notes_text(markdown) == (
        "Read this (https://a.example) or https://b.example\n\n\u2022 one\n\u2022 two\n\n3. three\n4. four"
    )


def test_what_is_no_notes_any_more_becomes_paragraphs_and_loses_no_word():
    markdown = "[<b>x</b>" * LONGEST_MARKDOWN + "\n\nlast"
    html = notes_html(markdown)
    assert html.endswith("<p>last</p>")
    assert "<b>" not in html
    assert len(notes_text(markdown)) == len(markdown)


def test_a_language_without_blanks_keeps_its_markdown_in_a_long_paragraph():
    html = notes_html("# 番組\n\n" + "毎週木曜日に話します。" * 200 + "[本](https://example.com/)\n\n- 一\n")
    assert "<h2>番組</h2>" in html
    assert '<a href="https://example.com/">本</a>' in html
    assert "<li>一</li>" in html


def test_a_summary_is_words_alone():
    html = notes_html("Today with [Dana](https://example.org) on https://frost.example.")
    assert plain_text(html, with_links=False) == "Today with Dana on https://frost.example."
