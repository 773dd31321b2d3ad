"""A machine dies in the middle of a publish: its run is seen and said, and the next one airs the episode, unaided."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from pillarcast.adapters.s3_place import connect
from pillarcast.adapters.seaweed import SeaweedServer
from tests.bucket_support.front import Visit, front
from tests.prefect_support.mailing import Receiver, webhook
from tests.prefect_support.server import PrefectServer, prefect_server
from tests.show_support.place import Place, s3_table
from tests.testbeds.place import process

pytestmark = [pytest.mark.real, pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(1200)]
POOL = "desk"
PATIENCE_S = 420.0
"""A hundred seconds of silence, a minute until somebody looks, and a run."""


@dataclass
class Trap:
    """Pulls the plug of `machine` when it is about to write the feed: audio and pages are public by then."""

    machine: psutil.Process | None = None
    sprung: list[str] = field(default_factory=list)

    def __call__(self, visit: Visit) -> bool:
        if self.machine is None or visit.command != "PUT" or not visit.path.partition("?")[0].endswith("/feed.xml"):
            return False
        dying, self.machine = self.machine, None
        self.sprung.append(visit.path)
        for one in (dying, *dying.children(recursive=True)):
            one.kill()
        return visit.break_off()


@dataclass
class Desk:
    """A Prefect server, who serves the show for the workers of a pool, and what the public has."""

    folder: Path
    server: PrefectServer
    place: Place
    feed: str
    media: Callable[[], list[str]]

    @property
    def environment(self) -> dict[str, str]:
        mine = {"PILLARCAST_SHOW": str(self.place.root / "show.toml"), "PILLARCAST_SETTLE_S": "0.5"}
        return os.environ | self.server.environment | mine

    @contextmanager
    def worker(self, name: str) -> Iterator[psutil.Process]:
        command = (sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--name", name)
        with process(*command, log=self.folder / f"{name}.log", env=self.environment) as started:
            yield psutil.Process(started.pid)

    def run(self, run_id: str) -> dict[str, Any]:
        found = self.server.look_up(f"flow_runs/{run_id}")
        assert isinstance(found, dict)
        return found

    def items(self) -> int:
        return requests.get(self.feed, timeout=30).text.count("<item>")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook() as running:
        yield running


@pytest.fixture
def trap() -> Trap:
    return Trap()


@pytest.fixture
def desk(tmp_path: Path, s3_server: SeaweedServer, receiver: Receiver, trap: Trap) -> Iterator[Desk]:
    notify = f'[notify]\nurls = ["{receiver.url}"]\non = ["failure"]\n'
    real = replace(s3_server.place, prefix="zombie")
    public = f"{s3_server.public_url}/zombie"

    def media() -> list[str]:
        listed = connect(real).list_objects_v2(Bucket=real.bucket, Prefix="public/zombie/media/")
        return [entry["Key"] for entry in listed.get("Contents", ()) if entry["Key"].endswith(".mp3")]

    with ExitStack() as stack:
        endpoint, _ = stack.enter_context(front(real.endpoint, trap))
        server = stack.enter_context(prefect_server(tmp_path / "prefect"))
        place = Place(tmp_path / "show", s3_table(replace(real, endpoint=endpoint), public), more=notify)
        ready = Desk(tmp_path, server, place, f"{public}/feed.xml", media)
        create = [sys.executable, "-m", "prefect", "work-pool", "create", POOL, "--type", "process"]
        subprocess.run(create, env=ready.environment, check=True, capture_output=True, timeout=120)
        serve = (sys.executable, "-m", "pillarcast.cli", "serve", "--pool", POOL)
        stack.enter_context(process(*serve, log=tmp_path / "serve.log", env=ready.environment))
        yield ready


def wait_for(what: Callable[[], object], what_for: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < until, what_for
        time.sleep(0.5)


def test_the_next_run_does_what_a_dead_one_left_and_its_owner_is_told(
    desk: Desk, receiver: Receiver, trap: Trap
) -> None:
    server = desk.server
    with desk.worker("first") as first:
        desk.place.drop("041-a", "---\ntitle: A\n---\n\nWords.\n")
        server.wait_for_end("ingest")
        trap.machine = first
        zombie = server.start_run("publish", "career-talk", episode="041-a")
        wait_for(lambda: trap.sprung, "the publish came to its feed")
    assert desk.run(zombie)["state_type"] == "RUNNING"  # so Prefect believes
    assert (desk.items(), len(desk.media())) == (0, 1)

    with desk.worker("second"):
        wait_for(lambda: desk.run(zombie)["state_type"] == "CRASHED", "the silent run was called crashed")
        assert "No heartbeat for 100 seconds" in desk.run(zombie)["state"]["message"]
        wait_for(lambda: receiver.messages, "somebody was told")
        made_up = server.wait_for_end("weekly")
    assert [run["state_type"] for run in made_up] == ["COMPLETED"]
    assert "overdue" in made_up[0]["tags"]
    assert (desk.items(), len(desk.media())) == (1, 1)
    assert receiver.told == [("failure", "publish “A” was cut off")]
    assert "Nothing to do while pillarcast runs" in receiver.messages[0]["message"]
