"""Entries that are parsed when somebody asks for them; the card of each is at hand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Generic, Protocol, TypeVar, overload

from pillarcast.model.card import Card


class Carded(Protocol):
    @property
    def card(self) -> Card: ...


T = TypeVar("T", bound=Carded)
T_co = TypeVar("T_co", covariant=True)


class Sheet(Protocol[T_co]):
    """Where entries lie, each as a line of text."""

    def line(self, place: int) -> bytes: ...
    def entry(self, place: int) -> T_co: ...


class Kept(Generic[T]):
    """One entry: as a value, or as its card and the sheet on which it lies. `stamp` is a digest of its line, where
    somebody asked for it before: line and value are asked for as seldom as can be."""

    __slots__ = ("_card", "_entry", "_place", "_sheet", "stamp")

    def __init__(
        self,
        entry: T | None,
        sheet: Sheet[T] | None = None,
        place: int = 0,
        card: Card | None = None,
        stamp: str = "",
    ) -> None:
        self._entry, self._sheet, self._place, self._card, self.stamp = entry, sheet, place, card, stamp

    @property
    def card(self) -> Card:
        if self._card is None:
            self._card = self.entry.card
        return self._card

    @property
    def is_parsed(self) -> bool:
        return self._entry is not None

    @property
    def entry(self) -> T:
        if self._entry is None:
            assert self._sheet is not None
            self._entry = self._sheet.entry(self._place)
        return self._entry

    @property
    def line(self) -> bytes | None:
        """As it was read, or written before; None for what is new."""
        return self._sheet.line(self._place) if self._sheet else None

    def lie_on(self, sheet: Sheet[T], place: int) -> None:
        """An entry that is new was written there."""
        self._sheet, self._place = sheet, place


class Entries(Sequence[T]):
    """A row of entries, equal to any other that holds the same; what is asked of one may be asked of a tuple."""

    def __init__(self, kept: Iterable[Kept[T]] = ()) -> None:
        self.kept = tuple(kept)

    @classmethod
    def of(cls, entries: Sequence[T]) -> Entries[T]:
        return entries if isinstance(entries, Entries) else cls(map(Kept, entries))

    @cached_property
    def cards(self) -> tuple[Card, ...]:
        return tuple([one.card for one in self.kept])

    @cached_property
    def live(self) -> Entries[T]:
        """Newest first."""
        cards = self.cards
        there = [place for place, card in enumerate(cards) if card.published_at and card.retracted_at is None]
        there.sort(key=lambda place: (cards[place].published_at, cards[place].guid), reverse=True)
        return self._at(there)

    def where(self, fits: Callable[[Card], bool]) -> Entries[T]:
        return self._at([place for place, card in enumerate(self.cards) if fits(card)])

    def _at(self, places: Sequence[int]) -> Entries[T]:
        cards, kept = self.cards, self.kept
        found = Entries([kept[place] for place in places])
        found.cards = tuple([cards[place] for place in places])
        return found

    def changed(self, guids: Collection[str], change: Callable[[T], T]) -> Entries[T]:
        """With `change` made to those of these guids; what it leaves as it is stays the very same."""
        return Entries(_changed(one, change) if one.card.guid in guids else one for one in self.kept)

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> Entries[T]: ...
    def __getitem__(self, place: int | slice) -> T | Entries[T]:
        return self._at(range(len(self))[place]) if isinstance(place, slice) else self.kept[place].entry

    def __len__(self) -> int:
        return len(self.kept)

    def __iter__(self) -> Iterator[T]:
        return (one.entry for one in self.kept)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Entries | tuple):
            return NotImplemented
        others = Entries.of(other).kept
        return len(self.kept) == len(others) and all(
            one is another or one.entry == another.entry for one, another in zip(self.kept, others, strict=True)
        )

    def __hash__(self) -> int:
        return hash(tuple(card.guid for card in self.cards))

    def __repr__(self) -> str:
        return f"Entries({[card.slug for card in self.cards]})"


def _changed(one: Kept[T], change: Callable[[T], T]) -> Kept[T]:
    changed = change(one.entry)
    return one if changed is one.entry else Kept(changed)
