"""Progress as the UI's tab of artifacts has it, asked of a real server while a recording goes up on a slow line."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from prefect import flow

from flows.boards import ProgressBoard
from flows.ingest import ingest
from flows.orders import IngestOrder
from pillarcast.adapters.seaweed import SeaweedServer
from tests.bucket_support.slow_line import slow_line
from tests.prefect_support.running import run
from tests.prefect_support.server import PrefectServer
from tests.show_support.place import Place, s3_table
from tests.show_support.sound import long_speech

BYTES_PER_S = 2e6
Shown = dict[str, list[float]]


@contextmanager
def looked_at(server: PrefectServer) -> Iterator[Shown]:
    """What progress showed of each thing, one value for each change; of runs that begin meanwhile."""
    shown: Shown = defaultdict(list)
    before = {None, *(run["id"] for run in server.runs())}
    stopped = threading.Event()

    def look() -> None:
        progress = {"type": {"any_": ["progress"]}}
        for artifact in server.ask("artifacts/filter", artifacts=progress):
            if artifact["flow_run_id"] not in before:
                values = shown[artifact["description"]]
                values.extend([artifact["data"]] if values[-1:] != [artifact["data"]] else [])

    def look_again() -> None:
        while not stopped.wait(0.2):
            look()

    thread = threading.Thread(target=look_again)
    thread.start()
    try:
        yield shown
    finally:
        stopped.set()
        thread.join()
        look()


def test_an_upload_moves_and_ends_at_its_end(
    tmp_path: Path, s3_server: SeaweedServer, server: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with slow_line(s3_server.place.endpoint, BYTES_PER_S) as line:
        at = replace(s3_server.place, endpoint=line.url, prefix="slow-line")
        monkeypatch.setenv("PILLARCAST_ACCESS_KEY", at.access_key)
        monkeypatch.setenv("PILLARCAST_SECRET_KEY", at.secret_key)
        show = Place(tmp_path / "show", bucket=s3_table(at, f"{s3_server.public_url}/{at.prefix}"))
        monkeypatch.setenv("PILLARCAST_SHOW", str(show.root / "show.toml"))
        long_speech(show.episodes / "041-slow.wav", minutes=5)
        with looked_at(server) as shown:
            assert run(ingest, IngestOrder()).is_completed()
    up = shown["upload 041-slow.wav"]
    assert up == sorted(up)
    assert up[-1] == 100
    assert len([percent for percent in up if 10 < percent < 99]) >= 3


def test_progress_never_falls_and_what_broke_off_is_not_called_done(server: PrefectServer) -> None:
    @flow(name="two uploads")
    def two_uploads() -> None:
        board = ProgressBoard()
        for part in (0.0, 0.4, 0.2):
            board("upload a", part)
            time.sleep(2.1)
        board.leave()
        for part in (0.0, 0.5):
            board("upload b", part)
            time.sleep(2.1)
        board("upload c", 0.0)

    with looked_at(server) as shown:
        two_uploads()
    assert shown == {"upload a": [40], "upload b": [50, 100]}
