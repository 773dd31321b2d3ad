"""The queue: which episode airs when, and how its owner moves them about."""

from __future__ import annotations

from pillarcast.errors import NeedsOwner
from pillarcast.model.catalogue import Catalogue, Entry


def moved(catalogue: Catalogue, entry: Entry, position: int) -> Catalogue:
    """The catalogue with `entry` at `position` (1 airs next) of the queue; the slots stay, what airs in them changes.

    Episodes whose notes name an hour keep it. NeedsOwner for a piece that is not in the queue or has such an hour.
    """
    if entry.is_pinned:
        raise NeedsOwner(entry.source, "its notes name the hour at which it airs", "Change `publish_at` there.")
    movable = [queued for queued in catalogue.queue if not queued.is_pinned]
    if entry not in movable:
        raise NeedsOwner(entry.source, f"is {entry.state}, not in the queue", "Look at `pillarcast status`.")
    slots = [queued.slot for queued in movable]
    movable.remove(entry)
    movable.insert(max(0, min(position - 1, len(movable))), entry)
    for queued, slot in zip(movable, slots, strict=True):
        if queued.slot != slot:
            catalogue = catalogue.with_entry(queued.model_copy(update={"slot": slot}))
    return catalogue
