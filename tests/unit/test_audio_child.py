"""The process that decodes: what it does when it crashes, hangs, is cancelled or loses its parent; nothing stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from pillarcast.audio import isolation, worker
from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.errors import NeedsOperator, RecordingRefused
from tests.audio_support import TAGS, speech, write_wav


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("child") / "voice.wav", speech(40, level=0.05))


def workers() -> list[psutil.Process]:
    found = (child for child in psutil.Process().children(recursive=True) if child.is_running())
    return [child for child in found if "pillarcast.audio.worker" in " ".join(_command(child))]


def _command(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def when_started(act: Callable[[psutil.Process], None]) -> threading.Thread:
    """Does something to the worker as soon as there is one."""

    def watch() -> None:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            for child in workers():
                act(child)
                return
            time.sleep(0.01)

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


@pytest.mark.parametrize(("number", "error", "words"), [
    (signal.SIGSEGV, RecordingRefused, "makes the decoder crash"),
    (signal.SIGABRT, RecordingRefused, "makes the decoder crash"),
    (signal.SIGKILL, NeedsOperator, "stopped from outside"),
])  # fmt: skip
def test_a_child_that_dies_is_told_by_how_it_died(
    recording: Path, tmp_path: Path, number: signal.Signals, error: type[Exception], words: str
) -> None:
    thread = when_started(lambda child: child.send_signal(number))
    with pytest.raises(error, match=words):
        master(recording, tmp_path / "out.mp3", MasterSpec(), TAGS)
    thread.join()
    assert list(tmp_path.iterdir()) == []
    assert workers() == []


def test_a_child_that_dies_before_it_reads_its_order_is_told_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    started = isolation._started

    def dead(work: str) -> subprocess.Popen[str]:
        child = started(work)
        child.kill()
        child.wait()
        return child

    monkeypatch.setattr(isolation, "_started", dead)
    with pytest.raises(NeedsOperator, match=r"voice\.wav: mastering was stopped from outside \(code -9\)"):
        isolation.run("probe", '{"recording": "voice.wav"}', "voice.wav")


def test_a_child_that_says_nothing_for_too_long_is_ended(recording: Path, tmp_path: Path) -> None:
    thread = when_started(lambda child: child.suspend())
    with pytest.raises(RecordingRefused, match=r"voice\.wav: makes the decoder hang"):
        isolation.run("probe", f'{{"recording": "{recording}"}}', "voice.wav", patience_s=0.5)
    thread.join()
    assert workers() == []


def test_cancelled_in_the_middle_nothing_stays(recording: Path, tmp_path: Path) -> None:
    class Cancelled(BaseException):
        pass

    def cancel(share: float) -> None:
        if share > 0.3:
            raise Cancelled

    with pytest.raises(Cancelled):
        master(recording, tmp_path / "out.mp3", MasterSpec(), TAGS, cancel)
    assert list(tmp_path.iterdir()) == []
    assert workers() == []


def test_a_parent_that_is_killed_takes_its_child_and_the_unfinished_file_along(recording: Path, tmp_path: Path) -> None:
    """The parent stops at the first word of progress, so the child is at work when it goes."""
    script = (
        "import sys, time\nfrom pathlib import Path\n"
        "from pillarcast.audio.mastering import MasterSpec, master\nfrom tests.audio_support import TAGS\n"
        "def stop(share):\n    print(share, flush=True)\n    time.sleep(60)\n"
        f"master(Path({str(recording)!r}), Path({str(tmp_path / 'out.mp3')!r}), MasterSpec(), TAGS, stop)\n"
    )
    root = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root)
    assert parent.stdout is not None
    parent.stdout.readline()
    children = psutil.Process(parent.pid).children(recursive=True)
    assert children
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    gone, alive = psutil.wait_procs(children, timeout=20)
    assert len(gone) == len(children)
    assert alive == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["mp3", "m4a", "opus"])
def test_progress_never_falls_and_comes_to_its_end(recording: Path, tmp_path: Path, kind: str) -> None:
    shares: list[float] = []
    master(recording, tmp_path / f"out.{kind}", MasterSpec(format=kind, quality="fast"), TAGS, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert len(shares) > 10
    assert max(second - first for first, second in pairwise(shares)) < 0.35


def test_work_that_is_done_again_is_heard_of_and_its_share_does_not_fall(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second encoding of hours takes longer than anybody's patience with a decoder that hangs."""
    now, said = [0.0], list[dict[str, float]]()
    monkeypatch.setattr(worker.time, "monotonic", lambda: now[0])
    advance = worker._throttled(said.append)
    for share in (0.3, 0.9, 0.2, 0.3, 0.4, 0.5):
        now[0] += 4
        advance(share)
    assert said == [{"share": share} for share in (0.3, 0.9, 0.9, 0.9)]
