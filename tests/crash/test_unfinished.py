"""An episode that a run put into the catalogue and not into the feed: whichever run finishes it is the one that airs
it, and says so once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pillarcast.model.ledger import unfinished
from pillarcast.model.plan import TagAnew
from pillarcast.model.wanted import Step
from pillarcast.pipeline.intending import Touched
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import Publication, begin, publish
from pillarcast.pipeline.restoring import recovered
from pillarcast.pipeline.retracting import put_back, retract
from pillarcast.pipeline.studio import Studio
from tests.crash.faults import Faults, How, Killed
from tests.crash.matrix import smooth
from tests.crash.oracle import check_public
from tests.crash.stories import SECOND, STORIES
from tests.crash.test_restoring import lose, lose_all
from tests.crash.world import World

EVERY = 6
TITLE = "The second call"


def titles(publication: Publication) -> list[str]:
    return [air.title for air in publication.plan.airs]


@pytest.fixture
def left(world: World) -> World:
    """Killed once its intents were saved."""
    with world.studio() as studio:
        begin(studio, Request(SECOND), Touched())
    return world


@pytest.mark.parametrize("request_", [Request(), Request(SECOND)], ids=["what is due", "the episode again"])
def test_the_run_after_a_dead_one_airs_its_episode(left: World, request_: Request) -> None:
    with left.studio() as studio:
        before = studio.store.load().catalogue
        planned, _ = plan(studio, before, request_)
        publication = publish(studio, request_)
        assert publication.plan == planned
        assert titles(publication) == [TITLE]
        assert not any(isinstance(action, TagAnew) for action in planned.actions)
        assert publication.catalogue.entries == before.entries
        check_public(studio, left.bucket, left.blog)
        assert not plan(studio, studio.store.load().catalogue, request_)[0]
        assert titles(publish(studio, request_)) == []


def test_a_run_that_another_one_came_between_airs_its_episode(world: World) -> None:
    others = iter([True])

    def after_another_one(publication: Publication, step: Step) -> None:
        if step is Step.PAGES and next(others, False):
            with world.studio() as other:
                other.store.change(lambda catalogue: catalogue.model_copy(update={"announced": {"hub": "anew"}}))
        publication.carry_out(step)

    with world.studio() as studio:
        assert titles(publish(studio, Request(SECOND), after_another_one)) == [TITLE]


def test_of_two_runs_at_one_episode_only_the_one_that_finishes_it_airs_it(world: World) -> None:
    aired: list[list[str]] = []

    def after_another_one(publication: Publication, step: Step) -> None:
        if step is Step.FEED and not aired:
            with world.studio() as other:
                aired.append(titles(publish(other, Request())))
        publication.carry_out(step)

    with world.studio() as studio:
        aired.append(titles(publish(studio, Request(SECOND), after_another_one)))
    assert aired == [[TITLE], []]


def test_what_was_retracted_before_it_was_heard_does_not_air_until_it_is_put_back(left: World) -> None:
    with left.studio() as studio:
        retract(studio, SECOND)
        assert titles(publish(studio, Request())) == []
        put_back(studio, SECOND)
        assert titles(publish(studio, Request())) == [TITLE]


@pytest.mark.parametrize("harm", [lose, lose_all])
def test_what_the_feed_names_is_no_news_after_its_catalogue_was_lost(
    harm: Callable[[Studio], None], world: World
) -> None:
    """The newest version that is kept is older than the receipts of its own publish."""
    with world.studio() as studio:
        publish(studio, Request(SECOND))
        harm(studio)
    with world.studio() as studio:
        recovered(studio)
        assert titles(publish(studio, Request())) == []


def test_what_no_feed_names_yet_is_still_to_air_after_its_catalogue_was_lost(left: World) -> None:
    with left.studio() as studio:
        lose(studio)
    with left.studio() as studio:
        recovered(studio)
        assert titles(publish(studio, Request())) == [TITLE]


@pytest.mark.parametrize("name", ["publish", "weekly"])
def test_wherever_a_run_is_killed_its_episode_airs_once_and_on_one_date(name: str, begun: World) -> None:
    seen = [_finished(world, name, at) for world, at in _killed_worlds(name, begun)]
    assert any(seen), "some were killed between their intents and the feed"
    assert len(seen) > 1


def _killed_worlds(name: str, begun: World) -> Iterator[tuple[World, int]]:
    story = next(story for story in STORIES if story.name == name)
    _, calls = smooth(story, begun)
    for at in [number for number, call in enumerate(calls, start=1) if call.is_write][::EVERY]:
        with begun.played() as world:
            story.set_up(world)
            with pytest.raises(Killed), world.studio(Faults(at, How.KILLED_AFTER)) as studio:
                story.run(world, studio)
            yield world, at


def _finished(world: World, name: str, at: int) -> bool:
    """Whether there was something to finish."""
    with world.studio() as studio:
        before = studio.store.load().catalogue
        left = {entry.guid: entry.published_at for entry in unfinished(before)}
        publication = publish(studio, Request())
        airs = {air.guid: air.published_at for air in publication.plan.airs if air.guid in left}
        assert airs == left, f"{name}, killed after {at}"
        assert not unfinished(publication.catalogue)
        assert titles(publish(studio, Request())) == []
        return bool(left)
