"""Markdown made of notes says what the notes say, and nothing in it can run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from pillarcast.render.notes import notes_html
from pillarcast.render.post_markdown import markdown_of

_reader = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40)
_pieces = st.one_of(
    _words,
    st.sampled_from(
        (
            *("# Head", "- one\n- two", "1. one\n2. two", "> said", "**b** *i* `c`", "---"),
            *("```\ncode `x` {{< y >}}\n```", "| a | b |\n|---|---|\n| 1 | 2 |"),
            *("[l](https://example.com/?a=[1]&b={{x}})", "{{< raw >}} {{% x %}}"),
        )
    ),
)


def words_of(html: str) -> str:
    text = lxml_html.fragment_fromstring(html or " ", create_parent="div").text_content()
    return "".join(text.replace("\u200b", "").split())


@given(st.lists(_pieces, max_size=6).map("\n\n".join))
def test_the_words_stay_and_no_shortcode_is_left(notes: str) -> None:
    body = notes_html(notes)
    markdown = markdown_of(body)
    assert "{{<" not in markdown
    assert "{{%" not in markdown
    assert words_of(_reader.render(markdown)) == words_of(body)


def test_line_breaks_at_the_edge_of_a_piece_leave_nothing_behind() -> None:
    for body, again in {
        "<p>a<br></p>": "<p>a</p>",
        "<p><br>a\\<br> <br></p>": "<p>a\\</p>",
        "<p><strong>a<br></strong>b</p>": "<p><strong>a</strong><br />\nb</p>",
        '<p><a href="https://e.org/">a<br></a></p>': '<p><a href="https://e.org/">a</a></p>',
        "<h2>a<br>b</h2>": "<h2>a b</h2>",
        "<p>a<br>b</p>": "<p>a<br />\nb</p>",
        "<p>a<br>: b</p>": "<p>a<br />\n: b</p>",
    }.items():
        assert _reader.render(markdown_of(body)).strip() == again


def test_a_bar_in_code_ends_no_cell() -> None:
    again = _reader.render(markdown_of("<table><tr><th><code>a|b</code></th><th>c|d</th></tr></table>"))
    assert again.count("<th>") == 2
    assert "<code>a|b</code>" in again


def test_structure_survives() -> None:
    body = notes_html(
        "# Head\n\nSome *em* **strong** `a`b` [link](https://example.com/a(b)).\n\n- one\n  - deeper\n- two\n\n"
        "3. three\n4. four\n\n> quoted\n>\n> twice\n\n| a | b |\n|---|---|\n| 1 \\| 2 | 3 |\n\n```\nx = {{< 1 >}}\n```"
    )
    again = _reader.render(markdown_of(body))
    for part in ("<h2>", "<em>em</em>", "<strong>strong</strong>", "<blockquote>", "<table>", '<ol start="3">'):
        assert part in again, part
    assert again.count("<ul>") == 2
    assert 'href="https://example.com/a(b)"' in again
    assert "<td>1 | 2</td>" in again
