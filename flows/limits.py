"""One publish of a show at a time. The second guard: the catalogue is the first, and holds without this one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect import runtime
from prefect.concurrency.sync import concurrency

from flows.shows import Served


@contextmanager
def one_at_a_time(show: Served) -> Iterator[None]:
    """Waits for the show's other publishes. A run without a deployment has no limit to ask for."""
    if runtime.deployment.get_id() is None:
        yield
        return
    with concurrency(show.limit, occupy=1, strict=False):
        yield
