"""Words for the queue: for a slot that nothing airs in, and for an episode that another one made move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo
from enum import StrEnum
from shlex import quote

from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.number_order import goes_first, overtaken_by
from pillarcast.model.queueing import first_waiting


class Filling(StrEnum):
    """How an empty slot gets an episode: ahead it is moved there, and once the hour has come it is published.

    The command, and the deployment in the UI, that does it.
    """

    AHEAD = "queue"
    NOW = "publish"


_COMMANDS = {
    Filling.AHEAD: "`pillarcast queue {} 1` airs it then",
    Filling.NOW: "`pillarcast publish {}` airs it now",
}


def filling(catalogue: Catalogue, zone: tzinfo, way: Filling = Filling.AHEAD) -> str:
    """`“Title” waits for 8 December: `pillarcast queue 046-title 1` airs it then`; empty where nothing waits."""
    waiting = first_waiting(catalogue)
    if waiting is None or waiting.slot is None:
        return ""
    day = waiting.slot.astimezone(zone)
    return f"“{waiting.episode.title}” waits for {day.day} {day:%B}: {_COMMANDS[way].format(quote(waiting.source))}"


def move_of(moved: Entry, cause: Entry, when: Callable[[datetime], str]) -> str:
    """`“Numbers” moves to 11 June, because “The call” goes first`: what an arrival did to one that waited."""
    day = when(moved.slot) if moved.slot else "a later slot"
    why = "goes first" if goes_first(cause, moved) else "has another place now"
    return f"“{moved.episode.title}” moves to {day}, because “{cause.episode.title}” {why}"


def place_of(catalogue: Catalogue, entry: Entry) -> str:
    """Why an episode stands where it does in the queue; empty where it came in its turn."""
    if entry.is_pinned:
        return "the hour stands in its notes"
    if entry.is_placed:
        return "placed by hand"
    first = overtaken_by(catalogue, entry)
    return f"“{first.episode.title}” came later and goes first, by its number" if first else ""
