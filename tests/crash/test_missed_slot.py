"""A laptop that slept from Wednesday to Saturday: one catch-up, at once or at the next slot, as the show says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import publish
from tests.crash.oracle import check_public
from tests.crash.stories import SECOND
from tests.crash.world import MORE, THURSDAY, World

SATURDAY = datetime(2026, 6, 13, 15, 0, tzinfo=UTC)
NEXT_THURSDAY = datetime(2026, 6, 18, 10, 0, tzinfo=UTC)


def aired(world: World) -> list[tuple[str, datetime]]:
    with world.studio() as studio:
        publication = publish(studio, Request())
        sources = {entry.guid: entry.source for entry in publication.catalogue.entries}
        check_public(studio, world.bucket, world.blog)
        return [(sources[air.guid], air.published_at) for air in publication.plan.airs if air.guid in sources]


def test_what_was_missed_airs_at_once_and_only_once(world: World) -> None:
    world.clock.moment = SATURDAY
    assert aired(world) == [(SECOND, THURSDAY)]
    assert aired(world) == []
    world.clock.moment = NEXT_THURSDAY
    assert aired(world) == []


def test_what_was_missed_waits_for_the_next_slot(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    next_slot = '[schedule]\nevery = "Thursday 06:00"\nzone = "America/New_York"\ncatch_up = "next slot"\n'
    with_catch_up(world, next_slot, monkeypatch)
    world.clock.moment = SATURDAY
    assert aired(world) == []
    world.clock.moment = NEXT_THURSDAY
    assert aired(world) == [(SECOND, NEXT_THURSDAY)]
    assert aired(world) == []


def with_catch_up(world: World, schedule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.show_support import place

    about = place.SHOW.partition("[schedule]")[0]
    monkeypatch.setattr(place, "SHOW", about + schedule)
    assert MORE in (world.place.root / "show.toml").read_text("utf-8")
