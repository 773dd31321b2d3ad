"""A show.toml that is edited while it is served: the schedules follow, what is broken is said once, others are left."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import get_client
from prefect.runner import Runner

from flows.changes import ShowFile
from flows.offering import Counter
from flows.renewing import OpenShow
from flows.shows import served
from tests.prefect_support.server import PrefectServer
from tests.show_support.place import Place


@pytest.fixture
def shows(show: Place, monkeypatch: pytest.MonkeyPatch) -> list[Place]:
    """Two of them, listed as in PATH, so that they go by their titles."""
    monkeypatch.setattr("flows.changes._REST_S", 0.0)
    name = show.root.parent.name.replace("_", "-")
    both = [Place(show.root.parent / folder) for folder in ("one", "two")]
    for place in both:
        edit(place, "Career Talk", f"{name} {place.root.name}")
    monkeypatch.setenv("PILLARCAST_SHOW", os.pathsep.join(str(place.root / "show.toml") for place in both))
    return both


def edit(place: Place, old: str, new: str) -> None:
    file = place.root / "show.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def serving(work: Callable[[list[OpenShow]], Awaitable[None]]) -> None:
    async def serve() -> None:
        async with get_client() as client:
            counter = Counter(client, Runner())
            opened = [OpenShow(show, counter) for show in served()]
            for show in opened:
                await show.begin()
            await work(opened)
            for show in opened:
                show.close()

    asyncio.run(serve())


async def look(opened: list[OpenShow]) -> None:
    for show in opened:
        await show.renew()


def crons(server: PrefectServer, key: str) -> list[str]:
    deployments: list[dict[str, Any]] = [
        server.look_up(f"deployments/name/{flow}/{key}") for flow in ("weekly", "reminder")
    ]
    return [one["schedules"][0]["schedule"]["cron"] for one in deployments]


def named(server: PrefectServer, key: str) -> list[str]:
    return sorted(one["updated"] for one in server.ask("deployments/filter", deployments={"name": {"any_": [key]}}))


def test_the_schedules_follow_and_other_shows_are_left_alone(server: PrefectServer, shows: list[Place]) -> None:
    async def work(opened: list[OpenShow]) -> None:
        one, two = (show.show.key for show in opened)
        before = named(server, one), named(server, two)
        await look(opened)
        assert (named(server, one), named(server, two)) == before, "nothing has changed"
        edit(shows[0], "Thursday 06:00", "Friday 07:30")
        await look(opened)
        assert crons(server, one) == ["30 7 * * FRI", "30 7 * * THU"]
        assert opened[0].house.studio.show.schedule.hour.hour == 7
        assert named(server, two) == before[1]

    serving(work)


def test_what_is_broken_is_said_once_and_the_old_hour_holds_until_it_is_whole(
    server: PrefectServer, shows: list[Place], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "pillarcast.watching")

    async def work(opened: list[OpenShow]) -> None:
        edit(shows[0], 'every = "Thursday 06:00"', 'every = "Thursday 6 o\'clock"\nskipp = 1')
        for _ in range(3):
            await look(opened)
        (line,) = [record.getMessage() for record in caplog.records]
        assert line.startswith(f"{opened[0].show.key}: show.toml: ")
        assert "every" in line
        assert "skipp" in line
        assert "\n" not in line
        assert opened[0].is_broken
        assert crons(server, opened[0].show.key) == ["0 6 * * THU", "0 6 * * WED"]
        edit(shows[0], 'every = "Thursday 6 o\'clock"\nskipp = 1', 'every = "Friday 06:00"')
        await look(opened)
        assert not opened[0].is_broken
        assert crons(server, opened[0].show.key) == ["0 6 * * FRI", "0 6 * * THU"]

    serving(work)


def test_a_show_that_is_called_otherwise_airs_by_its_new_name_alone(server: PrefectServer, shows: list[Place]) -> None:
    async def work(opened: list[OpenShow]) -> None:
        before = opened[0].show.key
        edit(shows[0], " one", " called otherwise")
        await look(opened)
        assert opened[0].show.key.endswith("called-otherwise")
        assert len(named(server, opened[0].show.key)) == 8
        assert named(server, before) == []

    serving(work)


def test_a_name_that_one_show_gives_up_and_another_takes_keeps_its_deployments(
    server: PrefectServer, shows: list[Place]
) -> None:
    async def work(opened: list[OpenShow]) -> None:
        freed = opened[1].show.key
        edit(shows[1], " two", " three")
        edit(shows[0], " one", " two")
        for _ in range(2):
            await look(opened)
        assert opened[0].show.key == freed
        assert not any(show.is_broken for show in opened)
        assert [len(named(server, show.show.key)) for show in opened] == [8, 8]

    serving(work)


def test_a_broken_file_of_another_show_keeps_no_edit_back(server: PrefectServer, shows: list[Place]) -> None:
    async def work(opened: list[OpenShow]) -> None:
        edit(shows[1], "Thursday 06:00", "Thursday 6 o'clock")
        edit(shows[0], "Thursday 06:00", "Friday 07:30")
        await look(opened)
        assert crons(server, opened[0].show.key) == ["30 7 * * FRI", "30 7 * * THU"]
        assert [show.is_broken for show in opened] == [False, True]

    serving(work)


def test_a_file_that_is_being_written_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.changes._REST_S", 60.0)
    file = ShowFile(tmp_path / "show.toml")
    (tmp_path / "show.toml").write_text("[show")
    assert not file.has_changed()
    monkeypatch.setattr("flows.changes._REST_S", 0.0)
    assert [file.has_changed(), file.has_changed()] == [True, False]
