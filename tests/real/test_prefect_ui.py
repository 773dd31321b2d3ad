"""The UI as its owner uses it, in a real Chromium: log in, fill a form, approve, see it complete, open what it left."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from pillarcast.adapters.seaweed import SeaweedServer
from tests.bucket_support.slow_line import SlowLine, slow_line
from tests.prefect_support.up import Up, up
from tests.show_support.place import Place, s3_table
from tests.show_support.sound import long_speech, speech
from tests.site_support.browsing import chromium, needs_chromium

PICTURES = os.environ.get("UI_PICTURES", "")
"""A folder for the pictures of the docs, `docs/images`; without it they go where the test's files go."""
PATIENCE_MS = 90_000
PRESSES = 8
LISTED_MS = 20_000
SLOW_BYTES_PER_S, FAST_BYTES_PER_S = 8e6, 1e9
PASSWORD = "open sesame"
TITLE = "Social media for your career"
NOTES = f"---\ntitle: {TITLE}\nsummary: Ten people should know how you think.\n---\n\nBe **seen**.\n"

pytestmark = [
    pytest.mark.real,
    pytest.mark.prefect,
    pytest.mark.xdist_group("prefect"),
    pytest.mark.timeout(900),
    needs_chromium,
]


@pytest.fixture(scope="module")
def line(s3_server: SeaweedServer) -> Iterator[SlowLine]:
    """What goes up to the bucket passes it; what the public reads does not."""
    with slow_line(s3_server.place.endpoint, FAST_BYTES_PER_S) as opened:
        yield opened


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, s3_server: SeaweedServer, line: SlowLine) -> Iterator[Up]:
    bucket = s3_table(replace(s3_server.place, endpoint=line.url, prefix="ui"), f"{s3_server.public_url}/ui")
    place = Place(tmp_path_factory.mktemp("ui") / "show", bucket=bucket)
    place.drop("041-social-media", NOTES, seconds=8.0)
    with up(place.root, PILLARCAST_UI_PASSWORD=PASSWORD) as started:
        started.server.wait_for_end("ingest")
        yield started


@pytest.fixture(scope="module")
def page(running: Up) -> Iterator[Page]:
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE_MS)
        context.route("**/*", lambda route: _only_ours(route, running.server.url))
        opened = context.new_page()
        expect.set_options(timeout=PATIENCE_MS)
        _log_in(opened, running)
        yield opened


def _only_ours(route: Route, url: str) -> None:
    """The UI calls a host that counts its users."""
    if route.request.url.startswith((url, "data:", "blob:")):
        route.continue_()
    else:
        route.abort()


def _log_in(page: Page, running: Up) -> None:
    page.goto(f"{running.server.url}/v2/")
    field, button = page.get_by_placeholder("admin:pass"), page.get_by_role("button", name="Login")
    field.fill("pillarcast:wrong")
    button.click()
    expect(page.get_by_text("Invalid credentials")).to_be_visible()
    field.fill(f"pillarcast:{PASSWORD}")
    button.click()
    page.wait_for_url(re.compile("/v2/dashboard"))


@pytest.fixture
def picture(page: Page, tmp_path: Path) -> Picture:
    return Picture(page, Path(PICTURES or tmp_path))


class Picture:
    def __init__(self, page: Page, folder: Path) -> None:
        self._page, self._folder = page, folder

    def take(self, name: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._page.mouse.move(0, 0)
        self._page.wait_for_timeout(1000)  # what moves comes to rest
        self._page.screenshot(path=self._folder / f"ui-{name}.png")


def fill_form_of(page: Page, running: Up, flow: str) -> None:
    page.goto(f"{running.server.url}/v2/deployments")
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=flow, exact=True))
    row.get_by_role("link", name="career-talk", exact=True).first.click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Custom run").click()
    expect(page.get_by_role("button", name="Submit")).to_be_visible()


def submit(page: Page, running: Up) -> None:
    """Leads to the page of the run.

    By its address: the notice that links to it goes away by itself, on a busy machine before it can be clicked. A
    server whose database is locked says 503 and made no run, so that its owner presses again, as this does.
    """
    for _ in range(PRESSES):
        with page.expect_response(re.compile("/create_flow_run$")) as answered:
            page.get_by_role("button", name="Submit").click()
        if answered.value.status != HTTPStatus.SERVICE_UNAVAILABLE:
            break
    assert answered.value.ok, answered.value.text()
    page.goto(f"{running.server.url}/v2/runs/flow-run/{answered.value.json()['id']}")


def open_artifact(page: Page, name: str) -> Locator:
    """The main part of the artifact's page. Its list is asked for once: who misses it loads the page anew."""
    link = page.get_by_role("link", name=re.compile(re.escape(name))).first
    for _ in range(PRESSES):
        page.get_by_role("tab", name="Artifacts").click()
        with suppress(PlaywrightTimeout):
            link.wait_for(timeout=LISTED_MS)
            break
        page.reload()
    link.click()
    page.wait_for_url(re.compile("/artifact/"))
    return page.get_by_role("main")


def test_every_deployment_stands_there(page: Page, running: Up, picture: Picture) -> None:
    page.goto(f"{running.server.url}/v2/deployments")
    for flow in ("ingest", "publish", "weekly", "reminder", "verify", "queue", "retract", "import"):
        expect(page.get_by_role("link", name=flow, exact=True).first).to_be_visible()
    picture.take("deployments")


def test_a_publish_waits_for_a_yes_and_then_goes_on_air(page: Page, running: Up, picture: Picture) -> None:
    fill_form_of(page, running, "publish")
    page.get_by_label("Episode").fill("041-social-media")
    page.get_by_role("switch").nth(1).click()  # Ask me first
    expect(page.get_by_text("Empty publishes everything that is due.")).to_be_visible()
    picture.take("form")
    submit(page, running)

    expect(page.get_by_text("Paused").first).to_be_visible()
    assert running.server.runs("publish")[-1]["state_type"] == "PAUSED"
    page.get_by_role("button", name="Open menu").last.click()
    page.get_by_role("menuitem", name="Resume").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"“{TITLE}” goes on air.")).to_be_visible()
    picture.take("approval")
    dialog.get_by_role("button", name="Resume").click()
    expect(page.get_by_text("Completed").first).to_be_visible()

    (done,) = running.server.wait_for_end("publish")
    assert (done["name"], done["state_type"]) == (f"publish “{TITLE}”", "COMPLETED")
    page.reload()
    expect(page.get_by_text("Completed").first).to_be_visible()
    left = open_artifact(page, f"Live: “{TITLE}”")
    expect(left.get_by_role("link", name=re.compile("social-media-for-your-career$"))).to_be_visible()
    shown = left.get_by_role("img", name="Loudness before and after")
    expect(shown).to_be_visible()
    assert shown.evaluate("picture => picture.complete && picture.naturalWidth") > 0
    picture.take("artifact")


def test_the_plan_and_the_checks_are_tables_that_open(page: Page, running: Up, picture: Picture) -> None:
    fill_form_of(page, running, "verify")
    submit(page, running)
    expect(page.get_by_text("Completed").first).to_be_visible()
    page.reload()
    checks = open_artifact(page, "What was looked at from outside")
    expect(checks.get_by_role("cell", name="✓").first).to_be_visible()
    expect(checks.get_by_text("page answers with its player").first).to_be_visible()
    picture.take("checks")


def test_progress_moves_while_an_hour_goes_up_and_is_mastered(
    page: Page, running: Up, line: SlowLine, picture: Picture
) -> None:
    hour = long_speech(running.root / "an-hour.wav", minutes=60)
    line.bytes_per_s = SLOW_BYTES_PER_S
    hour.rename(running.root / "episodes" / "042-an-hour.wav")
    up = look_at_progress(page, running, picture, "upload", "042-an-hour.wav")
    line.bytes_per_s = FAST_BYTES_PER_S
    mastered = look_at_progress(page, running, picture, "master", "042-an-hour mp3")
    assert mastered["flow_run_id"] == up["flow_run_id"]
    (ended,) = [run for run in running.server.wait_for_end("ingest", count=2) if run["id"] == up["flow_run_id"]]
    assert ended["state_type"] == "COMPLETED"
    left = running.server.artifacts(ended["id"])["progress"]
    assert set(left) == {100}


def look_at_progress(page: Page, running: Up, picture: Picture, verb: str, of_what: str) -> dict[str, Any]:
    """In the run's tab of artifacts, and on a page of its own; it moved meanwhile."""
    what = f"{verb} {of_what}"
    first = under_way(running, what, after=0.0)
    page.goto(f"{running.server.url}/v2/runs/flow-run/{first['flow_run_id']}?tab=Artifacts")
    link = page.get_by_role("link", name=what)
    expect(link).to_be_visible()
    picture.take(f"progress-{verb}-run")
    link.click()
    page.wait_for_url(re.compile("/artifact/"))
    expect(page.get_by_text(re.compile(r"^Progress: \d+(\.\d)?%$"))).to_be_visible()
    picture.take(f"progress-{verb}")
    return under_way(running, what, after=first["data"])


def under_way(running: Up, what: str, after: float) -> dict[str, Any]:
    """The artifact of its progress, once that is above `after` percent; it may not be done by then."""
    wanted = {"type": {"any_": ["progress"]}}
    until = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < until:
        for artifact in running.server.ask("artifacts/filter", artifacts=wanted):
            if artifact["description"] == what and artifact["data"] > after:
                assert artifact["data"] < 100
                return dict(artifact)
        time.sleep(0.2)
    raise AssertionError(f"{what}: no progress above {after} %")


def test_the_queue_is_seen_and_put_in_another_order(page: Page, running: Up, picture: Picture) -> None:
    ended = len(running.server.wait_for_end("ingest"))
    for number, seconds in ((51, 4.0), (52, 5.0)):
        speech(running.root / "episodes" / f"0{number}-of-two.wav", seconds)
    running.server.wait_for_end("ingest", count=ended + 2)
    fill_form_of(page, running, "queue")
    page.get_by_label("Episode").fill("052-of-two")
    page.get_by_label("Position").fill("1")
    picture.take("queue-form")
    submit(page, running)
    expect(page.get_by_text("Completed").first).to_be_visible()
    page.reload()
    seen = open_artifact(page, "The queue")
    expect(seen.get_by_role("row").nth(1).get_by_text("052-of-two")).to_be_visible()
    picture.take("queue")


def test_a_form_that_is_not_complete_says_what_it_wants(page: Page, running: Up) -> None:
    fill_form_of(page, running, "retract")
    before = len(running.server.runs("retract", begun=False))
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text(re.compile("required|too short|non-empty", re.IGNORECASE)).first).to_be_visible()
    assert len(running.server.runs("retract", begun=False)) == before


def test_a_refusal_stands_in_the_list_of_runs_in_plain_words(page: Page, running: Up) -> None:
    fill_form_of(page, running, "publish")
    page.get_by_label("Episode").fill("no-such-episode")
    submit(page, running)
    expect(page.get_by_text("Failed").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("no episode goes by that name").first).to_be_visible()
