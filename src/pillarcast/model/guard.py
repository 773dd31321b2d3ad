"""The guard: what the feed would say now, compared with what listeners' apps were once told.

Apps know an episode by its guid. A changed guid is a new episode, a missing one is gone, a changed address is
downloaded again. Each such change is refused unless the owner names it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from shlex import quote

from pillarcast.errors import Problem
from pillarcast.model.catalogue import Catalogue, LedgerLine
from pillarcast.model.published import Published


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


def refusals(catalogue: Catalogue, episodes: Sequence[Published], allowed: Collection[str] = ()) -> tuple[Problem, ...]:
    """Every change that listeners would notice and nobody allowed, and every clash that nobody can allow.

    `episodes` are all that the feed would name, newest first; what a retraction took out is the owner's word.
    """
    breaches = [breach for breach in find_breaches(catalogue, episodes) if not {breach.name, breach.every} & {*allowed}]
    return (*[breach.problem for breach in breaches], *_clashes(episodes))


def find_breaches(catalogue: Catalogue, episodes: Sequence[Published]) -> Iterator[Breach]:
    wanted = {published.guid: published for published in episodes}
    by_url = {published.enclosure.url: published for published in episodes}
    slugs = {entry.guid: entry.slug for entry in catalogue.entries}
    retracted = {entry.guid for entry in catalogue.entries if entry.retracted_at is not None}
    for line in catalogue.ledger:
        published = wanted.get(line.guid)
        if published is not None:
            yield from _changes(line, published)
        elif line.url in by_url:
            now = by_url[line.url]
            yield Breach(Change.GUID, now.slug, f"its guid was {line.guid} and would become {now.guid}")
        elif line.guid not in retracted:
            yield Breach(Change.REMOVAL, slugs.get(line.guid, line.guid), "it is no longer in the catalogue")


def _changes(line: LedgerLine, published: Published) -> Iterator[Breach]:
    enclosure = published.enclosure
    if (line.url, line.length_bytes) != (enclosure.url, enclosure.length_bytes):
        what = f"its audio was {line.length_bytes} bytes at {line.url} and would be {enclosure.length_bytes} bytes"
        yield Breach(Change.ENCLOSURE, published.slug, f"{what} at {enclosure.url}")
    if line.published_at != published.published_at and _second(line.published_at) != _second(published.published_at):
        what = f"its date was {line.published_at.isoformat()} and would be {published.published_at.isoformat()}"
        yield Breach(Change.DATE, published.slug, what)


def _second(moment: datetime) -> datetime:
    """A feed writes whole seconds."""
    return moment.replace(microsecond=0)


def _clashes(episodes: Sequence[Published]) -> Iterator[Problem]:
    """Two items that apps would take for one: the same guid or audio (Apple: not processed), or title and day."""
    yield from _shared(episodes, "guid", lambda one: one.guid)
    yield from _shared(episodes, "audio", lambda one: one.enclosure.url)
    for problem in _shared(episodes, "title and day", lambda one: (one.episode.title, one.published_at.date())):
        yield Problem(problem.subject, problem.what, "Give one of them another title.", is_warning=True)


def _shared(episodes: Sequence[Published], what: str, key: Callable[[Published], object]) -> Iterator[Problem]:
    keys = [key(published) for published in episodes]
    if len({*keys}) == len(keys):
        return
    having: dict[object, list[str]] = defaultdict(list)
    for one, published in zip(keys, episodes, strict=True):
        having[one].append(published.slug)
    for slugs in having.values():
        if len(slugs) > 1:
            others = ", ".join(slugs[1:])
            mend = "Retract one of them, export its recording once more, and drop that under another name."
            yield Problem(slugs[0], f"has the same {what} as {others}, so apps would show only one of them", mend)
