"""The button that takes an episode back, and the switch that puts it there again."""

from __future__ import annotations

from datetime import UTC, datetime

from flows.orders import RetractOrder
from flows.retract import _retract
from flows.weekly import _weekly
from tests.prefect_support.stepping import at, ended, take
from tests.show_support.place import Place

THURSDAY = datetime(2026, 6, 4, 10, 0, tzinfo=UTC)


def order(show: Place, *, is_sure: bool = False, puts_back: bool = False) -> str:
    chosen = RetractOrder(episode="41", is_sure=is_sure, puts_back=puts_back)
    return at(show, THURSDAY, lambda desk: _retract(desk, chosen))


def live(show: Place) -> list[str]:
    with show.opened() as house:
        return [entry.guid for entry in house.studio.store.load().catalogue.live]


def test_an_episode_is_taken_back_by_a_yes_and_put_back_as_it_was(show: Place) -> None:
    show.drop("041-a")
    take(show, show.clock.moment)
    at(show, THURSDAY, _weekly)
    before = live(show)
    unsure = ended(show, THURSDAY, lambda desk: _retract(desk, RetractOrder(episode="41")))
    assert unsure.is_failed()
    assert "Switch on “Yes, take it out”" in (unsure.message or "")
    assert live(show) == before
    assert order(show, is_sure=True) == "Retracted: “A”."
    assert live(show) == []
    assert order(show, puts_back=True) == "Put back: “A”."
    assert live(show) == before
