"""Lists in pages that do not shift: pages are counted from the oldest, and a full one stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from pillarcast.render.pages.frame import Page, Words
from pillarcast.render.pages.teaser import Teaser

PER_PAGE = 24

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Listing:
    """A list of teasers, newest first. Its newest page stands at `key`, older ones at `key.1` (the oldest) and up."""

    key: str
    title: str
    heading: str
    template: str = "listing.html"

    def pages(self, teasers: Sequence[Teaser], first: Words | None = None) -> Iterator[Page]:
        """The newest page holds what fills no page yet and the page before it, so it is never nearly empty.

        `first` are words for the newest page alone.
        """
        blocks = blocks_of(teasers)
        frozen = max(0, len(blocks) - 2)
        newest = [teaser for block in reversed(blocks[frozen:]) for teaser in block]
        yield self._page(self.key, newest, {"older": self._numbered(frozen), "newer": "", **(first or {})})
        for number, block in enumerate(blocks[:frozen], start=1):
            newer = self._numbered(number + 1) if number < frozen else self.key
            words = {"older": self._numbered(number - 1), "newer": newer}
            yield self._page(self._numbered(number), block, words)

    def _numbered(self, number: int) -> str:
        return f"{self.key}.{number}" if number > 0 else ""

    def _page(self, key: str, teasers: Sequence[Teaser], words: Words) -> Page:
        own = {"title": self.title, "heading": self.heading, "teasers": teasers, "is_newest": key == self.key}
        return Page(key, self.template, f"list “{self.title}”", {**own, **words})


def blocks_of(newest_first: Sequence[Thing], size: int = PER_PAGE) -> list[list[Thing]]:
    """Oldest block first, each newest first; all but the last are full and never change when something is added."""
    oldest_first = list(reversed(newest_first))
    return [oldest_first[begin : begin + size][::-1] for begin in range(0, len(oldest_first), size)]
