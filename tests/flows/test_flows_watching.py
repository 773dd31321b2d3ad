"""Many folders, one watcher: a machine that serves hundreds of shows wakes each, also where nothing can be watched."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from watchfiles._rust_notify import RustNotify

from flows.watching import wake_all

SHOWS = 300


@dataclass
class Sleeper:
    folder: Path
    woken: int = 0

    def wake(self) -> None:
        self.woken += 1


@pytest.fixture
def no_watcher_left(tmp_path: Path) -> Iterator[None]:
    """As when other programs took all that Linux has for one user."""
    if sys.platform != "linux":
        pytest.skip("elsewhere there is no such limit")
    with ExitStack() as held:
        with pytest.raises(RuntimeError, match="Too many open files"):
            _take_all(held, tmp_path)
        yield


def _take_all(held: ExitStack, folder: Path) -> None:
    for _ in range(int(Path("/proc/sys/fs/inotify/max_user_instances").read_text()) + 1):
        held.enter_context(RustNotify([str(folder)], False, False, 0, False, False))


async def _woken(folder: Path, seconds: float) -> list[int]:
    sleepers = [Sleeper(folder / f"show-{number}" / "episodes") for number in range(SHOWS)]
    for sleeper in sleepers:
        sleeper.folder.mkdir(parents=True)
    stop = asyncio.Event()
    waking = asyncio.create_task(wake_all(sleepers, stop))
    await asyncio.sleep(seconds)
    stop.set()
    await waking
    return [sleeper.woken for sleeper in sleepers]


def test_every_show_is_woken(tmp_path: Path) -> None:
    assert min(asyncio.run(_woken(tmp_path, 2.5))) >= 1


@pytest.mark.usefixtures("no_watcher_left")
def test_every_show_is_woken_where_nothing_can_be_watched(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert min(asyncio.run(_woken(tmp_path / "shows", 2.5))) >= 2
    assert "No folder can be watched" in caplog.text
