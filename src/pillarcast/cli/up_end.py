"""How `up` is ended."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def end_by_signal() -> Iterator[None]:
    """Ctrl-C, and SIGTERM of a service manager: the same way out. What a script starts with `&` is born deaf to SIGINT,
    so that it has to be asked for. One signal is enough: a second one must not cut the stopping short."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        for number in _ENDS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, end) for number in _ENDS}
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
