"""Lists in pages that do not shift: pages are counted from the oldest, and a full one stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from pillarcast.model.wanted import Parts
from pillarcast.render.pages.frame import Page, Words
from pillarcast.render.pages.teaser import Listed, faces_of, teaser_of

PER_PAGE = 24

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Listing:
    """A list, newest first. Its newest page stands at `key`, older ones at `key.1` (the oldest) and up."""

    key: str
    title: str
    heading: str
    template: str = "listing.html"

    def pages(self, listed: Sequence[Listed], first: Words | None = None) -> Iterator[Page]:
        """The newest page holds what fills no page yet and the page before it, so it is never nearly empty.

        `first` are words for the newest page alone.
        """
        blocks = blocks_of(listed)
        frozen = max(0, len(blocks) - 2)
        newest = [one for block in reversed(blocks[frozen:]) for one in block]
        yield self._page(self.key, newest, {"older": self._numbered(frozen), "newer": "", **(first or {})})
        for number, block in enumerate(blocks[:frozen], start=1):
            newer = self._numbered(number + 1) if number < frozen else self.key
            words = {"older": self._numbered(number - 1), "newer": newer}
            yield self._page(self._numbered(number), block, words)

    def _numbered(self, number: int) -> str:
        return f"{self.key}.{number}" if number > 0 else ""

    def _page(self, key: str, listed: Sequence[Listed], words: Words) -> Page:
        own = {"title": self.title, "heading": self.heading, "is_newest": key == self.key}
        return Page(
            key=key,
            template=self.template,
            title=f"list “{self.title}”",
            words={**own, **words},
            read=partial(_teasers, listed),
            inputs=faces_of(listed),
        )


def _teasers(listed: Sequence[Listed], _parts: Parts) -> Words:
    return {"teasers": [teaser_of(one) for one in listed]}


def blocks_of(newest_first: Sequence[Thing], size: int = PER_PAGE) -> list[list[Thing]]:
    """Oldest block first, each newest first; all but the last are full and never change when something is added."""
    oldest_first = list(reversed(newest_first))
    return [oldest_first[begin : begin + size][::-1] for begin in range(0, len(oldest_first), size)]
