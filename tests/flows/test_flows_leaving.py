"""A show whose folder is taken away: its schedules rest, its owner is told once; it goes on when the folder is back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.runner import Runner

from flows.joining import Round
from flows.offering import Counter
from flows.roll import roll_of
from flows.shows import served
from flows.watching import wake_all
from tests.flows.test_flows_joining import keys, until
from tests.prefect_support.mailing import Receiver, webhook
from tests.prefect_support.server import PrefectServer
from tests.show_support.place import Place, ingest_drop

OWN_HOUR = "---\ntitle: A talk\npublish_at: 2099-12-05 11:30\n---\n"


@dataclass(frozen=True)
class Shows:
    """Two in a folder of all; the second has an owner who listens, and is the one that goes."""

    first: Place
    second: Place
    receiver: Receiver
    elsewhere: Path

    @property
    def key(self) -> str:
        return self.second.root.name

    def take_away(self) -> None:
        self.second.root.rename(self.elsewhere)

    def put_back(self) -> None:
        self.elsewhere.rename(self.second.root)


@pytest.fixture
def shows(show: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shows]:
    """Names of the test, as the server is everybody's."""
    monkeypatch.setattr("flows.joining._LOOK_EVERY_S", 0.2)
    monkeypatch.setattr("flows.leavers._REST_S", 0.5)
    monkeypatch.setenv("PILLARCAST_SHOW", str(tmp_path / "shows"))
    name = show.root.parent.name.replace("_", "-")
    monkeypatch.chdir(tmp_path)
    with webhook() as receiver:
        notify = f'[notify]\nurls = ["{receiver.url}"]\n'
        first, second = (Place(tmp_path / "shows" / f"{which}-{name}", more=notify) for which in ("one", "two"))
        yield Shows(first, second, receiver, tmp_path / "elsewhere")


def while_served(steps: Callable[[Round], None]) -> None:
    """As `flows.serving` does it; `steps` in a thread of their own."""

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(get_client())
            found = served()
            everyone = Round(client, Counter(client, Runner(), roll=roll_of(found)), stack)
            await everyone.begin(found)
            stop = asyncio.Event()
            serving = [asyncio.create_task(work) for work in (everyone.run(), wake_all(everyone.watches, stop))]
            doing = asyncio.create_task(asyncio.to_thread(steps, everyone))
            await asyncio.wait([*serving, doing], return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            for task in serving:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await doing

    asyncio.run(serve())


def resting(server: PrefectServer, key: str) -> list[str]:
    """Which flows of a show are paused."""
    flows = {one["id"]: one["name"] for one in server.ask("flows/filter")}
    found = server.ask("deployments/filter", deployments={"name": {"any_": [key]}})
    assert len(found) == 8
    return sorted(flows[one["flow_id"]] for one in found if one["paused"])


def waiting(server: PrefectServer, key: str) -> list[dict[str, Any]]:
    """Runs that would begin by themselves."""
    found = server.ask(
        "flow_runs/filter",
        deployments={"name": {"any_": [key]}},
        flows={"name": {"any_": ["weekly", "reminder"]}},
        flow_runs={"state": {"type": {"any_": ["SCHEDULED"]}}},
    )
    assert isinstance(found, list)
    return found


def test_its_schedules_rest_while_it_is_away_and_it_goes_on_when_it_is_back(
    server: PrefectServer, shows: Shows, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pillarcast.watching")
    first, key = shows.first.root.name, shows.key
    shows.second.drop("041-talk", OWN_HOUR)
    with shows.second.opened() as house:
        ingest_drop(house.studio, shows.second.episodes, "041-talk")

    def steps(everyone: Round) -> None:
        until(lambda: any("hour of its own" in run["tags"] for run in waiting(server, key)))
        shows.take_away()
        until(lambda: keys(everyone) == [first])
        until(lambda: everyone.counter.roll.lines[key].is_away)
        assert resting(server, key) == ["reminder", "weekly"]
        assert waiting(server, key) == []
        assert resting(server, first) == []
        shows.put_back()
        until(lambda: keys(everyone) == [first, key])
        assert resting(server, key) == []
        assert any("hour of its own" in run["tags"] for run in waiting(server, key))

    while_served(steps)
    assert shows.receiver.told == [("warning", f"{key} is served no more")]
    assert f"its folder {shows.second.root} was taken away" in shows.receiver.messages[0]["message"]
    assert "Put the folder back, and it goes on by itself." in shows.receiver.messages[0]["message"]
    assert caplog.text.count("was taken away") == 1
    assert "cannot be read" not in caplog.text
    assert f"{key}: is back, served from now on" in caplog.text


def test_one_that_went_while_nothing_ran_is_missed_at_the_start_and_told_once(
    server: PrefectServer, shows: Shows
) -> None:
    key = shows.key
    while_served(lambda _: None)
    shows.take_away()

    def steps(everyone: Round) -> None:
        until(lambda: everyone.counter.roll.lines[key].is_away)
        assert resting(server, key) == ["reminder", "weekly"]

    for _ in range(2):
        while_served(steps)
    assert shows.receiver.told == [("warning", f"{key} is served no more")]
    shows.put_back()
    while_served(lambda _: None)
    assert resting(server, key) == []


def test_a_disk_that_keeps_nothing_ends_no_other_show_and_it_is_told_once(server: PrefectServer, shows: Shows) -> None:
    first, key = shows.first.root.name, shows.key

    def steps(everyone: Round) -> None:
        path = everyone.counter.roll.path
        assert path
        (path.parent / "told.json").mkdir(parents=True)  # nothing can be written there
        shows.take_away()
        until(lambda: everyone.counter.roll.lines[key].is_away)
        time.sleep(1.0)
        assert keys(everyone) == [first]

    while_served(steps)
    assert shows.receiver.told == [("warning", f"{key} is served no more")]


def test_a_disk_that_is_away_and_a_missing_file_leave_all_as_it_is(
    server: PrefectServer, shows: Shows, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is not mounted leaves an empty folder behind."""
    monkeypatch.setattr("flows.changes._REST_S", 0.0)

    def steps(everyone: Round) -> None:
        shows.take_away()
        shows.second.root.mkdir()
        until(lambda: "drops wait" in caplog.text)
        time.sleep(1.0)
        assert len(everyone.watches) == 2
        assert resting(server, shows.key) == []

    while_served(steps)
    assert shows.receiver.told == []
