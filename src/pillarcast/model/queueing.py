"""The queue: which episode airs when, and how its owner moves them about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import islice

from pillarcast.errors import NeedsOwner
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.number_order import goes_first
from pillarcast.model.schedule import CatchUp, Schedule, is_slot, next_slot, slots_after

MISSED_AFTER = timedelta(hours=6)
"""A run that is this late still counts as the slot's own."""
_JUST_COME = timedelta(hours=1)


def moved(catalogue: Catalogue, entry: Entry, position: int, schedule: Schedule, now: datetime) -> Catalogue:
    """The catalogue with `entry` at `position` (1 airs next) of the queue; one airs in each slot ahead, without a gap.

    Episodes whose notes name an hour keep it, and are counted, as who looks at the queue counts them. NeedsOwner for a
    piece that is not in the queue or has such an hour. No number of another one moves it away again.
    """
    if entry.is_pinned:
        raise NeedsOwner(entry.source, "its notes name the hour at which it airs", "Change `publish_at` there.")
    movable = [queued for queued in catalogue.queue if not queued.is_pinned]
    if entry not in movable:
        raise NeedsOwner(entry.source, f"is {entry.state}, not in the queue", "Look at `pillarcast status`.")
    slots = _without_gaps(catalogue, movable, schedule, now)
    movable.remove(entry)
    before = [queued for queued in catalogue.queue if queued != entry][: max(0, position - 1)]
    movable.insert(sum(not queued.is_pinned for queued in before), entry)
    for queued, slot in zip(movable, slots, strict=True):
        is_placed = queued.is_placed or queued is entry
        if (queued.slot, queued.is_placed) != (slot, is_placed):
            catalogue = catalogue.with_entry(queued.model_copy(update={"slot": slot, "is_placed": is_placed}))
    return catalogue


def never_made(catalogue: Catalogue, guid: str, now: datetime) -> Catalogue:
    """Without an entry that turned out to be no episode. What was dropped after it comes forward, each to the slot of
    the one before, as if it had never been there, and so does what gave way to such a one; what waited already keeps
    the slot in which its owner saw it. Where several slots in a row were empty before, nothing tells who gave way from
    who did not: a higher number comes forward then. Nobody comes to a slot that has passed: he would air at once.
    """
    gone = next((entry for entry in catalogue.queue if entry.guid == guid and entry.master is None), None)
    if gone is None:
        return catalogue
    catalogue = catalogue.model_copy(update={"entries": catalogue.kept.where(lambda card: card.guid != guid)})
    slot = gone.slot if gone.slot and gone.slot > now and not gone.is_pinned else None
    later = [entry for entry in catalogue.queue if entry.dropped_at >= gone.dropped_at]
    for entry in catalogue.queue:
        came_after = entry in later or any(goes_first(other, entry) for other in later)
        if came_after and slot and _may_come_forward(catalogue, entry, slot):
            catalogue = catalogue.with_entry(entry.model_copy(update={"slot": slot}))
            slot = entry.slot
    return catalogue


def _may_come_forward(catalogue: Catalogue, entry: Entry, slot: datetime) -> bool:
    """Nobody comes to a place before his own, nor before a lower number that waits behind that place."""
    if entry.is_pinned or entry.is_placed or entry.slot is None or entry.slot <= slot:
        return False
    return not any(goes_first(other, entry) and other.slot and other.slot > slot for other in catalogue.queue)


def _without_gaps(
    catalogue: Catalogue, movable: Sequence[Entry], schedule: Schedule, now: datetime
) -> list[datetime | None]:
    """A slot for each; those that have come stay. A gap is left by what was published or retracted before its hour."""
    come = [entry.slot for entry in movable if entry.slot and entry.slot <= now]
    pinned = {entry.slot for entry in catalogue.queue if entry.is_pinned}
    ahead = (slot for slot in slots_after(schedule, now) if slot not in pinned)
    return [*come, *islice(ahead, len(movable) - len(come))]


def airing_at(catalogue: Catalogue, slot: datetime) -> tuple[Entry, ...]:
    """What would air at a slot of the show: also what was missed before, but no extra episode: its hour is its own."""
    return tuple(
        entry
        for entry in catalogue.queue
        if entry.slot and (entry.slot == slot or (entry.slot < slot and not entry.is_pinned))
    )


def first_waiting(catalogue: Catalogue) -> Entry | None:
    """The first that is ready, and may be moved: `moved` to the first place it airs in an empty slot ahead of it."""
    return next((entry for entry in catalogue.queue if entry.master and not entry.is_pinned), None)


def postponed(catalogue: Catalogue, schedule: Schedule, now: datetime) -> Catalogue:
    """The queue as show.toml wants it now; missed episodes on the next free slots, where it says so. Hours that notes
    name stay."""
    catalogue = on_schedule(catalogue, schedule, now)
    if schedule.catch_up is CatchUp.AT_ONCE:
        return catalogue
    for entry in catalogue.queue:
        if entry.slot is not None and not entry.is_pinned and entry.slot < now - MISSED_AFTER:
            taken = {queued.slot for queued in catalogue.queue if queued.slot}
            slot = next_slot(schedule, now, taken)
            catalogue = catalogue.with_entry(entry.model_copy(update={"slot": slot}))
    return catalogue


def on_schedule(catalogue: Catalogue, schedule: Schedule, now: datetime) -> Catalogue:
    """The queue after show.toml came to name another hour, or a day to skip: nothing airs at an hour that is no longer
    the show's, and no two in one slot. What cannot keep its slot gets the nearest one, and pushes on what comes after
    it: the order stays."""
    pinned = {entry.slot for entry in catalogue.queue if entry.is_pinned and entry.slot}
    last: datetime | None = None
    for entry in catalogue.queue:
        if entry.is_pinned or entry.slot is None:
            continue
        slot = entry.slot
        if not is_slot(schedule, slot) or (last and slot <= last):
            slot = _nearest(schedule, slot, last, now, pinned)
            catalogue = catalogue.with_entry(entry.model_copy(update={"slot": slot}))
        last = slot
    return catalogue


def _nearest(
    schedule: Schedule, slot: datetime, last: datetime | None, now: datetime, pinned: Collection[datetime]
) -> datetime:
    """Not the one of the week before. One that has just come is the run's own: nobody wrote it down before."""
    half = timedelta(days=7 / 2 / len(schedule.weekdays))
    found = next_slot(schedule, max(slot - half, last or slot - half), pinned)
    if found < now - _JUST_COME and slot > now:
        return next_slot(schedule, max(now, last or now), pinned)
    return found
