"""HTML as plain text, for feeds, tags and search: the words, one line a block, links with their address."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from pillarcast.model.base import cleaned

_BLOCKS = frozenset(
    ("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "dd", "dt", "table", "tr", "blockquote", "pre")
)
_SPACES = re.compile(r"[ \t\r\f\v]+")
_BREAKS = re.compile(r" *\n[ \n]*\n *")


def plain_text(html: str, *, with_links: bool = True) -> str:
    """The words of `html`. Blocks are parted by an empty line, list entries begin with a bullet or their number.

    Behind the words of a link stands its address, but not without `with_links`.
    """
    reader = _Reader(with_links=with_links)
    reader.feed(html)
    reader.close()
    lines = (line.strip() for line in "".join(reader.parts).split("\n"))
    return cleaned(_BREAKS.sub("\n\n", "\n".join(lines)).strip())


class _Reader(HTMLParser):
    def __init__(self, *, with_links: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._with_links = with_links
        self.parts: list[str] = []
        self._links: list[tuple[str, int]] = []
        self._numbers: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._links.append((dict(attrs).get("href") or "", len(self.parts)))
        elif tag in ("ul", "ol"):
            start = dict(attrs).get("start") or "1"
            self._numbers.append(int(start) if tag == "ol" and start.isdecimal() else None)
        if tag == "br":
            self.parts.append("\n")
        elif tag == "li":
            self.parts.append(f"\n{self._bullet()} ")
        elif tag in ("td", "th"):
            self.parts.append(" ")
        elif tag in _BLOCKS and not self._begins_entry():
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._close_link(*self._links.pop())
        elif tag in ("ul", "ol") and self._numbers:
            self._numbers.pop()
        if tag in _BLOCKS:
            self.parts.append("" if self._numbers else "\n\n")

    def handle_data(self, data: str) -> None:
        if not (data.isspace() and "\n" in data):
            self.parts.append(_SPACES.sub(" ", data.replace("\n", " ")))

    def _begins_entry(self) -> bool:
        return bool(self._numbers) and bool(self.parts) and self.parts[-1].endswith(("\u2022 ", ". "))

    def _bullet(self) -> str:
        number = self._numbers[-1] if self._numbers else None
        if number is None:
            return "\u2022"
        self._numbers[-1] = number + 1
        return f"{number}."

    def _close_link(self, address: str, begin: int) -> None:
        words = "".join(self.parts[begin:]).strip()
        bare = address.removeprefix("mailto:").removeprefix("tel:")
        is_shown = words in (address, bare) or address.endswith(f"://{words}") or address.startswith("#")
        if self._with_links and words and address and not is_shown:
            self.parts.append(f" ({bare})")
