"""Progress that is true: shares of the work by what it costs, counted by all threads together."""

from __future__ import annotations

import threading
from collections.abc import Callable

Advance = Callable[[float], None]
"""Called with the share of the work that is done, 0 to 1, never falling."""


def unheard(_share: float) -> None:
    """For who wants no progress."""


def between(first: float, last: float, advance: Advance) -> Advance:
    """A part of the work as a whole of its own."""
    return lambda share: advance(first + (last - first) * min(max(share, 0.0), 1.0))


class Tally:
    """Counts samples as threads get through them."""

    def __init__(self, total: int, advance: Advance) -> None:
        self._total, self._advance = max(total, 1), advance
        self._done = 0
        self._lock = threading.Lock()

    def add(self, samples: int) -> None:
        with self._lock:
            self._done += samples
            self._advance(min(self._done / self._total, 1.0))
