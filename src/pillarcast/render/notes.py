"""Show notes: Markdown of anybody's hand becomes HTML that is safe in a feed, on a page and on a blog."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from pillarcast.model.base import cleaned
from pillarcast.model.chapters import parse_stamp
from pillarcast.render.plain import plain_text

LONGEST_MARKDOWN = 100_000
"""Characters; what is longer is no show notes any more and becomes plain paragraphs, so that time stays bounded."""

_INLINE_PICTURE = re.compile(r"<?data:image/[a-z+.-]+;base64,[A-Za-z0-9+/=]*>?")
"""As editors export them; such a picture would be dropped anyway."""
_ENDLESS_WORD = re.compile(r"[^\s]{2000}")
"""Looking for addresses in it takes the square of its length; what is written without blanks, as Chinese and Japanese
are, has its Markdown all the same."""
_ENDLESS_ASCII = re.compile(r"[!-~]{2000}")
"""No address is as long, and no language is written so."""

_BLOCK_TAGS = {"p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "hr", "br"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "td", "th"}
_WORD_TAGS = {"a", "abbr", "b", "code", "del", "em", "i", "kbd", "q", "s", "small", "strong", "sub", "sup", "u"}
TAGS = frozenset(_BLOCK_TAGS | _TABLE_TAGS | _WORD_TAGS)
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "abbr": {"title"}}
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s]+|#t=\d+(?:\.\d+)?", re.IGNORECASE)
_EMPTY_LINK = re.compile(r"<a(?: [^>]*)?>\s*</a>")
_LINK_NOWHERE = re.compile(r"<a(?: title=\"[^\"]*\")?>(.*?)</a>", re.DOTALL)
_STAMP = re.compile(r"^[\[(]?((?:\d{1,2}:)?[0-5]?\d:[0-5]\d)[\])]?(?=\s|$)")


def notes_html(markdown: str, *, seek_chapters: bool = False) -> str:
    """CommonMark with tables and bare links, as HTML of the few elements in `TAGS`.

    Pictures become links to them, because a page or a feed of ours asks no third party for anything. Headings
    begin at `h2`. With `seek_chapters` a time at the beginning of a line becomes a link `#t=754`, which only
    the page of the episode understands; everywhere else it stays text.
    """
    markdown = _INLINE_PICTURE.sub("", cleaned(markdown))
    if len(markdown) > LONGEST_MARKDOWN or _ENDLESS_ASCII.search(markdown):
        return sanitised(_paragraphs(markdown))
    finds_addresses = _ENDLESS_WORD.search(markdown) is None
    return sanitised(_READERS[seek_chapters, finds_addresses].render(markdown))


def notes_text(markdown: str) -> str:
    """The same words as plain text, with the address behind each link that does not show it."""
    return plain_text(notes_html(markdown))


def sanitised(html: str) -> str:
    """HTML of any origin without script, style, frames, forms, pictures and links to anything but the web."""
    safe = nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_kept_attribute,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    return cleaned(_LINK_NOWHERE.sub(r"\1", _EMPTY_LINK.sub("", safe))).strip()


def _kept_attribute(tag: str, name: str, value: str) -> str | None:
    """A link that leads nowhere from another site, such as `page.html`, loses its address and stays as text."""
    if (tag, name) == ("a", "href") and not _LINK.fullmatch(value.strip()):
        return None
    return value


def _paragraphs(text: str) -> str:
    blocks = (block.strip() for block in re.split(r"\n\s*\n", text))
    return "\n".join(f"<p>{escape(block, quote=False)}</p>" for block in blocks if block)


class _Addresses(LinkifyIt):  # type: ignore[misc] # it comes without types
    """Addresses in plain words. Those that end in a capital, as `ASP.NET` and `it ended.It was`, are none."""

    def match(self, text: str) -> list[Any] | None:
        kept = [one for one in super().match(text) or () if one.schema or _ends_as_hosts_do(one.raw)]
        return kept or None


def _ends_as_hosts_do(written: str) -> bool:
    host = re.split("[/:?#]", written, maxsplit=1)[0]
    last = host.rpartition(".")[2]
    return last == last.lower() or host.lower().startswith("www.")


def _markdown(*, seek: bool, finds_addresses: bool) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"linkify": finds_addresses, "html": True, "breaks": False})
    markdown.linkify = _Addresses()
    markdown.enable(["linkify", "table", "strikethrough"])
    markdown.core.ruler.push("headings", _level_headings)
    markdown.core.ruler.push("lines", _break_before_stamps)
    if seek:
        markdown.core.ruler.push("stamps", _link_stamps)
    markdown.add_render_rule("image", _image_as_link)
    return markdown


def _level_headings(state: StateCore) -> None:
    """The highest heading becomes h2 and no level is skipped: h1 is the page's own."""
    levels = sorted({token.tag for token in state.tokens if token.type == "heading_open"})
    renamed = {tag: f"h{2 + rank}" for rank, tag in enumerate(levels)}
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = renamed[token.tag]


def _break_before_stamps(state: StateCore) -> None:
    """Lines that begin with a time are a list of chapters, whether or not its writer knows Markdown's lists."""
    for token in state.tokens:
        children = token.children or ()
        for gap, text in pairwise(children):
            if gap.type == "softbreak" and _STAMP.match(text.content):
                gap.type, gap.tag = "hardbreak", "br"


def _link_stamps(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            token.children = _with_stamps(token.children)


def _with_stamps(children: Sequence[Token]) -> list[Token]:
    linked: list[Token] = []
    is_line_start = True
    for token in children:
        match = _STAMP.match(token.content) if is_line_start and token.type == "text" else None
        linked += [token] if match is None else _stamp_link(token, match)
        is_line_start = token.type in ("softbreak", "hardbreak") or (is_line_start and not token.content)
    return linked


def _stamp_link(token: Token, match: re.Match[str]) -> list[Token]:
    opening = Token("link_open", "a", 1, attrs={"href": f"#t={parse_stamp(match[1]):g}"})
    rest = token.content[match.end() :]
    return [opening, _text(match[1]), Token("link_close", "a", -1), _text(rest)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _image_as_link(
    _renderer: RendererProtocol, tokens: Sequence[Token], index: int, _options: OptionsDict, _env: EnvType
) -> str:
    token = tokens[index]
    address, alt = str(token.attrGet("src") or ""), escape(token.content or "Picture")
    depth = sum(other.nesting for other in tokens[:index] if other.tag == "a")
    return alt if depth else f'<a href="{escape(address)}">{alt}</a>'


_READERS: dict[tuple[bool, bool], Any] = {
    (seek, finds): _markdown(seek=seek, finds_addresses=finds) for seek in (False, True) for finds in (False, True)
}
