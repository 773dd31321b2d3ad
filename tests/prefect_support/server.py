"""One real Prefect server, as `pillarcast up` starts it, and what its API says of runs."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from prefect.settings import PREFECT_API_URL, PREFECT_HOME, PREFECT_RESULTS_LOCAL_STORAGE_PATH, temporary_settings
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from flows.environment import LOOPBACK, server_environment
from flows.starting import free_port, started, wait_until_ready

PATIENCE_S = 240.0
_BUSY = Retry(total=8, backoff_factor=0.2, status_forcelist=(429, 503), allowed_methods=None)
"""Where its database is locked the server says 503, and its own client asks again."""


@dataclass(frozen=True)
class PrefectServer:
    """`environment` is for processes that shall speak to it; `login` is `user:password` where it asks for one."""

    port: int
    environment: dict[str, str]
    login: str = field(default="", repr=False)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def ask(self, path: str, **body: Any) -> Any:
        return self._answer(path, json.dumps(body).encode())

    def look_up(self, path: str) -> Any:
        return self._answer(path, None)

    def start_run(self, flow: str, show: str, **order: Any) -> str:
        """Asks for a run of a deployment, as the UI does; its id."""
        deployment = self.look_up(f"deployments/name/{flow}/{show}")["id"]
        parameters = {"order": order} if order else {}
        return str(self.ask(f"deployments/{deployment}/create_flow_run", parameters=parameters)["id"])

    def _answer(self, path: str, body: bytes | None) -> Any:
        login = tuple(self.login.split(":", 1)) if self.login else None
        method, headers = ("GET" if body is None else "POST"), {"Content-Type": "application/json"}
        with requests.Session() as session:
            session.mount(self.url, HTTPAdapter(max_retries=_BUSY))
            address = f"{self.url}/api/{path}"
            answer = session.request(method, address, data=body, headers=headers, auth=login, timeout=PATIENCE_S)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def runs(self, flow: str = "", *, begun: bool = True) -> list[dict[str, Any]]:
        """Runs, the oldest first; those that only stand in the schedule are left out."""
        found = self.ask(
            "flow_runs/filter",
            sort="EXPECTED_START_TIME_ASC",
            flows={"name": {"any_": [flow]}} if flow else None,
            flow_runs={"state": {"type": {"not_any_": ["SCHEDULED"]}}} if begun else None,
        )
        assert isinstance(found, list)
        return found

    def artifacts(self, run_id: str) -> dict[str, list[Any]]:
        """What a run left, by kind."""
        found: dict[str, list[Any]] = {}
        for artifact in self.ask("artifacts/filter", artifacts={"flow_run_id": {"any_": [run_id]}}):
            text = artifact["data"]
            found.setdefault(artifact["type"], []).append(json.loads(text) if artifact["type"] == "table" else text)
        return found

    def logs(self, run_id: str) -> str:
        lines = self.ask("logs/filter", sort="TIMESTAMP_ASC", logs={"flow_run_id": {"any_": [run_id]}})
        return "\n".join(line["message"] for line in lines)

    def wait_for_end(self, flow: str, count: int = 1) -> list[dict[str, Any]]:
        """Until so many runs of a flow have ended."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            ended = [run for run in self.runs(flow) if run["end_time"]]
            if len(ended) >= count:
                return ended
            time.sleep(0.3)
        raise AssertionError(f"{flow}: {[(run['name'], run['state_type']) for run in self.runs(flow)]}")


@contextmanager
def prefect_server(home: Path) -> Iterator[PrefectServer]:
    port = free_port()
    environment = server_environment(home, port, {name: os.environ[name] for name in ("PATH",)})
    del environment["PATH"]
    log = home / "server.log"
    with started("flows.server", environment, log) as process:
        wait_until_ready(process, f"http://{LOOPBACK}:{port}/api/health", log, "Prefect server")
        yield PrefectServer(port, environment)


@contextmanager
def server_of_this_process(home: Path) -> Iterator[PrefectServer]:
    """A server to which flows that are called here report."""
    with (
        prefect_server(home) as running,
        temporary_settings({
            PREFECT_API_URL: running.environment["PREFECT_API_URL"],
            PREFECT_HOME: str(home),
            PREFECT_RESULTS_LOCAL_STORAGE_PATH: str(home / "results"),
        }),
    ):  # fmt: skip
        yield running
