"""Work in turns: all of it is done, nothing by two threads at once, and all ends together."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import pytest

from pillarcast.audio import cores


@dataclass
class Row:
    """So many steps; `ended` is when the last one was."""

    left: int
    together: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1))
    taken: list[int] = field(default_factory=list)
    ended: float = 0.0

    def step(self) -> None:
        assert self.together.acquire(blocking=False), "two threads at once"
        time.sleep(0.001)
        self.taken.append(threading.get_ident())
        self.left -= 1
        self.ended = time.monotonic()
        self.together.release()


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_everything_is_done_once(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "threads", lambda: threads)
    rows = [Row(left) for left in (40, 7, 0, 23, 40)]
    cores.in_turns(rows)
    assert [len(row.taken) for row in rows] == [40, 7, 0, 23, 40]


def test_what_has_most_left_goes_first_so_that_all_end_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores, "threads", lambda: 1)
    rows = [Row(left) for left in (10, 30, 20)]
    seen: list[tuple[int, ...]] = []

    def noted(row: Row) -> None:
        seen.append(tuple(row.left for row in rows))
        Row.step(row)

    for row in rows:
        monkeypatch.setattr(row, "step", lambda row=row: noted(row))
    cores.in_turns(rows)
    assert all(max(left) - min(left) <= 1 for left in seen[30:])


def test_an_error_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Row(3)
    monkeypatch.setattr(row, "step", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        cores.in_turns([row, Row(5)])
