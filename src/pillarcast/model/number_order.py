"""The order of numbers: what waits airs in it, whichever recording was taken first.

A large file settles late, and a long one is mastered late: of recordings that are dropped together the last is often
taken first. Only what a slot was given to by itself is put in order. What its owner placed by hand, or its notes fix to
an hour, keeps its slot, and so does what has no number.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.episode import EpisodeKind
from pillarcast.model.known import numbered
from pillarcast.model.schedule import Schedule, next_slot

COMING = timedelta(hours=25)
"""What airs so soon stays, and nothing comes in between: `reminder` has told its owner of it, and the programming note
its listeners, who may have heard or read it already. A day has 25 hours where the clocks go back."""
TOGETHER = timedelta(hours=6)
"""Unless it was dropped so lately: who drops several the evening before wants the lowest number to air first, though
the last was mastered first."""

Rank = tuple[int, int, str]


def rank_of(entry: Entry) -> Rank | None:
    """Season, number and, where two have the same, the file's name; None for what keeps its slot whatever comes."""
    number = numbered(entry.episode)
    if number is None or entry.is_pinned or entry.is_placed:
        return None
    return number[0] or 0, number[1], entry.source


def are_compared(entry: Entry, other: Entry) -> bool:
    """Whether their numbers say which of the two airs first: not where only one of them names its season."""
    return (entry.episode.season is None) is (other.episode.season is None)


def slot_for(catalogue: Catalogue, entry: Entry, schedule: Schedule, now: datetime) -> datetime:
    """The first free slot behind all that wait with lower numbers: a slot that was left empty ahead of them is none
    for a higher one."""
    rank = rank_of(entry)
    lower = [other.slot for other, its in _row(catalogue, entry, now) if rank and its < rank and other.slot]
    taken = {other.slot for other in catalogue.queue if other.slot and other.guid != entry.guid}
    return next_slot(schedule, max([now, *lower]), taken)


def in_order(catalogue: Catalogue, guid: str, now: datetime) -> Catalogue:
    """The catalogue with this entry where its number belongs among those that are ready: behind the last lower one, and
    the slots of all of them given out anew in that order. The others stay in the order in which they are.

    What has no master yet moves nobody: it may turn out to be no episode, or not be done when the slot comes.
    """
    entry = catalogue.entry(guid)
    row = [(other, rank) for other, rank in _row(catalogue, entry, now) if other.master]
    rank = rank_of(entry)
    if rank is None or (entry, rank) not in row:
        return catalogue
    slots = [other.slot for other, _ in row]
    row.remove((entry, rank))
    lower = [place for place, (_, its) in enumerate(row, start=1) if its < rank]
    row.insert(max(lower, default=0), (entry, rank))
    given = zip((other for other, _ in row), slots, strict=True)
    moved = [other.model_copy(update={"slot": slot}) for other, slot in given if other.slot != slot]
    return catalogue if any(_is_settled(other, now) for other in moved) else _with_all(catalogue, moved)


def goes_first(other: Entry, entry: Entry) -> bool:
    """Whether `other` airs before `entry`, as their numbers say."""
    ranks = rank_of(other), rank_of(entry)
    if ranks[0] is None or ranks[1] is None or other.slot is None or entry.slot is None:
        return False
    return are_compared(other, entry) and ranks[0] < ranks[1] and other.slot < entry.slot


def overtaken_by(catalogue: Catalogue, entry: Entry) -> Entry | None:
    """The last of those that came later than this one, and go first."""
    later = [other for other in catalogue.queue if other.dropped_at > entry.dropped_at and goes_first(other, entry)]
    return later[-1] if later else None


def moved_between(before: Catalogue, after: Catalogue, guid: str) -> tuple[Entry, ...]:
    """What another slot was given to, because `guid` came between."""
    slots = {entry.guid: entry.slot for entry in before.queue if entry.guid != guid}
    return tuple(entry for entry in after.queue if entry.slot != slots.get(entry.guid, entry.slot))


def _row(catalogue: Catalogue, entry: Entry, now: datetime) -> list[tuple[Entry, Rank]]:
    """What may be moved for this one's number, the next to air first; nothing for a number that the show has passed:
    a straggler is no reason to move anything."""
    aired = _passed(catalogue, entry)
    rank = rank_of(entry)
    if rank is None or rank[:2] <= aired:
        return []
    waiting = [(other, rank_of(other)) for other in catalogue.queue if are_compared(other, entry)]
    return [(other, its) for other, its in waiting if its and its[:2] > aired and not _is_settled(other, now)]


def _passed(catalogue: Catalogue, entry: Entry) -> tuple[int, int]:
    """The highest season and number that ever aired."""
    cards = [card for card in catalogue.kept.cards if card.published_at and card.kind is EpisodeKind.FULL]
    has_season = entry.episode.season is not None
    alike = [card for card in cards if card.number and (card.season is not None) is has_season]
    return max(((card.season or 0, card.number or 0) for card in alike), default=(0, 0))


def _is_settled(entry: Entry, now: datetime) -> bool:
    """Whether its hour has come, or is so near that somebody counts on it."""
    if entry.slot is None or entry.slot <= now:
        return True
    return entry.slot - now <= COMING and now - entry.dropped_at > TOGETHER


def _with_all(catalogue: Catalogue, entries: Sequence[Entry]) -> Catalogue:
    for entry in entries:
        catalogue = catalogue.with_entry(entry)
    return catalogue
