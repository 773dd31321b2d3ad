"""Retention as the small server ships it: old runs leave Prefect's database by themselves, and give their room back."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.infra_support.engines import prefect
from tests.infra_support.files import INFRA, environment, read_env
from tests.infra_support.fleet import posted
from tests.testbeds.place import free_port

pytestmark = [pytest.mark.real, pytest.mark.prefect]

KEPT = timedelta(days=90)
LINES = 4000


def test_old_runs_go_with_their_logs_and_young_ones_stay(tmp_path: Path) -> None:
    file = tmp_path / "prefect/prefect.db"
    with _server(tmp_path) as api:
        flow = _posted(api, "flows/", {"name": "weekly"})["id"]
        old, young = (_run_with_logs(api, flow, name) for name in ("older", "younger"))
    _end(file, old, datetime.now(UTC) - KEPT - timedelta(days=1))
    _end(file, young, datetime.now(UTC) - KEPT + timedelta(days=1))
    with _server(tmp_path) as api:
        _wait_until_gone(api, old)
        assert [run["id"] for run in _posted(api, "flow_runs/filter", {})] == [young]
        assert _logs(api, young)
        assert not _logs(api, old)
    before = file.stat().st_size
    with closing(sqlite3.connect(file)) as database:
        database.execute("VACUUM")
    assert file.stat().st_size < before - 100 * LINES, "the room of what is gone was not given back"
    with _server(tmp_path) as api:
        assert [run["id"] for run in _posted(api, "flow_runs/filter", {})] == [young]


@contextmanager
def _server(folder: Path) -> Iterator[str]:
    port = free_port()
    api = f"http://127.0.0.1:{port}/api"
    env = environment(
        read_env(INFRA / "small-server/prefect.env"),
        {"PREFECT_HOME": str(folder / "prefect"), "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(folder / "ui")},
        {"PREFECT_SERVER_API_PORT": str(port), "PREFECT_API_URL": api},
    )
    with prefect("server", "start", env=env, log=folder / "prefect.log", health=f"{api}/health"):
        yield api


def _run_with_logs(api: str, flow: str, name: str) -> str:
    run = _posted(api, "flow_runs/", {"flow_id": flow, "name": name, "state": {"type": "COMPLETED"}})["id"]
    line = {"name": "flow", "level": 20, "message": "x" * 200, "timestamp": f"{datetime.now(UTC):%FT%TZ}"}
    for _ in range(LINES // 500):
        _posted(api, "logs/", [line | {"flow_run_id": run}] * 500)
    return str(run)


def _end(file: Path, run: str, moment: datetime) -> None:
    """As if the run had ended then; the server is down."""
    with closing(sqlite3.connect(file)) as database, database:
        asked = "UPDATE flow_run SET end_time = ? WHERE id = ?"
        changed = database.execute(asked, (f"{moment:%Y-%m-%d %H:%M:%S.%f}", run)).rowcount
    assert changed == 1


def _wait_until_gone(api: str, run: str) -> None:
    deadline = time.monotonic() + 60
    while any(found["id"] == run for found in _posted(api, "flow_runs/filter", {})) or _logs(api, run):
        assert time.monotonic() < deadline, "the old run is still there"
        time.sleep(1)


def _logs(api: str, run: str) -> list[dict[str, Any]]:
    return list(_posted(api, "logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}, "limit": 1}))


def _posted(api: str, path: str, body: object) -> Any:
    with requests.Session() as session:
        return posted(session, api, path, body)
