"""Show notes as feeds may carry them: few elements in a description, 4000 bytes, no character that XML forbids."""

from __future__ import annotations

from html import escape
from typing import Any

import nh3
from lxml import html as markup

from pillarcast.model.base import cleaned
from pillarcast.render.wording import up_to_word

DESCRIPTION_BYTES = 4000
"""Apple Podcasts, "Podcast RSS feed requirements": descriptions hold 4000 bytes of UTF-8."""
DESCRIPTION_TAGS = frozenset({"p", "ol", "ul", "li", "a", "b", "i", "strong", "em"})
"""PSP-1, item description; Apple names the first five."""

_AS_PARAGRAPH = frozenset({"div", "pre", "dt", "dd", "blockquote"})
_AS_HEADING = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_WITH_GAP = frozenset({"td", "th", "br", "hr", "dt", "dd", "blockquote", "pre"})


def plain_description(summary: str) -> str:
    """A plain summary as HTML, because every app takes a description for HTML."""
    return _cut(
        [f"<p>{escape(cleaned(block).strip(), quote=False)}</p>" for block in summary.split("\n\n") if block], ""
    )


def description_of(notes: str, page_url: str) -> str:
    """Sanitised notes reduced to `DESCRIPTION_TAGS`, cut at a block when too long, with a link to the whole."""
    more = f'<p><a href="{escape(page_url)}">Read the full show notes</a></p>'
    return _cut([_reduced(block) for block in _blocks(notes)], more)


def _blocks(notes: str) -> list[Any]:
    """The outermost elements; a quotation gives its own blocks, loose text becomes a paragraph."""
    whole: Any = markup.fragment_fromstring(cleaned(notes), create_parent="div")
    blocks = _loose(whole.text)
    for block in whole:
        is_quotation = block.tag == "blockquote" and not (block.text or "").strip()
        blocks += [*(list(block) if is_quotation else [block]), *_loose(block.tail)]
    return blocks


def _loose(text: str | None) -> list[Any]:
    return [markup.fragment_fromstring(escape(text), create_parent="p")] if text and text.strip() else []


def _reduced(block: Any) -> str:
    """A line break within a paragraph parts it, because a list of times would run together otherwise."""
    for element in list(block.iter("*")):
        if element.tag in _AS_HEADING:
            element.tag = "strong"
        elif element.tag in _AS_PARAGRAPH and element is block:
            element.tag = "p"
        elif element.tag in _WITH_GAP:
            element.tail = f" {element.tail or ''}"
    block.tail = None
    rendered: str = markup.tostring(block, encoding="unicode")
    if block.tag == "p":
        rendered = rendered.replace("<br>", "</p><p>")
    allowed = nh3.clean(rendered, tags=set(DESCRIPTION_TAGS), attributes={"a": {"href"}}, link_rel=None).strip()
    return allowed if block.tag in ("p", "ol", "ul") or not allowed else f"<p>{allowed}</p>"


def _cut(blocks: list[str], more: str) -> str:
    """As many blocks as fit; `more` stands behind a text that had to be cut."""
    whole = "\n".join(block for block in blocks if block)
    if len(whole.encode()) <= DESCRIPTION_BYTES:
        return whole
    room = DESCRIPTION_BYTES - len(more.encode()) - 1
    kept, length = [], 0
    for block in blocks:
        length += len(block.encode()) + 1
        if length > room:
            break
        kept.append(block)
    return "\n".join([*(kept or [_shortened(blocks[0], room)]), more]).strip()


def _shortened(block: str, room: int) -> str:
    """A single block that is too long, as plain text up to a word."""
    parsed: Any = markup.fromstring(block)
    text = parsed.text_content()
    cut = up_to_word(text.encode()[: room * 4 // 5].decode(errors="ignore"))
    while len(escaped := f"<p>{escape(cut, quote=False)} …</p>".encode()) > room:
        cut = cut[: len(cut) * 3 // 4]
    return escaped.decode()
