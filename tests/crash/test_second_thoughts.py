"""A run that was killed is followed by something else than its repetition: what it left is still put right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from unittest.mock import MagicMock

import pytest

from pillarcast.errors import Conflict, NeedsOwner, Unreachable
from pillarcast.model.plan import RemoveObject
from pillarcast.model.wanted import Step
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.pipeline.intending import Touched
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import Publication, begin, publish
from pillarcast.pipeline.retracting import retract
from pillarcast.ports import Stored
from tests.crash.faults import Faults, How, Killed
from tests.crash.matrix import smooth
from tests.crash.oracle import check_public
from tests.crash.stories import FIRST, NOTES, SECOND, STORIES, Story
from tests.crash.world import World

EVERY = 12
"""One in so many calls of the first run is the one at which it is killed; all of them are run by `make test-long`."""


def _take_back_the_edit(world: World) -> None:
    notes = world.place.episodes / f"{FIRST}.md"
    notes.write_text(NOTES.format(title="The first call", word="one"), "utf-8")
    with world.studio() as studio:
        _story("edit").run(world, studio)


def _retract_at_once(world: World) -> None:
    with world.studio() as studio:
        try:
            retract(studio, SECOND)
        except NeedsOwner:
            return  # it was killed before the episode was on air
        publish(studio, Request())
        assert not any("the-second-call" in stored.key for stored in studio.bucket.keys("public/"))


CHANGES_OF_MIND = (("edit", _take_back_the_edit), ("publish", _retract_at_once))


@pytest.mark.parametrize(("name", "afterwards"), CHANGES_OF_MIND)
def test_what_a_killed_run_left_is_put_right(name: str, afterwards: Callable[[World], None], begun: World) -> None:
    assert _change_mind(name, afterwards, begun, EVERY) > 1


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("name", "afterwards"), CHANGES_OF_MIND)
def test_whatever_call_it_was_killed_at(name: str, afterwards: Callable[[World], None], begun: World) -> None:
    assert _change_mind(name, afterwards, begun, 1) > EVERY


def test_a_run_that_was_overtaken_removes_nothing_any_more(world: World) -> None:
    """Not even where it is killed before it sees that another one changed the catalogue."""
    notes = world.place.episodes / f"{FIRST}.md"
    words = notes.read_text("utf-8")
    notes.write_text(words.replace("tags: [careers]\n", ""), "utf-8")
    with world.studio() as studio, world.studio() as other:
        ingest_all(studio, look(world.place.episodes), settle_s=0)
        slow = begin(studio, Request(), Touched())
        assert any(isinstance(action, RemoveObject) for action in slow.plan.actions)
        for step in [step for step in Step if step is not Step.REMOVE]:
            slow.carry_out(step)
        notes.write_text(words, "utf-8")
        ingest_all(other, look(world.place.episodes), settle_s=0)
        publish(other, Request())
        with pytest.raises(Conflict):
            slow.carry_out(Step.REMOVE)
        check_public(other, world.bucket, world.blog)


def test_a_step_that_is_tried_again_asks_the_bucket_anew(world: World) -> None:
    """As orchestrators do: what could not be had the first time is not remembered as missing."""
    refused: list[str] = []
    with world.studio() as studio:

        def once_away(key: str) -> tuple[bytes, Stored] | None:
            if key.startswith("private/feed/") and not refused:
                refused.append(key)
                raise Unreachable(key, "the server is busy", "It is tried again.")
            return world.bucket.fetch(key)

        def patiently(publication: Publication, step: Step) -> None:
            try:
                publication.carry_out(step)
            except Unreachable:
                publication.carry_out(step)

        flaky = MagicMock(wraps=studio.bucket, has_compare_and_swap=True, serves_encoded=False)
        flaky.fetch.side_effect = once_away
        publish(replace(studio, bucket=flaky), Request(SECOND), patiently)
        assert refused
        check_public(studio, world.bucket, world.blog)


def _change_mind(name: str, afterwards: Callable[[World], None], begun: World, every: int) -> int:
    """Says at how many calls the run was killed."""
    story = _story(name)
    _, calls = smooth(story, begun)
    writes = [number for number, call in enumerate(calls, start=1) if call.is_write]
    chosen = writes[::every]
    for at in chosen:
        with begun.played() as world:
            _run_until_killed(world, story, at)
            afterwards(world)
            with world.studio() as studio:
                check_public(studio, world.bucket, world.blog)
                assert not plan(studio, studio.store.load().catalogue, Request())[0], f"killed after {calls[at - 1]}"
    return len(chosen)


def _run_until_killed(world: World, story: Story, at: int) -> None:
    story.set_up(world)
    with pytest.raises(Killed), world.studio(Faults(at, How.KILLED_AFTER)) as studio:
        story.run(world, studio)


def _story(name: str) -> Story:
    return next(story for story in STORIES if story.name == name)
