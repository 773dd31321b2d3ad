"""Who needs the embedded server now: each process holds a lock of its own, which its death releases."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

_A_LOOK_S = 0.1


class Holders:
    """Registering and forgetting happen under `start`; `guard` is held by the warden while the server runs."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "holders"
        self.start = FileLock(home / "start.lock", timeout=60)
        self._guard_path = home / "warden.lock"

    def register(self) -> FileLock:
        """A lock that says: the server is needed. Releasing it, or dying, takes it back."""
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._folder / f"{os.getpid()}-{uuid4().hex[:8]}.lock", thread_local=False)
        lock.acquire()
        return lock

    def guard(self) -> FileLock:
        return FileLock(self._guard_path, timeout=0)

    def is_guarded(self) -> bool:
        return is_held(self._guard_path)

    def is_needed(self) -> bool:
        return any(is_held(path) for path in self._files())

    def forget_dead(self) -> None:
        for path in self._files():
            if not is_held(path):
                path.unlink(missing_ok=True)

    def _files(self) -> list[Path]:
        with suppress(FileNotFoundError):
            return list(self._folder.iterdir())
        return []


def is_held(path: Path) -> bool:
    """True where another lock on the same file is held, in this process or another; whoever looks holds it for a
    moment, and is not meant."""
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=_A_LOOK_S, poll_interval=_A_LOOK_S / 10):
            return False
    except Timeout:
        return True
