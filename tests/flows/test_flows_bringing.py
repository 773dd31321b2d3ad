"""A run that dies between publishing and looking: the next run of any kind looks at what it left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from flows.desk import Body
from flows.ingest import ingest, take_drops
from flows.orders import IngestOrder, PublishOrder, QueueOrder, RetractOrder
from flows.publish import _publish, publish
from flows.queue import _queue
from flows.retract import _retract
from flows.weekly import _weekly, weekly
from pillarcast.model.catalogue import Refusal
from pillarcast.model.wanted import Step
from pillarcast.pipeline.intending import Touched
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import Publication, begin
from pillarcast.wiring import House
from tests.prefect_support.running import run
from tests.prefect_support.server import PrefectServer
from tests.prefect_support.stepping import at, take
from tests.show_support.place import MONDAY, Place, ingest_drop

NAME = "041-social-media"
PAGE = "public/episodes/social-media"
DIES = """
import asyncio, os, signal
import flows.bringing
from flows.orders import PublishOrder
from flows.publish import publish
flows.bringing.verify = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(publish(PublishOrder(episode="41"), return_state=True))
"""


@pytest.fixture
def left(show: Place, server: PrefectServer) -> Place:
    """The show as a run left it that was killed with the episode public, and nobody having looked at it."""
    show.drop(NAME)
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, NAME)
    dead = subprocess.run([sys.executable, "-c", DIES], env={**os.environ, **server.environment}, timeout=120)
    assert dead.returncode == -signal.SIGKILL
    with show.opened() as house:
        assert house.studio.bucket.head(PAGE) is not None
    return show


def looked_at(server: PrefectServer, flow: str) -> list[dict[str, Any]]:
    tables = server.artifacts(server.runs(flow)[-1]["id"]).get("table", [])
    return [row for table in tables for row in table if "looked at" in row]


@pytest.mark.parametrize(("flow", "order"), [(weekly, ()), (publish, (PublishOrder(),))], ids=["weekly", "publish"])
def test_the_next_run_looks_at_what_a_dead_one_left_and_is_not_green_over_it(
    left: Place, server: PrefectServer, flow: Any, order: tuple[Any, ...]
) -> None:
    state = run(flow, *order)
    assert state.is_completed(), state.message
    seen = looked_at(server, flow.name)
    assert {row["right"] for row in seen} == {"✓"}
    assert {row["of"] for row in seen} == {"feed", "Social media"}

    with left.opened() as house:
        house.studio.bucket.remove(PAGE)
    state = run(flow, *order)
    assert state.is_failed()
    assert "page answers with its player: status 404" in (state.message or "")


def test_another_run_that_comes_in_between_is_no_error_in_the_log(
    show: Place, server: PrefectServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    show.drop(NAME)
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, NAME)
    carry_out, refusals = Publication.carry_out, (Refusal(source="042", what="is empty", at=MONDAY),)

    def after_another_one(publication: Publication, step: Step) -> int:
        if step is Step.PAGES:  # the second time nothing changes
            with show.opened() as other:
                other.studio.store.change(lambda catalogue: catalogue.model_copy(update={"refusals": refusals}))
        return carry_out(publication, step)

    monkeypatch.setattr(Publication, "carry_out", after_another_one)
    state = run(publish, PublishOrder(episode="41"))
    assert state.is_completed(), state.message
    assert state.message == "Live: “Social media”."
    assert "Planned anew" in caplog.text
    assert "another run changed it meanwhile" in caplog.text
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


TAKES = """
import asyncio, os, signal
import flows.ingest
from flows.orders import IngestOrder
flows.ingest._bring = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(flows.ingest.ingest(IngestOrder(drop="041-social-media"), return_state=True))
"""


def test_an_edit_that_was_taken_by_a_run_that_died_is_public_after_the_next(show: Place, server: PrefectServer) -> None:
    show.drop(NAME)
    assert run(ingest, IngestOrder()).is_completed()
    assert run(publish, PublishOrder(episode="41")).is_completed()
    show.drop(NAME, "---\ntitle: Social media\nsummary: All that changed.\n---\n\nNew words.\n")
    dead = subprocess.run([sys.executable, "-c", TAKES], env={**os.environ, **server.environment}, timeout=120)
    assert dead.returncode == -signal.SIGKILL
    with show.opened() as house:
        assert b"All that changed." not in fetched(house, PAGE)
    state = run(ingest, IngestOrder())
    assert state.is_completed()
    assert "What had yet to reach the public has." in (state.message or "")
    with show.opened() as house:
        assert b"All that changed." in fetched(house, PAGE)


def fetched(house: House, key: str) -> bytes:
    found = house.studio.bucket.fetch(key)
    assert found is not None
    return found[0]


@pytest.fixture
def begun(show: Place) -> Place:
    """The show as a run left it that was killed once its intents were saved."""
    show.drop(NAME)
    take(show, MONDAY)
    with show.opened() as house:
        begin(house.studio, Request("41"), Touched())
    return show


@pytest.mark.parametrize("body", [_weekly, lambda desk: _publish(desk, PublishOrder())], ids=["weekly", "publish"])
def test_the_run_that_finishes_an_episode_says_that_it_is_live(begun: Place, server: PrefectServer, body: Body) -> None:
    assert at(begun, MONDAY + timedelta(hours=1), body) == "Live: “Social media”."
    record = server.runs("stepped")[-1]
    assert record["name"] == "publish “Social media”"
    assert "## “Social media”" in server.artifacts(record["id"])["markdown"][0]
    assert not at(begun, MONDAY + timedelta(hours=1), body).startswith("Live: ")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            lambda desk: take_drops(desk, IngestOrder()),
            "Nothing new: “Social media”, “More” is here already. What had yet",
        ),
        (lambda desk: _queue(desk, QueueOrder(episode="42")), "Next: “More”, "),
        (lambda desk: _retract(desk, RetractOrder(episode="42", is_sure=True)), "Retracted: “More”."),
    ],
    ids=["ingest", "queue", "retract"],
)
def test_whatever_else_a_run_was_for_it_says_what_went_on_air(begun: Place, body: Body, told: str) -> None:
    begun.drop("042-more", seed=2)
    with begun.opened() as house:
        ingest_drop(house.studio, begun.episodes, "042-more")
    said = at(begun, MONDAY + timedelta(hours=1), body)
    assert said.startswith(told)
    assert said.endswith(" Live: “Social media”.")
