"""`pillarcast up` in bad weather: a server that hangs or dies, a refusal that is mended, an hour slept through."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from tests.prefect_support.up import Up, up
from tests.show_support.place import SHOW, Place

pytestmark = [pytest.mark.real, pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(1200)]
QUIET_S = 8.0
"""So long nothing may happen where nothing should: more than two looks of whoever takes runs."""
OVERDUE = timedelta(minutes=3, seconds=15)
"""After so long, whoever serves the show asks for a run as well."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "show")


def wait_for(what: Callable[[], object], seconds: float = 180.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.2)


def server_of(running: Up) -> psutil.Process:
    (found,) = (process for process in running.family() if "flows.server" in " ".join(process.cmdline()))
    return found


def taken(place: Place) -> list[str]:
    with place.opened() as house:
        return sorted(entry.source for entry in house.studio.store.load().catalogue.entries if entry.master)


def ingests(running: Up) -> list[tuple[str, str]]:
    return [(run["name"], run["state_type"]) for run in running.server.runs("ingest", begun=False)]


def test_a_drop_waits_for_a_server_that_hangs_and_for_one_that_died(place: Place) -> None:
    with up(place.root) as running:
        server = server_of(running)
        server.suspend()
        place.drop("041-hanging", seed=1)
        time.sleep(QUIET_S)
        assert taken(place) == []
        server.resume()
        running.server.wait_for_end("ingest")
        time.sleep(QUIET_S)
        assert ingests(running) == [("ingest “Hanging”", "COMPLETED")]

        server.kill()
        place.drop("042-dead", seed=2)
        wait_for(lambda: "Prefect server: ended by itself. Its log tells why:" in running.said)
        wait_for(lambda: "Ready. Drop a recording" in running.said.partition("ended by itself")[2])
        running.server.wait_for_end("ingest", 2)
        time.sleep(QUIET_S)
        assert ingests(running) == [("ingest “Hanging”", "COMPLETED"), ("ingest “Dead”", "COMPLETED")]
        assert taken(place) == ["041-hanging", "042-dead"]

        server_of(running).kill()
        assert running.process.wait(60) != 0


def test_a_refused_drop_that_is_mended_is_taken_and_waits_for_nobody_any_more(place: Place) -> None:
    (place.episodes / "041-broken.wav").write_bytes(b"RIFF" + bytes(4000))
    with up(place.root) as running:
        assert running.server.wait_for_end("ingest")[0]["state_type"] == "FAILED"
        code, said = status(place)
        assert code == 3
        assert "041-broken.wav" in said.partition("Waits for you")[2]
        place.drop("041-broken")
        states = [run["state_type"] for run in running.server.wait_for_end("ingest", 2)]
        assert states == ["FAILED", "COMPLETED"]
        code, said = status(place)
    assert code == 0
    assert "Waits for you" not in said
    assert taken(place) == ["041-broken"]


def test_a_refusal_goes_with_its_file(place: Place) -> None:
    broken = place.episodes / "041-broken.wav"
    broken.write_bytes(b"RIFF" + bytes(4000))
    with up(place.root) as running:
        assert running.server.wait_for_end("ingest")[0]["state_type"] == "FAILED"
        assert status(place)[0] == 3
        broken.unlink()
        until = time.monotonic() + 180
        while (seen := status(place))[0] and time.monotonic() < until:
            time.sleep(2)
    assert seen[0] == 0
    assert "Waits for you" not in seen[1]


def status(place: Place) -> tuple[int, str]:
    asked = [sys.executable, "-m", "pillarcast.cli", "status"]
    done = subprocess.run(asked, cwd=place.root, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout


def test_the_history_of_runs_may_be_deleted_while_nothing_runs(place: Place) -> None:
    place.drop("041-kept")
    with up(place.root) as running:
        running.server.wait_for_end("ingest")
    shutil.rmtree(place.root / ".pillarcast" / "prefect")
    with up(place.root) as again:
        (run,) = again.server.wait_for_end("ingest")
        assert run["state"]["message"] == "Nothing new: “Kept” is here already."
        wait_for(lambda: planned(again))
    assert taken(place) == ["041-kept"]


def test_an_hour_that_was_slept_through_is_made_up_for_once(place: Place) -> None:
    slot = (datetime.now(UTC) + timedelta(seconds=150)).replace(second=0, microsecond=0)
    airs = f'every = "{slot:%A %H:%M}"\nzone = "UTC"\n'
    about = SHOW.partition("[schedule]")[0] + f"[schedule]\n{airs}"
    (place.root / "show.toml").write_text(about + place.bucket, "utf-8")
    place.drop("041-missed")
    with up(place.root) as running:
        running.server.wait_for_end("ingest")
        wait_for(lambda: slot in planned(running))
    assert datetime.now(UTC) < slot, "the machine was too slow for this test"
    time.sleep((slot + OVERDUE - datetime.now(UTC)).total_seconds())

    with up(place.root) as again:
        again.server.wait_for_end("weekly")
        time.sleep(70)  # who serves the show has looked once more for what is overdue
        weekly = again.server.runs("weekly")
        assert [run["state_type"] for run in weekly] == ["COMPLETED"]
        assert weekly[0]["state"]["message"] == "Live: “Missed”."
        with place.opened() as house:
            (entry,) = house.studio.store.load().catalogue.live
            feed = house.studio.bucket.fetch("public/feed.xml")
    assert entry.published_at == slot
    assert feed is not None
    assert feed[0].count(b"<item>") == 1


def planned(running: Up) -> list[datetime]:
    return [datetime.fromisoformat(run["expected_start_time"]) for run in running.server.runs("weekly", begun=False)]
