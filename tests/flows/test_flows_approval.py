"""Approval: a publish waits for a person, who says yes, or no, or nothing, or yes to what is no longer the plan."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest
from prefect.client.schemas.objects import State

from flows.approving import wait_for_approval
from flows.desk import Desk, Ending
from flows.ingest import ingest
from flows.orders import IngestOrder, PublishOrder
from flows.publish import publish
from pillarcast.model.naming import find_episode
from pillarcast.pipeline.planning import Request
from tests.prefect_support.running import run
from tests.prefect_support.server import PATIENCE_S, PrefectServer
from tests.prefect_support.stepping import ended
from tests.show_support.place import Place

NOTES = "---\ntitle: Social media\nsummary: Be seen by ten people.\n---\n\nGive **credit**.\n"
Waiting = Future[State[Any]]


@pytest.fixture
def waiting(show: Place, server: PrefectServer) -> Iterator[Waiting]:
    """A publish of an episode that was asked for with approval, and has come to its question."""
    show.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    with ThreadPoolExecutor(1) as pool:
        order = PublishOrder(episode="41", has_approval=True)
        future = pool.submit(copy_context().run, run, publish, order)
        try:
            wait_for_pauses(server, 1)
            yield future
        finally:
            if not future.done():  # the test broke off, and the run would wait for a day
                answer(server, is_approved=False)


def wait_for_pauses(server: PrefectServer, count: int) -> None:
    until = time.monotonic() + PATIENCE_S
    seen: list[str] = []
    while time.monotonic() < until:
        for newest in server.runs("publish")[-1:]:
            seen = [state["type"] for state in server.look_up(f"flow_run_states/?flow_run_id={newest['id']}")]
        if seen.count("PAUSED") == count and seen[-1] == "PAUSED":
            return
        time.sleep(0.2)
    raise AssertionError(seen)


def answer(server: PrefectServer, *, is_approved: bool) -> None:
    """Prefect calls a run paused a moment before it keeps the question; who answers in between has to answer again."""
    run_id = server.runs("publish")[-1]["id"]
    until = time.monotonic() + PATIENCE_S
    while True:
        said = server.ask(f"flow_runs/{run_id}/resume", run_input={"is_approved": is_approved})
        if said["status"] == "ACCEPT":
            return
        assert said["details"]["reason"] == "Run input schema not found.", said
        assert time.monotonic() < until, said
        time.sleep(0.2)


def live(show: Place) -> list[str]:
    with show.opened() as house:
        return [entry.episode.title for entry in house.studio.store.load().catalogue.live]


def test_nothing_is_public_before_the_yes(show: Place, server: PrefectServer, waiting: Waiting) -> None:
    assert live(show) == []
    answer(server, is_approved=True)
    assert waiting.result().message == "Live: “Social media”."
    assert live(show) == ["Social media"]


def test_after_a_no_nothing_is_published(show: Place, server: PrefectServer, waiting: Waiting) -> None:
    answer(server, is_approved=False)
    state = waiting.result()
    assert state.is_failed()
    assert "nothing was published: somebody said no" in (state.message or "")
    assert live(show) == []


def test_a_yes_holds_for_the_plan_that_was_shown(show: Place, server: PrefectServer, waiting: Waiting) -> None:
    (show.episodes / "041-social-media.md").write_text(NOTES.replace("Social media", "Antisocial media"), "utf-8")
    run(ingest, IngestOrder())
    answer(server, is_approved=True)
    wait_for_pauses(server, 2)
    assert live(show) == []
    tables = server.artifacts(server.runs("publish")[-1]["id"])["table"]
    assert [{row["of what"] for row in rows} & {"Social media", "Antisocial media"} for rows in tables]
    answer(server, is_approved=True)
    assert waiting.result().message == "Live: “Antisocial media”."


def test_without_an_answer_nothing_is_published(show: Place) -> None:
    show.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())

    def wait_a_moment(desk: Desk) -> Ending:
        entry = find_episode(desk.studio.store.load().catalogue, "41")
        wait_for_approval(desk, Request(entry.guid), hours=3 / 3600)
        return Ending("approved")

    state = ended(show, show.clock.moment, wait_a_moment)
    assert state.is_failed()
    assert "nothing was published: nobody approved it" in (state.message or "")
    assert live(show) == []
