"""The guard: what the feed would say now, compared with what listeners' apps were once told.

Apps know an episode by its guid. A changed guid is a new episode, a missing one is gone, a changed address is
downloaded again. Each such change is refused unless the owner names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from shlex import quote

from pillarcast.errors import Problem
from pillarcast.model.card import Card
from pillarcast.model.catalogue import Catalogue, LedgerLine


class Change(StrEnum):
    """What an owner may allow by name, such as `date-change:my-episode`."""

    GUID = "guid-change"
    ENCLOSURE = "enclosure-change"
    DATE = "date-change"
    REMOVAL = "removal"


NOTICED = {
    Change.GUID: "apps would show it a second time, as a new episode, and download it again",
    Change.ENCLOSURE: "apps that have it keep the old audio; the others, and all who stream, get the new one",
    Change.DATE: "apps would sort it elsewhere, and some would announce it again",
    Change.REMOVAL: "it would vanish from apps, and from the queues of those who have not heard it yet",
}


@dataclass(frozen=True)
class Breach:
    """A change of something that apps were told. `episode` is the name by which it may be allowed."""

    change: Change
    episode: str
    what: str

    @property
    def name(self) -> str:
        return f"{self.change.value}:{self.episode}"

    @property
    def every(self) -> str:
        """The name that allows this change for all episodes at once, such as after a move of the bucket."""
        return f"{self.change.value}:*"

    @property
    def problem(self) -> Problem:
        mend = f"Undo the change, or allow it: --allow {quote(self.name)}"
        return Problem(self.episode, f"{self.what}; {NOTICED[self.change]}", mend)


def check_allowed(names: Iterable[str]) -> tuple[Problem, ...]:
    """Names that allow nothing, because they are misspelt."""
    kinds = ", ".join(change.value for change in Change)
    return tuple(
        Problem("--allow", f"{name!r} is no change that can be allowed", f"Write one of {kinds}, a colon, the episode.")
        for name in names
        if name.partition(":")[0] not in set(Change) or not name.partition(":")[2]
    )


Told = tuple[Card, str]
"""The card of an episode that the feed would name, and the address of its audio."""


def refusals(catalogue: Catalogue, told: Sequence[Told], allowed: Collection[str] = ()) -> tuple[Problem, ...]:
    """Every change that listeners would notice and nobody allowed, and every clash that nobody can allow.

    `told` is all that the feed would name, newest first; what a retraction took out is the owner's word.
    """
    breaches = [breach for breach in _breaches(catalogue, told) if not {breach.name, breach.every} & {*allowed}]
    return (*[breach.problem for breach in breaches], *_clashes(told))


def _breaches(catalogue: Catalogue, told: Sequence[Told]) -> Iterator[Breach]:
    wanted = {card.guid: (card, url) for card, url in told}
    by_url = {url: card for card, url in told}
    known = {card.guid: card for card in catalogue.kept.cards}
    for line in catalogue.ledger:
        found = wanted.get(line.guid)
        if found is not None:
            if not _is_as_told(line, *found):
                yield from _changes(line, *found)
        elif line.url in by_url:
            now = by_url[line.url]
            yield Breach(Change.GUID, now.slug, f"its guid was {line.guid} and would become {now.guid}")
        elif line.guid not in known or known[line.guid].retracted_at is None:
            slug = known[line.guid].slug if line.guid in known else line.guid
            yield Breach(Change.REMOVAL, slug, "it is no longer in the catalogue")


def _is_as_told(line: LedgerLine, card: Card, url: str) -> bool:
    """As nearly all are."""
    return line.url == url and line.length_bytes == card.length_bytes and line.published_at == card.published_at


def _changes(line: LedgerLine, card: Card, url: str) -> Iterator[Breach]:
    if line.url != url or line.length_bytes != card.length_bytes:
        what = f"its audio was {line.length_bytes} bytes at {line.url} and would be {card.length_bytes} bytes"
        yield Breach(Change.ENCLOSURE, card.slug, f"{what} at {url}")
    if line.published_at != card.aired_at and _second(line.published_at) != _second(card.aired_at):
        what = f"its date was {line.published_at.isoformat()} and would be {card.aired_at.isoformat()}"
        yield Breach(Change.DATE, card.slug, what)


def _second(moment: datetime) -> datetime:
    """A feed writes whole seconds."""
    return moment.replace(microsecond=0)


def _clashes(told: Sequence[Told]) -> Iterator[Problem]:
    """Two items that apps would take for one: the same guid or audio (Apple: not processed), or title and day."""
    cards = [card for card, _ in told]
    yield from _shared(cards, "guid", [card.guid for card in cards])
    yield from _shared(cards, "audio", [url for _, url in told])
    for problem in _shared(cards, "title and day", [(card.title, card.aired_at.date()) for card in cards]):
        yield Problem(problem.subject, problem.what, "Give one of them another title.", is_warning=True)


def _shared(cards: Sequence[Card], what: str, keys: Sequence[object]) -> Iterator[Problem]:
    if len({*keys}) == len(keys):
        return
    having: dict[object, list[str]] = defaultdict(list)
    for key, card in zip(keys, cards, strict=True):
        having[key].append(card.slug)
    for slugs in having.values():
        if len(slugs) > 1:
            others = ", ".join(slugs[1:])
            mend = "Retract one of them, export its recording once more, and drop that under another name."
            yield Problem(slugs[0], f"has the same {what} as {others}, so apps would show only one of them", mend)
