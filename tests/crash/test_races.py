"""Several runs at once: on the same episode, on the same show, on different shows of one bucket."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest

from pillarcast.errors import TryAgain
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import ingest, ingest_all
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.retracting import retract
from pillarcast.pipeline.studio import Studio
from pillarcast.ports import Clock
from tests.crash.faults import Faults
from tests.crash.listener import Listener
from tests.crash.oracle import check_public
from tests.crash.stories import ARTICLE, FIRST, NOTES, SECOND, THIRD
from tests.crash.world import THURSDAY, World, room
from tests.show_support.place import HandClock, Place, ingest_drop, publish_all

Run = Callable[[Studio], object]


def publish_second(studio: Studio) -> None:
    publish(studio, Request(SECOND))


def publish_due(studio: Studio) -> None:
    publish(studio, Request())


def ingest_third(studio: Studio) -> None:
    folder = look(studio.project / "episodes")
    ingest(studio, folder.named(THIRD), folder, settle_s=0)


def edit_first(studio: Studio) -> None:
    folder = look(studio.project / "episodes")
    ingest(studio, folder.named(FIRST), folder, settle_s=0)
    publish(studio, Request())


def retract_first(studio: Studio) -> None:
    retract(studio, FIRST)
    publish(studio, Request())


CROWDS: dict[str, tuple[Run, ...]] = {
    "two publish one episode": (publish_second,) * 2,
    "five publish one episode": (publish_second,) * 5,
    "two take one drop": (ingest_third,) * 2,
    "five take one drop": (ingest_third,) * 5,
    "five do what is due": (publish_due,) * 5,
    "two at odds over one show": (publish_second, retract_first),
    "five at odds over one show": (publish_second, publish_due, ingest_third, edit_first, retract_first),
}


@pytest.mark.parametrize("runs", CROWDS.values(), ids=CROWDS.keys())
def test_runs_at_once_end_as_one_after_another(runs: tuple[Run, ...], world: World) -> None:
    notes = world.place.episodes / f"{FIRST}.md"
    notes.write_text(NOTES.format(title="The very first call", word="two"), "utf-8")
    world.clock.moment = THURSDAY
    together(world, runs)
    check_settled(world)


def test_clocks_that_jump_agree_on_the_date_on_air(world: World) -> None:
    """One machine is a day behind, one ahead, and one is set back in the middle of its run."""
    clocks: list[Clock] = [
        HandClock(THURSDAY - timedelta(days=1)),
        HandClock(THURSDAY + timedelta(hours=2)),
        Jumping([THURSDAY, THURSDAY - timedelta(hours=3), THURSDAY + timedelta(hours=1)]),
    ]
    world.clock.moment = THURSDAY + timedelta(hours=2)
    together(world, [publish_due] * 3, clocks)
    with world.studio() as studio:
        catalogue = studio.store.load().catalogue
        assert {entry.published_at for entry in catalogue.live if entry.source == SECOND} == {THURSDAY}
    check_settled(world)


class Jumping:
    """Shows one moment after the other, and then the last for ever."""

    def __init__(self, moments: list) -> None:
        self._moments: Iterator = iter(moments[:-1])
        self._last = moments[-1]

    def now(self):
        return next(self._moments, self._last)


@pytest.mark.parametrize("count", [2, 5])
def test_shows_that_share_a_bucket_do_not_meet(count: int, tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=room()) as shared:

        def live(number: int) -> set[str]:
            table = f'[bucket]\nkind = "folder"\nfolder = "{shared}"\nprefix = "show-{number}"\n'
            place = Place(tmp_path / str(number), bucket=table, clock=HandClock())
            place.drop("041-first", seconds=1.5, seed=number)
            with place.opened() as house:
                ingest_drop(house.studio, place.episodes, "041-first")
                publish_all(house.studio, "041-first")
                assert not plan(house.studio, house.studio.store.load().catalogue, Request())[0]
                return {entry.guid for entry in house.studio.store.load().catalogue.live}

        with ThreadPoolExecutor(count) as pool:
            guids = list(pool.map(live, range(1, count + 1)))
    assert len(set.union(*guids)) == count


def together(world: World, runs: tuple[Run, ...] | list[Run], clocks: list[Clock] | None = None) -> None:
    """Each run in a thread of its own, as another process would come; what has to be tried again is."""
    gate = Barrier(len(runs))

    def one(number: int) -> None:
        with world.studio(Faults(after_write=Listener(world).after)) as studio:
            own = replace(studio, clock=clocks[number]) if clocks else studio
            gate.wait(timeout=60)
            for _ in range(4):
                try:
                    runs[number](own)
                    return
                except TryAgain:
                    continue
            raise AssertionError(f"run {number} never came to its end")

    with ThreadPoolExecutor(len(runs)) as pool:
        done = [pool.submit(one, number) for number in range(len(runs))]
    errors = [error for run in done if (error := run.exception())]
    for error in sorted(errors, key=lambda error: isinstance(error, BrokenBarrierError)):
        raise error  # the cause, not those who waited at the gate for the one that it stopped


def check_settled(world: World) -> None:
    """One more ordinary run finds everything right, or makes it so, and the next has nothing to do."""
    with world.studio() as studio:
        ingest_all(studio, look(world.place.episodes), settle_s=0)
        publish(studio, Request())
        catalogue = studio.store.load().catalogue
        assert sorted(entry.source for entry in catalogue.entries) == [FIRST, SECOND, THIRD]
        assert [article.source for article in catalogue.articles] == [ARTICLE]
        check_public(studio, world.bucket, world.blog)
        assert not plan(studio, catalogue, Request())[0]
