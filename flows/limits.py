"""One publish of a show at a time. The second guard: the catalogue is the first, and holds without this one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Timer

from prefect import get_run_logger, runtime
from prefect.concurrency.sync import concurrency

from flows.shows import Served

_HELD_S = 60.0
"""How long Prefect keeps a place whose run says nothing any more; the least that it takes. By its own five minutes the
run that makes up for a dead one would wait them out."""

_SAID_AFTER_S = 5.0
_WAITING = "Waits for another publish of this show to end; see what runs on the page Runs."


@contextmanager
def one_at_a_time(show: Served) -> Iterator[None]:
    """Waits for the show's other publishes. A run without a deployment has no limit to ask for."""
    if runtime.deployment.get_id() is None:
        yield
        return
    waiting = Timer(_SAID_AFTER_S, get_run_logger().info, [_WAITING])
    waiting.daemon = True
    waiting.start()
    try:
        with concurrency(show.limit, occupy=1, lease_duration=_HELD_S, strict=False):
            waiting.cancel()
            yield
    finally:
        waiting.cancel()
