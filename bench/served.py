"""A publish as the button Run starts it: asked for at the API of a Prefect server that serves the show, and awaited."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

from tests.prefect_support.server import PrefectServer

WAITS = "waits until it is taken"


def run_deployed(server: PrefectServer, show: str, episode: str) -> str:
    """The run's id, once it has published the staged episode."""
    run = server.start_run("publish", show, episode=episode)
    while True:
        told = server.look_up(f"flow_runs/{run}")
        if told["state_type"] in ("COMPLETED", "FAILED", "CRASHED"):
            assert told["state_type"] == "COMPLETED", told["state"]["message"]
            return run
        time.sleep(0.05)


def stages(server: PrefectServer, run: str) -> Iterator[tuple[str, float]]:
    """Seconds of each stage of a run, by its name."""
    states = server.look_up(f"flow_run_states/?flow_run_id={run}")
    at = {state["type"]: datetime.fromisoformat(state["timestamp"]) for state in states}
    for name, since, until in (
        (WAITS, "SCHEDULED", "PENDING"),
        ("a process, and its imports", "PENDING", "RUNNING"),
        ("the flow itself", "RUNNING", "COMPLETED"),
    ):
        yield name, (at[until] - at[since]).total_seconds()
