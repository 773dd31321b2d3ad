"""The plan is a promise: what `plan` prints is what `publish` does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pillarcast.cli.looking import describe
from pillarcast.model.plan import Plan
from pillarcast.model.plan_words import UNKNOWN_YET
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import ingest
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.retracting import retract
from pillarcast.pipeline.staging import is_tagged_for
from pillarcast.pipeline.studio import Studio
from tests.crash.stories import FIRST, NOTES, SECOND
from tests.crash.world import THURSDAY, World


def at_the_slot(world: World, _studio: Studio) -> Request:
    world.clock.moment = THURSDAY
    return Request()


def days_late(world: World, _studio: Studio) -> Request:
    world.clock.moment = THURSDAY + timedelta(days=2)
    return Request()


def a_day_early(world: World, _studio: Studio) -> Request:
    return Request(SECOND)


def an_edit(world: World, studio: Studio) -> Request:
    (world.place.episodes / f"{FIRST}.md").write_text(NOTES.format(title="Another", word="one"), "utf-8")
    folder = look(world.place.episodes)
    ingest(studio, folder.named(FIRST), folder, settle_s=0)
    return Request()


def a_retraction(_world: World, studio: Studio) -> Request:
    retract(studio, FIRST)
    return Request()


def nothing(_world: World, _studio: Studio) -> Request:
    return Request()


@pytest.mark.parametrize("come_to_pass", [at_the_slot, days_late, a_day_early, an_edit, a_retraction, nothing])
def test_publish_does_what_plan_says(come_to_pass: Callable[[World, Studio], Request], world: World) -> None:
    with world.studio() as studio:
        request = come_to_pass(world, studio)
        before = {stored.key: stored.etag for stored in world.bucket.keys("")}
        said = shown(studio, plan(studio, studio.store.load().catalogue, request)[0])
        assert {stored.key: stored.etag for stored in world.bucket.keys("")} == before, "a plan touches nothing"
        done = shown(studio, publish(studio, request).plan)
        masked = [(what, of, UNKNOWN_YET if UNKNOWN_YET in say else where)
                  for (what, of, where), (_, _, say) in zip(done, said, strict=True)]  # fmt: skip
        assert masked == said


def test_an_episode_that_airs_on_another_day_is_said_to_be_tagged_anew(world: World) -> None:
    with world.studio() as studio:
        said = shown(studio, plan(studio, studio.store.load().catalogue, Request(SECOND))[0])
        assert [(what, of) for what, of, _ in said][:2] == [
            ("tag anew", "“The second call”"),
            ("on air", "“The second call”"),
        ]
        assert ("make public", "The second call", UNKNOWN_YET) in said
        publication = publish(studio, Request(SECOND))
        entry = next(entry for entry in publication.catalogue.live if entry.source == SECOND)
        assert entry.published_at is not None
        assert is_tagged_for(studio, entry, entry.published_at)


def test_on_the_day_that_it_was_tagged_for_nothing_is_tagged(world: World) -> None:
    world.clock.moment = THURSDAY
    with world.studio() as studio:
        said = shown(studio, plan(studio, studio.store.load().catalogue, Request())[0])
        assert {what for what, _, _ in said} >= {"on air", "make public", "post"}
        assert "tag anew" not in {what for what, _, _ in said}
        assert UNKNOWN_YET not in {where for _, _, where in said}


def shown(studio: Studio, planned: Plan) -> list[tuple[str, str, str]]:
    return [describe(action, studio.show.schedule.tz) for action in planned.actions]
