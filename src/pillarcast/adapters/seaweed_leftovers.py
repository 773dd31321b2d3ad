"""What a server that was killed leaves behind: a process without a warden, and sockets under /tmp."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from pillarcast.adapters.seaweed_ports import GRPC_OFFSET, Ports

PID_FILE = "server.pid"

_STOP_S = 15.0
_LOOK_S = 0.1
_SOCKETS = Path("/tmp")  # noqa: S108 - where the server itself puts them


def end_leftover(home: Path, is_ours: Callable[[], bool]) -> None:
    """Ends a server whose warden was killed. Only one that knows our secrets is ours; a number alone proves nothing."""
    path = home / PID_FILE
    if not path.exists():
        return
    if is_ours():
        with suppress(OSError, ValueError):
            os.kill(int(path.read_text()), signal.SIGTERM)
        until = time.monotonic() + _STOP_S
        while is_ours() and time.monotonic() < until:
            time.sleep(_LOOK_S)
    path.unlink(missing_ok=True)


def remove_sockets(ports: Ports | None) -> None:
    for name, port in asdict(ports).items() if ports else ():
        for socket in (f"seaweedfs-{name}-{port}.sock", f"seaweedfs-{name}-grpc-{port + GRPC_OFFSET}.sock"):
            with suppress(OSError):
                (_SOCKETS / socket).unlink(missing_ok=True)
