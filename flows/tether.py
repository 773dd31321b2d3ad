"""A process that dies with the one that started it, however that one ends: its standard input is a pipe from there."""

from __future__ import annotations

import os
import signal
import threading

TETHER = "PILLARCAST_TETHER"
"""Set for the processes whose standard input is such a pipe."""
_STANDARD_INPUT = 0
_GRACE_S = 5.0


def tether() -> None:
    """When the pipe closes, the process is asked to end, and ended when it does not."""
    if os.environ.get(TETHER) == "stdin":
        threading.Thread(target=_wait_for_the_end, name="tether", daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(_STANDARD_INPUT, 4096):  # not sys.stdin: its lock would be held when the process ends
        pass
    threading.Timer(_GRACE_S, os._exit, (1,)).start()
    os.kill(os.getpid(), signal.SIGTERM)
