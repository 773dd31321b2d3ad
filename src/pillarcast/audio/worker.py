"""The child that decodes: takes one order on standard input, answers on standard output, and ends."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from pillarcast.audio.orders import forget
from pillarcast.audio.progress import Advance
from pillarcast.errors import RecordingRefused

_MOST_MEMORY = 4 << 30
"""Bytes of address space: far above what any recording needs."""

_FINEST = 0.002
_SILENT_S = 5.0
_SWITCH_S = 0.0001
"""A thread that comes back from a codec waits so long for Python, 50 times less than by default: it comes back for each
frame, and the second hearing of an hour took half as long again."""


def main(work: str) -> None:
    """Does `master` or `probe`."""
    _bound_memory()
    sys.setswitchinterval(_SWITCH_S)
    order = sys.stdin.readline()
    try:
        _say({"answer": _WORKS[work](order)})
    except RecordingRefused as refused:
        _say({"refused": [refused.problem.subject, refused.problem.what, refused.problem.mend]})
    except OSError as error:
        _say({"disk": error.strerror or str(error)})
    except Exception as error:  # noqa: BLE001 - the parent raises it again
        _say({"fault": f"{type(error).__name__}: {error}"})


def _master(line: str) -> dict[str, Any]:
    """Hears the recording while it loads what the rest takes: that is twice as much, and one core would do nothing."""
    from pillarcast.audio.hearing import heard  # noqa: PLC0415 - a probe needs no numerics

    order, advance = json.loads(line), _throttled(_say)
    with ThreadPoolExecutor(1) as beside:
        hearing = beside.submit(heard, Path(order["recording"]), advance)
        from pillarcast.audio.engine import mastered  # noqa: PLC0415
        from pillarcast.audio.orders import parsed  # noqa: PLC0415

        job = parsed(order)
        _die_with_parent(job.part)
        return mastered(hearing.result, job.part, job.spec, job.tags, advance).rendered()


def _probe(line: str) -> dict[str, Any]:
    from pillarcast.audio.read.probe import probed  # noqa: PLC0415

    _die_with_parent(None)
    return probed(Path(json.loads(line)["recording"]))


_WORKS = {"master": _master, "probe": _probe}


def _throttled(say: Callable[[dict[str, Any]], None]) -> Advance:
    """What is done a second time goes back; then it is said now and then how far it was, or we would seem to hang."""
    said, at = 0.0, time.monotonic()

    def advance(share: float) -> None:
        nonlocal said, at
        if share - said >= _FINEST or time.monotonic() - at >= _SILENT_S:
            said, at = max(said, float(share)), time.monotonic()
            say({"share": said})

    return advance


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _die_with_parent(part: Path | None) -> None:
    """Standard input ends when the parent does, however it ends; then nothing of ours may stay."""

    def wait() -> None:
        sys.stdin.read()
        if part is not None:
            forget(part)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _bound_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    main(sys.argv[1])
