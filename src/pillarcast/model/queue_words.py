"""Words for a slot that nothing airs in: episodes that wait behind it keep theirs, where their owner saw them."""

from __future__ import annotations

from datetime import tzinfo
from enum import StrEnum
from shlex import quote

from pillarcast.model.catalogue import Catalogue
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
