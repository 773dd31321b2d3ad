"""A process of its own for whatever decodes: a codec that crashes, hangs or eats memory takes nobody with it.

The child gets its orders as a line of JSON and answers in lines of JSON. It dies with its parent, and what it had begun
is taken away. This is the one place that sets the environment of the child's libraries.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, Any

from pillarcast.audio.progress import Advance, unheard
from pillarcast.errors import NeedsOperator, PillarcastError, RecordingRefused

_PATIENCE_S = 300.0
_CRASHES = {getattr(signal, name, None) for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP")}
_EXPORT = "Export it again as WAV or FLAC."

_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_MMAP_THRESHOLD_": str(4 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(16 << 20),
}
"""Threads of the numerical library would only spin. By default the C library of Linux gives the memory of a block of
sound back to the system and gets it anew, page by page and cleared, for the next: a third of all time in the system."""

Answer = dict[str, Any]


def run(work: str, order: str, subject: str, advance: Advance = unheard, patience_s: float = _PATIENCE_S) -> Answer:
    """What the child answers to the order. RecordingRefused in its words, or for a crash or hang on this recording."""
    with _started(work) as child:
        try:
            _order(child, order)
            return _heard(_lines(child, patience_s, subject), advance, subject, child)
        finally:
            child.kill()


def _started(work: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", "pillarcast.audio.worker", work],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        env={**os.environ, **_ENVIRONMENT},
    )


def _order(child: subprocess.Popen[str], order: str) -> None:
    """A child that died before it read is told by how it died, as one that dies later: what it left is let go."""
    assert child.stdin is not None
    with suppress(BrokenPipeError):
        child.stdin.write(order + "\n")
        child.stdin.flush()
        return
    with suppress(BrokenPipeError):
        child.stdin.close()


def _heard(lines: Iterator[str], advance: Advance, subject: str, child: subprocess.Popen[str]) -> Answer:
    for line in lines:
        match json.loads(line):
            case {"share": float(share)}:
                advance(share)
            case {"answer": dict(answer)}:
                return answer
            case {"refused": [str(about), str(what), str(mend)]}:
                raise RecordingRefused(about, what, mend)
            case {"disk": str(what)}:
                raise NeedsOperator(subject, f"could not be written: {what}", "Make room on the disk, then try again.")
            case {"fault": str(what)}:
                raise PillarcastError(subject, f"mastering failed: {what}", "This is a fault of ours; please tell us.")
    raise _ended(subject, child.wait())


def _ended(subject: str, code: int) -> PillarcastError:
    if -code in _CRASHES:
        return RecordingRefused(subject, f"makes the decoder crash ({signal.Signals(-code).name})", _EXPORT)
    mend = "Look whether the machine ran out of memory, then try again."
    return NeedsOperator(subject, f"mastering was stopped from outside (code {code})", mend)


def _lines(child: subprocess.Popen[str], patience_s: float, subject: str) -> Iterator[str]:
    """Lines as they come. RecordingRefused where none comes for too long."""
    assert child.stdout is not None
    said: queue.Queue[str | None] = queue.Queue()
    threading.Thread(target=_listen, args=(child.stdout, said.put), daemon=True).start()
    while True:
        try:
            line = said.get(timeout=patience_s)
        except queue.Empty:
            raise RecordingRefused(subject, f"makes the decoder hang for {patience_s:.0f} seconds", _EXPORT) from None
        if line is None:
            return
        yield line


def _listen(lines: IO[str], say: Callable[[str | None], None]) -> None:
    with suppress(ValueError):  # it was closed while we waited: nobody wants to hear it any more
        for line in lines:
            say(line)
    say(None)
