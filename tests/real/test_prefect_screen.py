"""What `up` says while it runs, and what is left of it; started as a script does with `&`, which ignores SIGINT."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import expect

from tests.prefect_support.up import Up, up, wait_for
from tests.show_support.place import Place
from tests.site_support.browsing import chromium, needs_chromium

pytestmark = [pytest.mark.real, pytest.mark.prefect, pytest.mark.xdist_group("prefect"), pytest.mark.timeout(900)]
EMBEDDED = '[bucket]\nkind = "embedded"\n'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("screen") / "show", bucket=EMBEDDED)


@pytest.fixture(scope="module")
def running(place: Place) -> Iterator[Up]:
    with up(place.root, is_in_background=True) as started:
        yield started


def status(place: Place) -> str:
    words = [sys.executable, "-m", "pillarcast.cli", "status"]
    return subprocess.run(words, cwd=place.root, capture_output=True, text=True, timeout=120).stdout


def ours(folder: Path) -> list[str]:
    """Every process of this machine that works in or for the show's folder."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and str(folder) in f"{process.cwd()} {process.cmdline()}":
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found


def test_a_changed_hour_is_noticed_and_a_broken_file_is_said_once(running: Up, place: Place) -> None:
    file = place.root / "show.toml"
    text = file.read_text("utf-8")

    def crons() -> list[str]:
        found = [running.server.look_up(f"deployments/name/{flow}/career-talk") for flow in ("weekly", "reminder")]
        return [one["schedules"][0]["schedule"]["cron"] for one in found]

    file.write_text(text.replace("Thursday 06:00", "Friday 07:30"), "utf-8")
    wait_for(lambda: crons() == ["30 7 * * FRI", "30 7 * * THU"], 30)
    wait_for(lambda: "show.toml has changed and holds. Next slot: Friday, " in running.said, 10)
    file.write_text(text.replace("Thursday 06:00", "Thursday at six"), "utf-8")
    wait_for(lambda: "Until then, what it said before holds" in running.log, 30)
    time.sleep(5)
    for said in (running.said, running.log):
        assert said.count("Until then, what it said before holds") == 1
    assert crons() == ["30 7 * * FRI", "30 7 * * THU"]
    file.write_text(text, "utf-8")
    wait_for(lambda: crons() == ["0 6 * * THU", "0 6 * * WED"], 30)


def test_a_question_is_announced_on_the_screen_and_by_status(running: Up, place: Place) -> None:
    place.drop("041-a", "---\ntitle: Social media\n---\n\nGive credit.\n")
    running.server.wait_for_end("ingest")
    run_id = running.server.start_run("publish", "career-talk", episode="41", has_approval=True)
    where = f"waits for your yes: open {running.server.url}/v2/runs/flow-run/{run_id} and press Resume"
    wait_for(lambda: f"? publish “Social media”  {where}" in running.said)
    said = status(place)
    assert where in said
    assert "does not run here" not in said
    running.server.ask(f"flow_runs/{run_id}/resume", run_input={"is_approved": True})
    assert running.server.wait_for_end("publish")[0]["state_type"] == "COMPLETED"
    assert "waits for your yes" not in status(place)


@needs_chromium
def test_the_ui_speaks_to_its_own_server_alone(running: Up) -> None:
    url, strangers = running.server.url, []
    with chromium() as browser:
        page = browser.new_page()
        page.on("response", lambda response: strangers.append(response.url))
        page.on("requestfailed", lambda request: strangers.append(f"{request.url} {request.failure}"))
        page.goto(f"{url}/v2/dashboard")
        expect(page.get_by_text("Flow Runs").first).to_be_visible(timeout=60_000)
        page.wait_for_timeout(3000)
    assert [stranger for stranger in strangers if not stranger.startswith(url) and "csp" not in stranger] == []


def test_sigint_stops_all_of_it_in_the_middle_of_a_run(running: Up, place: Place) -> None:
    place.drop("042-long", seconds=240.0, seed=2)
    wait_for(lambda: any("prefect.engine" in line for line in ours(place.root)))
    assert running.end(signal.SIGINT) == 0
    assert ours(place.root) == []
    assert running.said.rstrip().endswith("Stopping …\nStopped. Nothing is left running.")
    assert running.said.count("Ready.") == 1
    said = status(place)
    assert said.rstrip().endswith("nothing airs by itself, and site and feed are off.")
    assert ours(place.root) == [], "status has ended what it started"
