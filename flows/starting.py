"""Starts processes of ours and waits until they are ready. No import of Prefect."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from flows.environment import LOOPBACK
from flows.tether import TETHER
from pillarcast.errors import Unreachable

READY_S = 120.0
_LOOK_S = 0.05
_STOP_S = 10.0

Process = subprocess.Popen[bytes]


@contextmanager
def started(module: str, environment: Mapping[str, str], log: Path, *arguments: str) -> Iterator[Process]:
    """`python -m module`, tethered to us: stopped at the end, and dead when we are. What it says goes to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as said:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", module, *arguments],
            env={**os.environ, **environment, TETHER: "stdin"},
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            start_new_session=True,  # Ctrl-C reaches us alone; we stop the others in their order
        )
    try:
        yield process
    finally:
        stop(process)


def stop(process: Process) -> None:
    """Asks, waits, and kills what does not listen; then whatever it started that outlived it."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stdin:
        process.stdin.close()
    _end_group(process.pid)


def _end_group(leader: int) -> None:
    """Of a process that began a session of its own. What died there and nobody has buried yet counts as gone soon."""
    until = time.monotonic() + _STOP_S
    ask: int = signal.SIGTERM
    with suppress(ProcessLookupError, PermissionError):  # the group is empty
        while time.monotonic() < until:
            os.killpg(leader, ask)
            ask = signal.SIGKILL if time.monotonic() > until - _STOP_S / 2 else 0
            time.sleep(_LOOK_S)


def wait_until_ready(process: Process, url: str, log: Path, name: str) -> None:
    """Returns when `url` answers 200. Unreachable where the process ends, or takes too long."""
    mend = f"Its log tells why: {log}"
    until = time.monotonic() + READY_S
    while not is_answering(url):
        if process.poll() is not None:
            raise Unreachable(name, "ended as soon as it was started", mend)
        if time.monotonic() > until:
            raise Unreachable(name, f"was not ready after {READY_S:.0f} s", mend)
        time.sleep(_LOOK_S)


def is_answering(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - an http address of ours
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_port(wanted: int = 0) -> int:
    """`wanted` where it is free, else another one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Unreachable(LOOPBACK, "has no free port", "Stop some programs.")
