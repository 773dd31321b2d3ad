"""What leaves for the store, counted while it leaves: on a slow line one request takes minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Tell = Callable[[int], None]
"""Called with the bytes of a request that have left; from 0 again where the request is repeated."""

_tell: ContextVar[Tell | None] = ContextVar("tell", default=None)


@contextmanager
def counted(tell: Tell) -> Iterator[None]:
    """Requests of this thread are counted."""
    before = _tell.set(tell)
    try:
        yield
    finally:
        _tell.reset(before)


def count_what_leaves(client: Any) -> None:
    """Teaches a client to count. Not before a request is signed: the signature reads the body too."""
    client.meta.events.register("before-send.s3", _count)


def _count(request: Any, **_: object) -> None:
    tell = _tell.get()
    if tell and hasattr(request.body, "read"):
        request.body = _Leaving(request.body, tell)


class _Leaving:
    """A body that tells how far it was read."""

    def __init__(self, body: Any, tell: Tell) -> None:
        self._body, self._tell = body, tell

    def read(self, length_bytes: int = -1) -> bytes:
        self._tell(self._body.tell())  # what was read before has been sent when more is asked for
        block: bytes = self._body.read(length_bytes)
        return block

    def __getattr__(self, name: str) -> Any:
        return getattr(self._body, name)
