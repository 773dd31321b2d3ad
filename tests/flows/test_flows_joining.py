"""A show that comes while others are served: its deployments, its drops; one that is broken is in nobody's way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client
from prefect.runner import Runner

from flows.joining import Round
from flows.offering import Counter
from flows.shows import served, show_named
from pillarcast.errors import SettingsError
from tests.prefect_support.server import PrefectServer
from tests.show_support.place import Place

PATIENCE_S = 60.0


@pytest.fixture
def shows(show: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One is there, in a folder of all; names of the test, as the server is everybody's."""
    monkeypatch.setattr("flows.joining._LOOK_EVERY_S", 0.2)
    folder = tmp_path / "shows"
    Place(folder / f"first-{show.root.parent.name}".replace("_", "-"))
    monkeypatch.setenv("PILLARCAST_SHOW", str(folder))
    return folder


def while_served(steps: Callable[[Round], None]) -> None:
    """`steps` are done in a thread of their own while all shows are served."""

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            client = await stack.enter_async_context(get_client())
            everyone = Round(client, Counter(client, Runner()), stack)
            await everyone.begin(served())
            serving = asyncio.create_task(everyone.run())
            doing = asyncio.create_task(asyncio.to_thread(steps, everyone))
            await asyncio.wait([serving, doing], return_when=asyncio.FIRST_COMPLETED)
            serving.cancel()
            with suppress(asyncio.CancelledError):
                await serving
            await doing

    asyncio.run(serve())


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.1)


def keys(everyone: Round) -> list[str]:
    return [watch.served.show.key for watch in everyone.watches]


def test_a_new_folder_is_served_and_its_drops_are_taken(server: PrefectServer, shows: Path) -> None:
    name = f"second-{shows.parent.name}".replace("_", "-")

    def steps(everyone: Round) -> None:
        new = Place(shows / name)
        new.drop("041-talk")
        until(lambda: keys(everyone)[1:] == [name])
        assert server.look_up(f"deployments/name/weekly/{name}")["name"] == name
        wanted = {"deployments": {"name": {"any_": [name]}}, "flows": {"name": {"any_": ["ingest"]}}}
        until(lambda: len(server.ask("flow_runs/filter", **wanted)) == 1)

    while_served(steps)


def test_a_broken_one_is_said_once_and_is_in_nobodys_way(
    server: PrefectServer, shows: Path, caplog: pytest.LogCaptureFixture
) -> None:
    name = f"broken-{shows.parent.name}".replace("_", "-")
    (first,) = [show.key for show in served()]

    def steps(everyone: Round) -> None:
        new = Place(shows / name)
        (new.root / "show.toml").write_text("[show", "utf-8")
        until(lambda: f"{name}: show.toml: cannot be read" in caplog.text)
        time.sleep(1.0)
        assert caplog.text.count("Until then this new show is not served") == 1
        assert show_named(first).key == first
        new.write_show()
        until(lambda: keys(everyone) == [first, name])

    while_served(steps)


def test_a_broken_show_that_goes_by_its_title_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, broken = Place(tmp_path / "all" / "whole"), Place(tmp_path / "all" / "broken")
    (broken.root / "show.toml").write_text("[show", "utf-8")
    monkeypatch.setenv("PILLARCAST_SHOW", str(tmp_path / "all"))
    assert show_named("career-talk").file == whole.root / "show.toml"
    with pytest.raises(SettingsError, match="cannot be read"):
        show_named("who-knows")
