"""Announcing: hubs are told of a feed that was verified, once for each change; a hub that fails is a warning."""

from __future__ import annotations

from pillarcast.errors import PillarcastError, Problem
from pillarcast.model.addresses import FEED
from pillarcast.model.catalogue import Catalogue
from pillarcast.pipeline.studio import Studio


def announce(studio: Studio) -> tuple[Problem, ...]:
    """Tells every hub that has not been told of the feed as it stands. The receipts say who was."""
    catalogue = studio.store.load().catalogue
    feed = catalogue.written.get(FEED)
    if feed is None or not feed.inputs:
        return ()  # nothing to tell, or another run is writing it and will tell
    problems: list[Problem] = []
    for hub in studio.hubs:
        if catalogue.announced.get(hub.name) == feed.sha256:
            continue
        try:
            hub.announce(studio.addresses.feed)
        except PillarcastError as error:
            problems.append(Problem(hub.name, f"was not told: {error.problem.what}", "The next run tries again.", True))
            continue
        _receipt(studio, hub.name, feed.sha256)
    return tuple(problems)


def _receipt(studio: Studio, hub: str, sha256: str) -> None:
    def told(catalogue: Catalogue) -> Catalogue:
        return catalogue.model_copy(update={"announced": catalogue.announced | {hub: sha256}})

    studio.store.change(told)
