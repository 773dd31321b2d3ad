"""Live episodes as the public gets them, each made when a page or a part of the feed is about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from pillarcast.model.card import Card
from pillarcast.model.catalogue import Entry
from pillarcast.model.entries import Entries
from pillarcast.model.published import Published


class Episodes(Sequence[Published]):
    """`published` makes the public view of an entry; it is asked once for each that anybody looks at."""

    __slots__ = ("_entries", "_made", "_published")

    def __init__(
        self,
        entries: Entries[Entry],
        published: Callable[[Entry], Published],
        made: dict[str, Published] | None = None,
    ) -> None:
        self._entries, self._published = entries, published
        self._made: dict[str, Published] = {} if made is None else made

    @property
    def cards(self) -> Sequence[Card]:
        return self._entries.cards

    def each(self, change: Callable[[Published], Published]) -> Episodes:
        """With `change` made to every one."""
        return Episodes(self._entries, lambda entry: change(self._published(entry)))

    @overload
    def __getitem__(self, place: int) -> Published: ...
    @overload
    def __getitem__(self, place: slice) -> Episodes: ...
    def __getitem__(self, place: int | slice) -> Published | Episodes:
        if isinstance(place, slice):
            return Episodes(self._entries[place], self._published, self._made)
        guid = self._entries.kept[place].card.guid
        if guid not in self._made:
            self._made[guid] = self._published(self._entries[place])
        return self._made[guid]

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Published]:
        return (self[place] for place in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(self._entries)


def cards_of(episodes: Sequence[Published]) -> Sequence[Card]:
    return episodes.cards if isinstance(episodes, Episodes) else [published.card for published in episodes]


def each(episodes: Sequence[Published], change: Callable[[Published], Published]) -> Sequence[Published]:
    """With `change` made to every episode."""
    return episodes.each(change) if isinstance(episodes, Episodes) else tuple(map(change, episodes))
