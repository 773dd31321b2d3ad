"""`pillarcast up` as its owner uses it: drops, edits, refusals, an hour that notes name, a second start, every end."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from tests.prefect_support.up import Up, up, wait_for
from tests.show_support.place import Place

pytestmark = [pytest.mark.real, pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(900)]
NOTES = "---\ntitle: Social media\n---\n\nGive **credit**.\n"
QUIET_S = 4.0
"""So long nothing may happen where nothing should."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("up") / "show")


@pytest.fixture(scope="module")
def running(place: Place) -> Iterator[Up]:
    with up(place.root) as started:
        yield started


def ingests(running: Up) -> list[tuple[str, str]]:
    return [(run["name"], run["state_type"]) for run in running.server.runs("ingest")]


def test_a_drop_gets_one_run_however_it_is_moved_and_touched(running: Up, place: Place) -> None:
    place.drop("041-social-media", NOTES)
    running.server.wait_for_end("ingest")
    recording = place.episodes / "041-social-media.wav"
    recording.touch()
    recording.rename(place.episodes / "041-renamed.wav")
    (place.episodes / "041-social-media.md").rename(place.episodes / "041-renamed.md")
    time.sleep(QUIET_S)
    assert ingests(running) == [("ingest “Social media”", "COMPLETED")]
    with place.opened() as house:
        (entry,) = house.studio.store.load().catalogue.queue
        assert entry.master is not None


def test_edited_notes_get_a_run_that_takes_the_words_only(running: Up, place: Place) -> None:
    with place.opened() as house:
        (before,) = house.studio.store.load().catalogue.entries
    (place.episodes / "041-renamed.md").write_text(NOTES.replace("Social media", "Social media, again"), "utf-8")
    assert running.server.wait_for_end("ingest", 2)[-1]["name"] == "ingest “Social media, again”"
    with place.opened() as house:
        (after,) = house.studio.store.load().catalogue.entries
    assert after.guid == before.guid
    assert after.recording == before.recording
    assert (after.episode.title, after.source) == ("Social media, again", "041-renamed")


def test_a_refused_file_is_a_failed_run_and_stays_in_the_status(running: Up, place: Place) -> None:
    (place.episodes / "042-broken.wav").write_bytes(b"RIFF" + bytes(4000))
    refused = running.server.wait_for_end("ingest", 3)[-1]
    assert refused["state_type"] == "FAILED"
    assert refused["state"]["message"].startswith("042-broken.wav: ")
    with place.opened() as house:
        assert [refusal.source for refusal in house.studio.store.load().catalogue.refusals] == ["042-broken"]
    time.sleep(QUIET_S)
    assert len(ingests(running)) == 3  # it is not tried again and again


def test_an_episode_airs_at_the_hour_that_its_notes_name(running: Up, place: Place) -> None:
    airs_at = datetime.now(UTC) + timedelta(seconds=75)
    place.drop("043-at-its-hour", f"---\ntitle: At its hour\npublish_at: {airs_at.isoformat()}\n---\n\nNow.\n", seed=3)
    running.server.wait_for_end("ingest", 4)
    assert datetime.now(UTC) < airs_at, "the machine was too slow for this test"
    weekly = running.server.wait_for_end("weekly")[-1]
    assert weekly["state"]["message"] == "Live: “At its hour”."
    with place.opened() as house:
        (entry,) = house.studio.store.load().catalogue.live
    assert entry.published_at == airs_at
    assert datetime.fromisoformat(weekly["start_time"]) >= airs_at


def test_scheduled_runs_stand_in_the_calendar(running: Up) -> None:
    """Prefect's scheduler works, and at our hour."""
    wait_for(lambda: bool(_planned(running, "weekly")) and bool(_planned(running, "reminder")))
    assert {moment.strftime("%A") for moment in _planned(running, "weekly")} == {"Thursday"}
    assert {moment.strftime("%A") for moment in _planned(running, "reminder")} == {"Wednesday"}


def _planned(running: Up, flow: str) -> list[datetime]:
    runs = running.server.runs(flow, begun=False)
    return [datetime.fromisoformat(run["expected_start_time"]) for run in runs if run["state_type"] == "SCHEDULED"]


def test_a_second_one_says_that_one_runs_already(running: Up, place: Place) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "pillarcast.cli", "up"], cwd=place.root, capture_output=True, text=True, timeout=120
    )
    assert second.returncode == 4
    assert f"runs already here ({running.server.url})" in second.stderr


def test_ctrl_c_leaves_nothing_behind(running: Up, place: Place) -> None:
    family = running.family()
    assert len(family) >= 2
    assert running.end(signal.SIGINT) == 0
    assert "Nothing is left running." in running.said
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive


def test_what_was_dropped_meanwhile_is_taken_and_nothing_else_is_done_again(running: Up, place: Place) -> None:
    assert running.process.poll() is not None
    place.drop("044-meanwhile", seed=4)
    with up(place.root) as again:
        again.server.wait_for_end("ingest", 5)
        time.sleep(QUIET_S)
        names = [name for name, _ in ingests(again)]
        assert names[4:] == ["ingest “Meanwhile”"]
        told = [line for line in again.said.splitlines() if " ingest “" in line]
        assert len(told) == 1, "what an earlier one told is not told again"
        assert "“Meanwhile”" in told[0]


def test_when_it_is_killed_everything_dies_and_the_run_is_done_by_the_next_start(tmp_path: Path) -> None:
    place = Place(tmp_path / "show")
    place.drop("041-long", seconds=240.0)
    with up(place.root) as killed:
        wait_for(lambda: bool(_flow_processes(killed)))
        family = killed.family()
        killed.process.kill()
        _, alive = psutil.wait_procs(family, timeout=30)
        assert not alive, alive
    with up(place.root) as again:
        states = [run["state_type"] for run in again.server.wait_for_end("ingest", 2)]
        assert states == ["CRASHED", "COMPLETED"]
        shutil.rmtree(place.root / ".pillarcast" / "files", ignore_errors=True)
    with place.opened() as house:
        (entry,) = house.studio.store.load().catalogue.queue
        assert entry.master is not None


def test_a_publish_that_was_killed_holds_up_none_of_the_next_start(tmp_path: Path) -> None:
    """Prefect knows who holds a show's place only while its server lives; the place itself stands in its database."""
    place = Place(tmp_path / "show")
    place.drop("041-talk")
    with up(place.root) as killed:
        killed.server.wait_for_end("ingest", 1)
        taken = {"names": ["pillarcast-career-talk"], "slots": 1, "mode": "concurrency"}
        killed.server.ask("v2/concurrency_limits/increment", **taken)
        waiting = killed.server.start_run("publish", "career-talk", episode="41")
        wait_for(lambda: killed.server.look_up(f"flow_runs/{waiting}")["state_type"] == "RUNNING")
        family = killed.family()
        killed.process.kill()
        psutil.wait_procs(family, timeout=30)
    with up(place.root) as again:
        again.server.start_run("publish", "career-talk", episode="41")
        states = [run["state_type"] for run in again.server.wait_for_end("publish", 2)]
        assert states == ["CRASHED", "COMPLETED"]


def _flow_processes(running: Up) -> list[psutil.Process]:
    return [process for process in running.family() if "prefect.engine" in " ".join(process.cmdline())]
