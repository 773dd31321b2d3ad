"""Retracting: takes a live episode or article out of feed, pages and blogs, after saying what listeners will notice."""

from __future__ import annotations

from pillarcast.errors import NeedsOwner
from pillarcast.model.catalogue import Catalogue, Entry, State
from pillarcast.pipeline.planning import find_episode
from pillarcast.pipeline.studio import Studio

NOTICE = (
    "Apps drop it from their lists within hours. Who has downloaded it keeps it. Its page answers 404, its posts "
    "become drafts. The recording, the master and its guid are kept; nothing is deleted for good."
)


def retractable(catalogue: Catalogue, name: str) -> Entry:
    """The live episode that goes by `name`. NeedsOwner where it is not live."""
    entry = find_episode(catalogue, name)
    if entry.state is not State.LIVE:
        raise NeedsOwner(entry.source, f"is {entry.state}, not live", "Only what is live can be retracted.")
    return entry


def retract(studio: Studio, name: str) -> Entry:
    """Marks the episode as retracted; the next publish carries it out. Repeating it changes nothing."""
    now = studio.clock.now()

    def marked(catalogue: Catalogue) -> Catalogue:
        entry = find_episode(catalogue, name)
        if entry.state is State.RETRACTED:
            return catalogue
        return catalogue.with_entry(retractable(catalogue, name).model_copy(update={"retracted_at": now}))

    return find_episode(studio.store.change(marked).catalogue, name)
