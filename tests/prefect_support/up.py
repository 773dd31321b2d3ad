"""`pillarcast up` as its owner starts it, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.prefect_support.server import PrefectServer

START_S = 240.0
STOP_S = 60.0


@dataclass(frozen=True)
class Up:
    """`root` is the show's folder."""

    process: subprocess.Popen[bytes]
    root: Path
    login: str = ""

    @property
    def said(self) -> str:
        return (self.root / "up.out").read_text("utf-8")

    @property
    def log(self) -> str:
        return (self.root / ".pillarcast" / "logs" / "flows.log").read_text("utf-8")

    @property
    def server(self) -> PrefectServer:
        ui = json.loads((self.root / ".pillarcast" / "up.json").read_text("utf-8"))["ui"]
        return PrefectServer(int(ui.rpartition(":")[2]), {"PREFECT_API_URL": f"{ui}/api"}, self.login)

    def wait_until_ready(self) -> None:
        until = time.monotonic() + START_S
        while "Ready." not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.2)

    def family(self) -> list[psutil.Process]:
        """Everything that it started, and what those started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(by)
        return self.process.wait(STOP_S)


@contextmanager
def up(root: Path, *, is_awaited: bool = True, is_in_background: bool = False, **environment: str) -> Iterator[Up]:
    """Started in `root`, with a port of its own for the UI; ended at the end. A script's `&` has it ignore SIGINT."""
    command = [sys.executable, "-m", "pillarcast.cli", "up"]
    deaf = ["sh", "-c", 'trap "" INT; exec "$@"', "sh"] if is_in_background else []
    defaults = {"PILLARCAST_UI_PORT": "0", "PILLARCAST_S3_PORT": "0", "PILLARCAST_SETTLE_S": "0.5"}
    with (root / "up.out").open("wb") as out:
        process = subprocess.Popen(
            [*deaf, *command],
            cwd=root,
            env={**os.environ, **defaults, **environment},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    password = environment.get("PILLARCAST_UI_PASSWORD", "")
    running = Up(process, root, f"pillarcast:{password}" if password else "")
    try:
        if is_awaited:
            running.wait_until_ready()
        yield running
    finally:
        if process.poll() is None:
            running.end()


def wait_for(what: Callable[[], bool], seconds: float = 120.0) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until
        time.sleep(0.2)
