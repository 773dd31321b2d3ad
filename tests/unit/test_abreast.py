"""Effects that go abreast: all of them are waited for, the first error is raised, what was not begun never is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from threading import Barrier, Event

import pytest

from pillarcast.errors import Unreachable
from pillarcast.pipeline import abreast
from pillarcast.pipeline.abreast import Abreast

AT_ONCE = abreast._AT_ONCE
WAITING = abreast._MOST_WAITING


def all_done(effects: Iterable[Callable[[], object]]) -> None:
    with Abreast() as abreast:
        for effect in effects:
            abreast.do(effect)


def test_as_many_are_under_way_at_once_as_may_be() -> None:
    """Each waits until all have come."""
    together, came = Barrier(AT_ONCE, timeout=30), list[int]()
    all_done((lambda: came.append(together.wait())) for _ in range(3 * AT_ONCE))
    assert sorted(came) == sorted(3 * [*range(AT_ONCE)])


def test_no_more_are_made_ready_than_may_wait() -> None:
    may_end, made = Event(), 0

    def make_ready(effects: Abreast) -> None:
        nonlocal made
        for _ in range(2 * WAITING):
            made += 1
            effects.do(partial(may_end.wait, 30))

    with Abreast() as effects, Abreast() as beside:
        beside.do(partial(make_ready, effects))
        deadline = time.monotonic() + 30
        while made <= WAITING and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.1)
        assert made == WAITING + 1, "of those that found no room one is made"
        may_end.set()
    assert made == 2 * WAITING


def test_leaving_waits_for_all_and_raises_the_first_error() -> None:
    done: list[int] = []

    def effect(number: int) -> None:
        if number in {3, 5}:
            raise Unreachable(f"number {number}", "is away")
        done.append(number)

    with pytest.raises(Unreachable, match="number 3"):
        all_done(partial(effect, number) for number in range(WAITING))
    assert {0, 1, 2} <= {*done}


def test_after_an_error_nothing_more_begins_and_what_is_under_way_ends() -> None:
    """A plan that is made anew finds nothing of the old one still on its way."""
    is_busy, may_end = Event(), Event()
    ended: list[str] = []

    def slow() -> None:
        is_busy.set()
        may_end.wait(30)
        ended.append("slow")

    def fails() -> None:
        is_busy.wait(30)
        may_end.set()
        raise Unreachable("a page", "is away")

    later = [partial(ended.append, f"later {number}") for number in range(10 * WAITING)]
    with pytest.raises(Unreachable):
        all_done([slow, fails, *later])
    assert "slow" in ended
    seen = len(ended)
    assert seen < 10 * WAITING, "all of them were begun"
    assert len(ended) == seen


def test_who_is_interrupted_waits_for_what_is_under_way() -> None:
    is_busy, ended = Event(), list[str]()

    def slow() -> None:
        is_busy.set()
        time.sleep(0.2)
        ended.append("page")

    def effects() -> Iterator[Callable[[], object]]:
        yield slow
        is_busy.wait(30)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        all_done(effects())
    assert ended == ["page"]
