"""Show notes of a foreign feed as a notes file of ours: HTML blocks, which Markdown passes on unchanged.

What comes out renders to the same words, links and lists; and doing it again changes nothing.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Any

from lxml import etree
from lxml import html as markup

from pillarcast.model.base import cleaned
from pillarcast.render.feed_urls import encoded, joined
from pillarcast.render.notes import sanitised

BLOCKS = frozenset(
    ("p", "ul", "ol", "dl", "pre", "blockquote", "table", "hr", "h2", "h3", "h4", "h5", "h6", "div", "li", "tr", "dd")
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_ESCAPED_TAG = re.compile(r"&lt;/?(?:p|br|a|ul|ol|li|strong|em|b|i|div|span|h[1-6])\b[^&]*?/?&gt;", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n[ \t\r\f\v]*(?=\n)")
_WRAPPERS = frozenset(("div", "section", "article", "main", "header", "footer", "figure", "center", "body", "html"))


def notes_of(text: str, base: str = "") -> str:
    """The notes file of a description or content:encoded; empty for nothing. Links are relative to `base`."""
    text = cleaned(text).replace("\r\n", "\n").strip()
    if _ESCAPED_TAG.search(text) and not _TAG.search(text):
        text = unescape(text)
    if not text:
        return ""
    return _html_notes(text, base) if _TAG.search(text) else _plain_notes(text)


def words_of(text: str) -> str:
    """What a listener reads of a text, whatever its markup, with one blank between words; a picture says its alt."""
    tree = _tree(text)
    for element in tree.iter("img"):
        element.text = f" {element.get('alt') or 'Picture'} " if element.get("src") else ""
    for element in tree.iter():
        if element.tag in BLOCKS or element.tag in _WRAPPERS or element.tag == "br":
            element.tail = f" {element.tail or ''}"
    return " ".join(tree.text_content().split())


def links_of(text: str) -> tuple[str, ...]:
    """Every address that the words and pictures of a text lead to on the web, in order."""
    links = [one for one in _tree(text).iter("a") if one.text_content().strip() or one.find(".//img") is not None]
    found = (one.get("href") or "" for one in links)
    return tuple(encoded(address) for address in found if address.strip().startswith(("http", "www.")))


def _tree(text: str) -> Any:
    text = cleaned(text)
    if _ESCAPED_TAG.search(text) and not _TAG.search(text):
        text = unescape(text)
    if not _TAG.search(text):
        text = escape(unescape(text), quote=False)
    tree: Any = markup.fragment_fromstring(text, create_parent="div")
    etree.strip_elements(tree, "script", "style", with_tail=False)
    return tree


def _plain_notes(text: str) -> str:
    """Blank lines part paragraphs, other line ends stay; entities that were escaped once more are read."""
    blocks = [block.strip() for block in re.split(r"\n\s*\n", unescape(text))]
    return "\n\n".join(f"<p>{'<br>'.join(map(_escaped, block.split(chr(10))))}</p>" for block in blocks if block)


def _escaped(line: str) -> str:
    return escape(line.strip(), quote=False)


def _html_notes(text: str, base: str) -> str:
    tree: Any = markup.fragment_fromstring(text, create_parent="div")
    for element in list(tree.iter("*")):
        _prepare(element, base)
    safe = sanitised(markup.tostring(tree, encoding="unicode"))
    if not safe:
        return ""
    whole: Any = markup.fragment_fromstring(safe, create_parent="div")
    return "\n\n".join(block for block in _blocks(whole) if block)


def _prepare(element: Any, base: str) -> None:
    """Wrappers without blocks of their own become paragraphs, pictures become links to them."""
    if element.tag == "h1":
        element.tag = "h2"
    elif element.tag in _WRAPPERS and element.getparent() is not None:
        has_blocks = any(child.tag in BLOCKS or child.tag in _WRAPPERS for child in element)
        element.tag = "p" if not has_blocks else "div"
    elif element.tag == "img" and element.get("src"):
        is_linked = any(above.tag == "a" for above in element.iterancestors())
        element.text = element.get("alt") or "Picture"
        element.tag = "span" if is_linked else "a"
        element.set("href", element.get("src"))
    if element.tag == "a" and base:
        element.set("href", joined(base, element.get("href") or ""))


def _blocks(whole: Any) -> list[str]:
    """Every block on its own; what stands loose between them becomes a paragraph."""
    blocks: list[str] = []
    loose = escape(whole.text or "", quote=False)
    for element in whole:
        tail, element.tail = element.tail or "", None
        rendered: str = markup.tostring(element, encoding="unicode")
        if element.tag in BLOCKS:
            blocks += [*_paragraphs(loose), _without_blank_lines(element, rendered)]
            loose = escape(tail, quote=False)
        else:
            loose += rendered + escape(tail, quote=False)
    return [*blocks, *_paragraphs(loose)]


def _paragraphs(loose: str) -> list[str]:
    """Two line breaks part paragraphs in the notes of those who know no other way."""
    parts = re.split(r"(?:<br>\s*){2,}", loose.strip())
    inner = (re.sub(r"^(?:<br>\s*)+|(?:\s*<br>)+$", "", part.strip()) for part in parts)
    return [f"<p>{_BLANK_LINES.sub('', part)}</p>" for part in inner if part.strip()]


def _without_blank_lines(element: Any, rendered: str) -> str:
    """A blank line would end the HTML block; only `pre` at the top may hold one."""
    return rendered if element.tag == "pre" else _BLANK_LINES.sub("", rendered).strip()
