"""HTML of a post as Markdown, for sites that take neither HTML files nor raw HTML, as Hugo does by default.

Only the elements that our notes keep are known (`pillarcast.render.notes.TAGS`) and the player; of all others the
words remain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from lxml import html as lxml_html
from lxml.html import HtmlElement

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_BLOCKS = frozenset((*_HEADINGS, "p", "div", "hr", "ul", "ol", "dl", "dt", "dd", "pre", "table", "blockquote", "audio"))
_MARKS = re.compile(r"([\\`*_\[\]|~#]|:(?=[\w+-]+:))")
_AT_BEGIN = re.compile(r"^(?=[-+=:])|^(\d+)(?=[.)])", re.MULTILINE)
_ENTITIES = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("{"): "&#123;", ord("}"): "&#125;"}
_AROUND = {"b": "**", "strong": "**", "i": "*", "em": "*", "del": "~~", "s": "~~", "q": '"'}
_BREAK = "\\\n"
_OUTER_BREAKS = re.compile(r"^\s*(?:\\\n\s*)+|(?:\\\n\s*)+$")
_SHORTCODE = re.compile(r"\{\{(?=[<%])")


def markdown_of(body: str) -> str:
    """CommonMark with tables. Nothing of the words can become markup, a Hugo shortcode or raw HTML.

    The player is the one piece of raw HTML: a site that drops it still has the link below.
    """
    root = lxml_html.fragment_fromstring(body, create_parent="div")
    return "\n\n".join(_blocks(root)) + "\n"


def _blocks(parent: HtmlElement) -> Iterator[str]:
    """The blocks of an element; words beside blocks become paragraphs of their own."""
    words: list[str] = [_text(parent.text)]
    for child in parent:
        if isinstance(child.tag, str) and child.tag in _BLOCKS:
            yield from _paragraph(words)
            words = []
            yield from _BLOCK_WRITERS.get(child.tag, _blocks)(child)
        else:
            words.append(_inline(child))
        words.append(_text(child.tail))
    yield from _paragraph(words)


def _paragraph(words: list[str]) -> Iterator[str]:
    """What only means something at the beginning of a line is escaped there, so that texts stay readable."""
    text = _without_outer_breaks("".join(words))
    if text:
        yield _AT_BEGIN.sub(lambda match: f"{match[1] or ''}\\", text)


def _without_outer_breaks(text: str) -> str:
    """A line break at the end would be a backslash that is read."""
    return _OUTER_BREAKS.sub("", text).strip()


def _on_one_line(element: HtmlElement) -> str:
    """For headings and the like, which end with their line."""
    return _without_outer_breaks(_words(element)).replace(_BREAK, " ")


def _words(element: HtmlElement) -> str:
    """The content of an element, with its line breaks."""
    parts = [_text(element.text)]
    for child in element:
        parts += [_inline(child), _text(child.tail)]
    return "".join(parts)


def _inline(element: HtmlElement) -> str:
    match element.tag:
        case "br":
            return _BREAK
        case "code" | "kbd":
            return _code(element.text_content())
        case "a" if element.get("href"):
            return f"[{_on_one_line(element)}](<{_address(element.get('href', ''))}>)"
        case str(tag) if tag in _AROUND:
            return _wrapped(_words(element), _AROUND[tag])
        case str():
            return _words(element)
        case _:
            return ""


def _wrapped(words: str, mark: str) -> str:
    """Emphasis may not begin or end with a space or a line break, which move outside."""
    inner = _without_outer_breaks(words)
    if not inner:
        return words
    before, _, after = words.partition(inner)
    return f"{before}{mark}{inner}{mark}{after}"


def _text(words: str | None) -> str:
    if not words:
        return ""
    return _MARKS.sub(r"\\\1", re.sub(r"\s+", " ", words)).translate(_ENTITIES)


def _code(words: str) -> str:
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", words)), default=0))
    return f"{fence} {_quiet(' '.join(words.split()))} {fence}"


def _quiet(code: str) -> str:
    """Hugo carries out shortcodes even in code: an invisible space keeps the braces apart."""
    return _SHORTCODE.sub("{{\u200b", code)


def _address(url: str) -> str:
    return quote(url, safe=":/?#@!$&'()*+,;=%[]~")


def _heading(element: HtmlElement) -> Iterator[str]:
    yield f"{'#' * int(element.tag[1])} {_on_one_line(element)}"


def _rule(_element: HtmlElement) -> Iterator[str]:
    yield "***"


def _plain(element: HtmlElement) -> Iterator[str]:
    yield from _paragraph([_words(element)])


def _fenced(element: HtmlElement) -> Iterator[str]:
    code = _quiet(element.text_content().strip("\n"))
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
    yield f"{fence}\n{code}\n{fence}"


def _quoted(element: HtmlElement) -> Iterator[str]:
    yield _indented("\n\n".join(_blocks(element)), "> ", "> ")


def _list(element: HtmlElement) -> Iterator[str]:
    start = element.get("start", "1")
    first = int(start) if start.isdecimal() else 1
    lines = []
    for number, entry in enumerate(element.findall("li"), start=first):
        mark = f"{number}. " if element.tag == "ol" else "- "
        lines.append(_indented("\n\n".join(_blocks(entry)), mark, " " * len(mark)))
    yield "\n".join(lines)


def _term(element: HtmlElement) -> Iterator[str]:
    yield f"**{_on_one_line(element)}**"


def _table(element: HtmlElement) -> Iterator[str]:
    """Markdown's tables have a head: an empty one where ours has none."""
    rows = [[_cell(cell) for cell in row.iter("td", "th")] for row in element.iter("tr")]
    if not rows:
        return
    if element.find(".//th") is None:
        rows.insert(0, [])
    width = max(len(row) for row in rows)
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    yield "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def _cell(element: HtmlElement) -> str:
    """A bar would end the cell even in code, where nothing is escaped yet."""
    return re.sub(r"(?<!\\)\|", r"\\|", _on_one_line(element))


def _player(element: HtmlElement) -> Iterator[str]:
    address = _address(element.get("src", ""))
    yield f'<audio controls preload="none" src="{address.replace("&", "&amp;")}"></audio>'
    yield f"[Listen to the audio](<{address}>)"


def _indented(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *(f"{rest}{line}".rstrip() for line in lines[1:])])


_BLOCK_WRITERS: dict[str, Callable[[HtmlElement], Iterator[str]]] = {
    **dict.fromkeys(_HEADINGS, _heading),
    "hr": _rule,
    "p": _plain,
    "pre": _fenced,
    "blockquote": _quoted,
    "ul": _list,
    "ol": _list,
    "dt": _term,
    "table": _table,
    "audio": _player,
}
