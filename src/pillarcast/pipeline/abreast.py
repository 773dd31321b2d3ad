"""Effects that need not wait for each other: while some are on their way to the server, the next is made ready."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

_AT_ONCE = 8
_MOST_WAITING = 16
"""What is made ready lies in memory until it is its turn."""


class Abreast:
    """A context manager. Leaving it waits for all effects and raises what the first of them ended with; after an error
    those that were not begun never are."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_AT_ONCE, "effect")
        self._going: deque[Future[object]] = deque()

    def __enter__(self) -> Self:
        return self

    def do(self, effect: Callable[[], object]) -> None:
        """Begins it, once there is room. Raises what an earlier effect ended with."""
        if len(self._going) >= _MOST_WAITING:
            self._going.popleft().result()
        self._going.append(self._pool.submit(effect))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            while self._going and error is None:
                self._going.popleft().result()
        finally:
            self._pool.shutdown(cancel_futures=True)
