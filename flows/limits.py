"""One publish of a show at a time. The second guard: the catalogue is the first, and holds without this one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect import runtime
from prefect.concurrency.sync import concurrency

from flows.shows import Served

_HELD_S = 60.0
"""How long Prefect keeps a place whose run says nothing any more; the least that it takes. By its own five minutes the
run that makes up for a dead one would wait them out."""


@contextmanager
def one_at_a_time(show: Served) -> Iterator[None]:
    """Waits for the show's other publishes. A run without a deployment has no limit to ask for."""
    if runtime.deployment.get_id() is None:
        yield
        return
    with concurrency(show.limit, occupy=1, lease_duration=_HELD_S, strict=False):
        yield
