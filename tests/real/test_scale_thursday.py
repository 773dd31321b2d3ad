"""The hour of several shows on many machines, a worker and Prefect's server killed in it: all published, none twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from pillarcast.adapters.seaweed import SeaweedServer
from tests.scale_support.hour import Task, thursday

pytestmark = [pytest.mark.real, pytest.mark.prefect, pytest.mark.timeout(1500)]

SHOWS, ARCHIVE = 6, 20


def test_every_show_is_published_once_though_machines_are_lost(tmp_path: Path) -> None:
    with SeaweedServer(tmp_path / "s3", s3_port=0) as bucket:
        seen = thursday(tmp_path, bucket, Task(SHOWS, ARCHIVE))
    assert seen.lost_worker_s
    assert seen.lost_server_s
    assert set(seen.copies.values()) == {1}, seen.copies
    assert set(seen.media.values()) == {1}, seen.media
    assert set(seen.items.values()) == {ARCHIVE + 1}, seen.items
    assert seen.ends["Silent"], "nothing was under way on the worker that was killed"
    assert seen.ends["Completed"] + seen.ends["Silent"] >= SHOWS  # one may die after its feed
    log = (tmp_path / "services.log").read_text("utf-8")
    assert "localhost:6379" not in log, "a service of Prefect looks for Redis where none is"
