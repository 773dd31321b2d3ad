"""Runs the embedded server while anybody needs it, and ends it with the last of them, however they end.

A process of its own, because a killed program cannot clean up after itself: `seaweed.py` starts it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from filelock import Timeout

from pillarcast.adapters.seaweed_holders import Holders
from pillarcast.adapters.seaweed_leftovers import PID_FILE, remove_sockets
from pillarcast.adapters.seaweed_ports import noted_ports

_LOOK_S = 0.2
_STOP_S = 8
_STABLE_S = 2
_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Arguments: the server's folder, then its command line."""
    home, command = Path(sys.argv[1]), sys.argv[2:]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    holders = Holders(home)
    try:
        with holders.guard():
            return _guard(home, command, holders)
    except Timeout:
        return 0  # another warden was quicker


def _guard(home: Path, command: list[str], holders: Holders) -> int:
    """A server that dies is started again, unless it died at once: then it cannot run here."""
    while True:
        began = time.monotonic()
        remove_sockets(noted_ports(home / "ports.json"))
        child = _spawn(home, command)
        (home / PID_FILE).write_text(str(child.pid))
        try:
            if _is_released(child, home, holders):
                return 0
        finally:
            _end(child)
            (home / PID_FILE).unlink(missing_ok=True)
            remove_sockets(noted_ports(home / "ports.json"))
        if time.monotonic() - began < _STABLE_S:
            return 1


def _spawn(home: Path, command: list[str]) -> subprocess.Popen[bytes]:
    """Without what the user's own settings for AWS or SeaweedFS would change in it."""
    foreign = ("AWS_", "S3_", "WEED_")
    environment = {name: text for name, text in os.environ.items() if not name.startswith(foreign)}
    return subprocess.Popen(  # noqa: S603 - what our own program was given by us
        command,
        cwd=home,
        env={**environment, "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        preexec_fn=_die_with_parent(),  # noqa: PLW1509 - the warden has no other threads
    )


def _is_released(child: subprocess.Popen[bytes], home: Path, holders: Holders) -> bool:
    """Waits for the last holder to go (True), or for the server to die (False)."""
    while child.poll() is None:
        if not home.is_dir():
            return True  # taken away with its show: a lock would make it anew, empty
        if not holders.is_needed():
            with holders.start:  # nobody joins while we decide
                if not holders.is_needed():
                    holders.forget_dead()
                    _end(child)
                    return True
        time.sleep(_LOOK_S)
    return False


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(_STOP_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _die_with_parent() -> Callable[[], None] | None:
    """Linux kills the server with its warden; elsewhere the next start ends a server that was left behind."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    return ask


if __name__ == "__main__":
    sys.exit(main())
