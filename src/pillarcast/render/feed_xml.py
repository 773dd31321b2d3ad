"""Any feed in the world as a tree: what is broken in it is mended as browsers do, and remembered as a quirk.

Nothing outside the document is ever read: no entity of its own, no DTD, no network.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from html.entities import html5
from typing import Any

from lxml import etree

PREFIXES = {
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/2005/atom": "atom",
    "http://purl.org/rss/1.0/modules/content": "content",
    "https://podcastindex.org/namespace/1.0": "podcast",
    "https://github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": "podcast",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://search.yahoo.com/mrss": "media",
    "http://podlove.org/simple-chapters": "psc",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "http://www.google.com/schemas/play-podcasts/1.0/play-podcasts.xsd": "googleplay",
    "http://www.rawvoice.com/rawvoicerssmodule": "rawvoice",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://purl.org/rss/1.0/modules/slash": "slash",
    "http://wellformedweb.org/commentapi": "wfw",
}
_RSS = frozenset(
    ("http://purl.org/rss/1.0", "http://backend.userland.com/rss2", "http://blogs.law.harvard.edu/tech/rss")
)
_LONGEST_INFLATED = 512_000_000
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding=["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"^<\?xml[^>]*\?>")
_CDATA = re.compile(r"(<!\[CDATA\[.*?\]\]>)", re.DOTALL)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORBIDDEN_REFERENCE = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]));")
_ENDLESS_NUMBER = re.compile(r"[0-9]{1000,}")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_BARE_AMPERSAND = re.compile(r"&(?!#\d+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)")
_XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})


class Quirk(Enum):
    """What a strict parser would stumble over."""

    LEADING_BLANK = "blanks or other characters stand before the document begins"
    ENCODING = "the text is not in the encoding that the document declares"
    CONTROL = "control characters stand in the text, which XML forbids"
    ENDLESS = "a number of more than a thousand digits stands in it"
    ENTITY = "HTML entities such as &nbsp; stand in the text, which XML does not know"
    NOT_WELL_FORMED = "the XML is not well-formed"


class Node:
    """One element; children are found by their usual prefix, whatever the document calls it."""

    __slots__ = ("_children", "element")

    def __init__(self, element: Any) -> None:
        self.element = element
        self._children: dict[str, list[Node]] | None = None

    @property
    def children(self) -> dict[str, list[Node]]:
        if self._children is None:
            self._children = {}
            for child in self.element.iterchildren("*"):
                self._children.setdefault(name_of(child), []).append(Node(child))
        return self._children

    @property
    def name(self) -> str:
        return name_of(self.element)

    @property
    def line(self) -> int:
        return self.element.sourceline or 0

    @property
    def raw(self) -> str:
        """The text as it stands, that of inner elements included."""
        return "".join(self.element.itertext())

    @property
    def text(self) -> str:
        return self.raw.strip()

    def all(self, name: str) -> list[Node]:
        return self.children.get(name, [])

    def first(self, name: str) -> Node | None:
        return next(iter(self.all(name)), None)

    def said(self, *names: str) -> str:
        """The first text that is not blank of any of these children, in this order."""
        texts = (node.text for name in names for node in self.all(name))
        return next((text for text in texts if text), "")

    def get(self, attribute: str) -> str:
        return str(self.element.get(attribute) or "").strip()

    def has(self, attribute: str) -> bool:
        return self.element.get(attribute) is not None


@dataclass(frozen=True)
class Markup:
    """`channel` is None where there is nothing that could be a feed."""

    root: Node | None
    channel: Node | None
    items: tuple[Node, ...]
    quirks: dict[Quirk, str]
    body: bytes

    @property
    def length_bytes(self) -> int:
        return len(self.body)

    @property
    def declared_encoding(self) -> str:
        declared = _DECLARED.match(self.body.removeprefix(b"\xef\xbb\xbf"))
        return declared[1].decode() if declared else ""


def parse_markup(feed: bytes) -> Markup:
    """Never raises: the worst document is a tree without a channel, and a quirk."""
    quirks: dict[Quirk, str] = {}
    body = _inflated(feed)
    text = _mended(_decoded(body, quirks), quirks)
    root = _parse(text, quirks)
    channel = _channel(root)
    items: tuple[Node, ...] = ()
    if root is not None and channel is not None:
        items = tuple(channel.all("item") or root.all("item") or [])
    return Markup(root, channel, items, quirks, body)


def name_of(element: Any) -> str:
    """`itunes:image`, `title`, or `{namespace}name` for a namespace that feeds do not usually have."""
    tag = str(element.tag)
    if not tag.startswith("{"):
        return tag
    namespace, _, local = tag[1:].partition("}")
    prefix = PREFIXES.get(namespace.lower().rstrip("/"))
    return f"{prefix}:{local}" if prefix else (local if namespace.lower().rstrip("/") in _RSS else tag)


def walk(node: Node) -> Iterator[Node]:
    """Every element below `node`."""
    for children in node.children.values():
        for child in children:
            yield child
            yield from walk(child)


def _inflated(feed: bytes) -> bytes:
    if not feed.startswith(b"\x1f\x8b"):
        return feed
    try:
        inflated = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(feed, _LONGEST_INFLATED)
    except (zlib.error, gzip.BadGzipFile):
        return feed
    return inflated


def _decoded(feed: bytes, quirks: dict[Quirk, str]) -> str:
    if feed.startswith((b"\xff\xfe", b"\xfe\xff")):
        return feed.decode("utf-16", errors="replace")
    declared = _DECLARED.match(feed.removeprefix(b"\xef\xbb\xbf"))
    encoding = declared[1].decode() if declared else "utf-8"
    try:
        return feed.decode("utf-8-sig" if encoding.lower() in ("utf-8", "utf8") else encoding)
    except (UnicodeDecodeError, LookupError):
        quirks[Quirk.ENCODING] = f"declared is {encoding}"
    try:
        return feed.decode("utf-8-sig")
    except UnicodeDecodeError:
        return feed.decode("cp1252", errors="replace")


def _mended(text: str, quirks: dict[Quirk, str]) -> str:
    begin = text.find("<")
    if begin > 0 and text[:begin].strip("\ufeff"):
        quirks[Quirk.LEADING_BLANK] = repr(text[:begin][:20])
    text = _DECLARATION.sub("", text[max(begin, 0) :], count=1)
    if found := _FORBIDDEN.search(text) or _FORBIDDEN_REFERENCE.search(text):
        quirks[Quirk.CONTROL] = f"the first is {found[0]!r}"
        text = _FORBIDDEN_REFERENCE.sub("", _FORBIDDEN.sub("", text))
    if _ENDLESS_NUMBER.search(text):  # Python reads none of more than 4,300 digits
        quirks[Quirk.ENDLESS] = ""
        text = _ENDLESS_NUMBER.sub("0", text)
    parts = _CDATA.split(text)
    unknown = [match[0] for part in parts[::2] for match in _ENTITY.finditer(part) if match[1] not in _XML_ENTITIES]
    if not unknown or "<!ENTITY" in text:
        return text
    quirks[Quirk.ENTITY] = f"{len(unknown)} of them, the first is {unknown[0]}"
    return "".join(part if index % 2 else _ENTITY.sub(_character, part) for index, part in enumerate(parts))


def _character(match: re.Match[str]) -> str:
    if match[1] in _XML_ENTITIES:
        return match[0]
    return html5.get(f"{match[1]};", f"&amp;{match[1]};")


def _parse(text: str, quirks: dict[Quirk, str]) -> Node | None:
    try:
        return Node(etree.fromstring(text.encode(), _parser(is_strict=True)))
    except etree.XMLSyntaxError as error:
        quirks[Quirk.NOT_WELL_FORMED] = str(error).removesuffix(" (<string>, line 1)")
    except ValueError as error:
        quirks[Quirk.NOT_WELL_FORMED] = str(error)
    parts = _CDATA.split(text)
    mended = "".join(part if index % 2 else _BARE_AMPERSAND.sub("&amp;", part) for index, part in enumerate(parts))
    try:
        root = etree.fromstring(mended.encode(), _parser(is_strict=False))
    except (etree.XMLSyntaxError, ValueError):
        return None
    return None if root is None else Node(root)


def _parser(*, is_strict: bool) -> etree.XMLParser:
    return etree.XMLParser(
        recover=not is_strict,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


def _channel(root: Node | None) -> Node | None:
    """RSS keeps items in the channel, RDF beside it; a lone channel is taken for a feed too."""
    if root is None:
        return None
    return root if root.name == "channel" else root.first("channel")
