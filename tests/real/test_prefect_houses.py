"""Two shows with one installation, behind a password: who may look, what is open to the network, who waits for whom."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from pillarcast.wiring import open_house
from tests.prefect_support.server import PrefectServer
from tests.prefect_support.up import Up, up, wait_for
from tests.show_support.place import Place

pytestmark = [pytest.mark.real, pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(900)]
PASSWORD = "open sesame"
SHOWS = ("careers", "law")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("desk")
    for key in SHOWS:
        place = Place(root / "shows" / key)
        show = place.root / "show.toml"
        show.write_text(show.read_text("utf-8").replace("Career Talk", f"All about {key}"), "utf-8")
        place.drop(f"041-of-{key}", seed=len(key))
    return root


@pytest.fixture(scope="module")
def running(desk: Path) -> Iterator[Up]:
    with up(desk, PILLARCAST_UI_PASSWORD=PASSWORD) as started:
        yield started


def test_who_has_no_password_can_neither_look_nor_start_anything(running: Up) -> None:
    for login in ("", "pillarcast:wrong", "admin:open sesame"):
        stranger = PrefectServer(running.server.port, {}, login)
        with pytest.raises(requests.HTTPError, match="401"):
            stranger.runs()
        with pytest.raises(requests.HTTPError, match="401"):
            stranger.start_run("publish", "law")
    assert PASSWORD not in running.said
    assert PASSWORD not in running.log


def test_only_this_machine_can_reach_it(running: Up) -> None:
    listening = {
        connection.laddr.ip
        for process in (psutil.Process(running.process.pid), *running.family())
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {"127.0.0.1"}


def test_each_drop_goes_to_its_own_show(running: Up, desk: Path) -> None:
    runs = running.server.wait_for_end("ingest", 2)
    assert sorted(run["name"] for run in runs) == ["ingest “Of careers”", "ingest “Of law”"]
    for key in SHOWS:
        with open_house(desk / "shows" / key / "show.toml") as house:
            assert [entry.source for entry in house.studio.store.load().catalogue.entries] == [f"041-of-{key}"]


def test_a_show_that_comes_later_is_served_without_a_restart(running: Up, desk: Path) -> None:
    place = Place(desk / "shows" / "health")
    place.drop("041-of-health", seed=9)
    until = time.monotonic() + 120
    while "health: a new show, served from now on." not in running.said:
        assert time.monotonic() < until, running.said
        time.sleep(0.5)
    running.server.wait_for_end("ingest", 3)
    published = running.server.start_run("publish", "health", episode="41")
    assert _end_of(running.server, published) == "COMPLETED", running.server.logs(published)


def test_publishes_of_one_show_wait_for_each_other_and_another_shows_do_not(running: Up) -> None:
    server = running.server
    slot = {"names": ["pillarcast-careers"], "slots": 1, "mode": "concurrency"}
    server.ask("v2/concurrency_limits/increment", **slot)  # somebody publishes careers
    waiting = server.start_run("publish", "careers", episode="41")
    free = server.start_run("publish", "law", episode="41")
    assert _end_of(server, free) == "COMPLETED", server.logs(free)
    _wait_for_begin(server, waiting)
    wait_for(lambda: "Waits for another publish of this show" in server.logs(waiting))
    assert server.look_up(f"flow_runs/{waiting}")["state_type"] == "RUNNING"
    server.ask("v2/concurrency_limits/decrement", names=slot["names"], slots=1, occupancy_seconds=1)
    assert _end_of(server, waiting) == "COMPLETED", server.logs(waiting)
    assert server.look_up(f"flow_runs/{waiting}")["name"] == "publish “Of careers”"


def _end_of(server: PrefectServer, run_id: str) -> str:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        run = server.look_up(f"flow_runs/{run_id}")
        if run["end_time"]:
            return str(run["state_type"])
        time.sleep(0.5)
    raise AssertionError(run["name"])


def _wait_for_begin(server: PrefectServer, run_id: str) -> None:
    until = time.monotonic() + 120
    while server.look_up(f"flow_runs/{run_id}")["state_type"] not in ("RUNNING", "COMPLETED"):
        assert time.monotonic() < until
        time.sleep(0.5)
