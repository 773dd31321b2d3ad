"""Work on all cores: how many parts a sound is cut into, whose turn it is, and reading ahead on another thread."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from pillarcast.audio.sound import Pcm

_HELD = 6
_MOST_THREADS = 8
_SHORT_S, _LONGER_S, _LONG_S = 60, 480, 2400


def threads() -> int:
    """As many as there are cores for us, up to eight."""
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), _MOST_THREADS)
    return min(os.cpu_count() or 1, _MOST_THREADS)


def parts(length_s: float, *, seeks: bool) -> int:
    """Into how many parts to cut a sound. It depends on the sound alone: the same bytes come out on any machine.

    What does not seek is decoded from its beginning for each part, so two have to do.
    """
    if length_s < _SHORT_S:
        return 1
    if length_s < _LONGER_S or not seeks:
        return 2
    return 4 if length_s < _LONG_S else 8


class Work(Protocol):
    """Something that is done in steps, one after the other, by whichever thread."""

    @property
    def left(self) -> int:
        """How much is still to be done; 0 when all is."""

    def step(self) -> None:
        """Does some of it."""


def in_turns(works: Sequence[Work]) -> None:
    """Does all of them. Each thread goes on with what has most left and nobody works on, so that all end together,
    though one core may be slower than the other."""
    waiting, lock = [work for work in works if work.left], threading.Lock()

    def taken(done: Work | None) -> Work | None:
        with lock:
            if done is not None and done.left:
                waiting.append(done)
            most = max(waiting, key=lambda work: work.left, default=None)
            if most is not None:
                waiting.remove(most)
            return most

    def go_on() -> None:
        work = taken(None)
        while work is not None:
            work.step()
            work = taken(work)

    with ThreadPoolExecutor(threads()) as pool:
        for ended in [pool.submit(go_on) for _ in range(threads())]:
            ended.result()


def ahead(blocks: Iterable[Pcm]) -> Iterator[Pcm]:
    """The same blocks; an error of the other thread is raised here. Stopping early stops the other thread."""
    made: queue.Queue[Pcm | BaseException | None] = queue.Queue(_HELD)
    has_stopped = threading.Event()
    worker = threading.Thread(target=_fill, args=(made, blocks, has_stopped), daemon=True)
    worker.start()
    try:
        while (block := made.get()) is not None:
            if isinstance(block, BaseException):
                raise block
            yield block
    finally:
        has_stopped.set()
        while worker.is_alive():
            _drain(made)
            worker.join(0.01)


def _fill(made: queue.Queue[Pcm | BaseException | None], blocks: Iterable[Pcm], has_stopped: threading.Event) -> None:
    try:
        for block in blocks:
            made.put(block)
            if has_stopped.is_set():
                return
    except BaseException as error:  # noqa: BLE001 - raised again by the reader
        made.put(error)
    made.put(None)


def _drain(made: queue.Queue[Pcm | BaseException | None]) -> None:
    while not made.empty():
        made.get_nowait()
