"""Shelves: neighbouring episodes of which everything stands, put away so that no plan looks at each of them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from pillarcast.model.base import Value

SHELF = 64
"""Episodes on a shelf, counted from the oldest; as many as a page of the feed has, so that a shelf is a page."""

_WORDS = 4


class Written(Value):
    """Receipt of one object that we derive: what it was made from (`inputs`), and what was read back.

    Without `inputs` it is an intent whose outcome is not known yet.
    """

    inputs: str
    sha256: str
    length_bytes: int


class Shelf(Value):
    """The receipts of all that is made of each of its episodes alone, and the inputs of its page of the feed.

    `receipts` are words behind each other, four a receipt (key, inputs, sha256, length): what nobody looks at is
    neither taken apart nor put together again. None of them is a mere intent.
    """

    page: str
    receipts: str

    @classmethod
    def of(cls, page: str, receipts: Mapping[str, Written]) -> Shelf:
        """ValueError for what cannot be put away: an intent, or a key of several words."""
        rows = [(key, one.inputs, one.sha256, str(one.length_bytes)) for key, one in sorted(receipts.items())]
        if any(not word or " " in word for row in rows for word in row):
            raise ValueError("only what was read back can be put away")
        return cls(page=page, receipts=" ".join(word for row in rows for word in row))

    @cached_property
    def keys(self) -> list[str]:
        return self.receipts.split(" ")[::_WORDS] if self.receipts else []

    def written(self) -> Iterator[tuple[str, Written]]:
        words = self.receipts.split(" ") if self.receipts else []
        for key, inputs, sha256, length in zip(*(words[place::_WORDS] for place in range(_WORDS)), strict=True):
            yield key, Written(inputs=inputs, sha256=sha256, length_bytes=int(length))


class Receipts:
    """Receipts that lie loose, and those on shelves, which are only taken apart where one is asked for."""

    def __init__(self, loose: Mapping[str, Written], shelves: Iterable[Shelf]) -> None:
        self._loose, self._shelves = loose, tuple(shelves)
        self._apart: dict[int, dict[str, Written]] = {}

    def get(self, key: str) -> Written | None:
        """A loose one first: it is the newer."""
        found = self._loose.get(key)
        if found is None and key in self.shelved:
            return self._taken_apart(self.shelved[key])[key]
        return found

    def every(self) -> dict[str, Written]:
        return {key: written for shelf in self._shelves for key, written in shelf.written()} | {**self._loose}

    @cached_property
    def shelved(self) -> dict[str, int]:
        """What lies on shelves, and on which; what is made of several episodes' files lies on several."""
        return {key: place for place, shelf in enumerate(self._shelves) for key in shelf.keys}

    def _taken_apart(self, place: int) -> dict[str, Written]:
        if place not in self._apart:
            self._apart[place] = dict(self._shelves[place].written())
        return self._apart[place]

    def __contains__(self, key: str) -> bool:
        return key in self._loose or key in self.shelved
