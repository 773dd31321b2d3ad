"""The queue in the UI: seen as a table, and an episode moved to the place at which one sees it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from flows.ingest import take_drops
from flows.orders import IngestOrder, QueueOrder
from flows.queue import _queue
from pillarcast.model.catalogue import Catalogue
from tests.prefect_support.server import PrefectServer
from tests.prefect_support.stepping import at, ended, take
from tests.show_support.place import Place, publish_all

MONDAY = datetime(2026, 6, 1, 15, 0, tzinfo=UTC)
EXTRA = "---\ntitle: Extra\npublish_at: 2026-06-08T09:00\n---\n\nSomething happened.\n"


@pytest.fixture
def queued(show: Place) -> Place:
    """Three weeks ahead, and an extra episode between the first and the second."""
    for seed, name in enumerate(("041-a", "042-b", "043-c"), start=1):
        show.drop(name, seed=seed)
    show.drop("extra", EXTRA, seed=4)
    take(show, MONDAY)
    return show


def ask(show: Place, episode: str = "", position: int = 1) -> str:
    return at(show, MONDAY, lambda desk: _queue(desk, QueueOrder(episode=episode, position=position)))


def table(server: PrefectServer) -> list[tuple[int, str, str]]:
    """What the last run showed."""
    (rows,) = (
        rows for rows in server.artifacts(server.runs("stepped")[-1]["id"])["table"] if "position" in rows[0]
    )  # fmt: skip
    return [(row["position"], row["episode"], row["airs"].partition(",")[2].partition(",")[0].strip()) for row in rows]


def catalogue(show: Place) -> Catalogue:
    with show.opened() as house:
        return house.studio.store.load().catalogue


def test_it_is_shown_and_nothing_changes(queued: Place, server: PrefectServer) -> None:
    before = catalogue(queued)
    assert ask(queued) == "Next: “A”, Thursday, 4 June 2026, 06:00 EDT."
    assert table(server) == [
        (1, "A", "4 June 2026"), (2, "Extra", "8 June 2026"), (3, "B", "11 June 2026"), (4, "C", "18 June 2026"),
    ]  # fmt: skip
    assert catalogue(queued) == before


@pytest.mark.parametrize(
    ("position", "order"),
    [(1, "C Extra A B"), (2, "A Extra C B"), (3, "A Extra C B"), (4, "A Extra B C"), (99, "A Extra B C")],
)
def test_an_episode_moves_to_where_one_sees_it(queued: Place, server: PrefectServer, position: int, order: str) -> None:
    """The slots stay where there is no gap, and so does the hour that notes name: what is put in its place comes next
    to it."""
    ask(queued, "43", position)
    assert " ".join(title for _, title, _ in table(server)) == order
    assert [date for _, _, date in table(server)] == ["4 June 2026", "8 June 2026", "11 June 2026", "18 June 2026"]
    assert len({entry.slot for entry in catalogue(queued).queue}) == 4


@pytest.mark.parametrize(
    ("episode", "why"),
    [("extra", "its notes name the hour at which it airs. Change `publish_at` there."), ("44", "no episode goes by")],
)
def test_what_cannot_be_moved_is_said_with_its_mend(queued: Place, episode: str, why: str) -> None:
    state = ended(queued, MONDAY, lambda desk: _queue(desk, QueueOrder(episode=episode)))
    assert state.is_failed()
    assert why in (state.message or "")


def test_an_arrival_that_goes_first_says_whom_it_moves(show: Place, server: PrefectServer) -> None:
    """The page of what is live names the one that airs next, and follows in the same run."""
    for seed, name in enumerate(("040-z", "042-b", "043-c"), start=1):
        show.drop(name, seed=seed)
    take(show, MONDAY)
    after = MONDAY + timedelta(days=3)
    show.clock.moment = after
    with show.opened() as house:
        publish_all(house.studio)
    show.drop("041-a", seed=4)
    told = at(show, after, lambda desk: take_drops(desk, IngestOrder(drop="041-a")))
    assert told == (
        "Taken: “A”. “B” moves to Thursday, 18 June 2026, 06:00 EDT, because “A” goes first. "
        "“C” moves to Thursday, 25 June 2026, 06:00 EDT, because “A” goes first."
    )
    with show.opened() as house:
        page = house.studio.public.get(house.studio.addresses.page("z")).body.decode()
    assert "June 11" in page
    assert at(show, after, lambda desk: _queue(desk, QueueOrder())).startswith("Next: “A”, Thursday, 11 June 2026")
    (rows,) = (
        rows for rows in server.artifacts(server.runs("stepped")[-1]["id"])["table"] if "position" in rows[0]
    )  # fmt: skip
    assert [row["why"] for row in rows] == ["", *["“A” came later and goes first, by its number"] * 2]
