"""Where the folders of shows stand, and which of them were taken away. No import of Prefect."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pillarcast.errors import Problem
from pillarcast.model.base import Value

_REST_S = 15.0
"""Whoever exchanges a folder for another one takes it away for a moment."""


class Stand(Value):
    """`file` is the show's, from the root, and links in it are not followed. `is_mount` where the folder lies on a disk
    of its own."""

    file: Path
    is_mount: bool = False

    @classmethod
    def of(cls, file: Path) -> Stand:
        path = Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would follow links
        return cls(file=path, is_mount=_is_apart(path.parent))

    def is_taken_away(self) -> bool:
        """Only where all speaks for it: the folder is no more, and another show stands where it stood.

        A folder without its show.toml may be a disk that is not mounted, and so may one in which no show is left; a
        link without an end, and any other error than that nothing is there, may be one that does not answer.
        """
        folder = self.file.parent
        if self.is_mount:
            return False
        try:
            folder.lstat()
        except FileNotFoundError:
            return any(folder.parent.glob("*/show.toml"))
        except OSError:
            return False
        return False


def _is_apart(folder: Path) -> bool:
    """From what stands beside it."""
    try:
        return folder.stat().st_dev != folder.parent.stat().st_dev
    except OSError:
        return True


@dataclass
class Leavers:
    """Looked at as often as anybody likes."""

    _since: dict[str, float] = field(default_factory=dict)

    def at_rest(self, stands: Mapping[str, Stand]) -> list[str]:
        """The keys of those whose folder has been away for long enough to be believed."""
        away, now = [key for key, stand in stands.items() if stand.is_taken_away()], time.monotonic()
        self._since = {key: self._since.get(key, now) for key in away}
        return [key for key in away if now - self._since[key] >= _REST_S]


def taken_away(key: str, stand: Stand) -> Problem:
    """What the owner is told of it."""
    what = f"its folder {stand.file.parent} was taken away: it is served no more, and its schedules are paused"
    mend = (
        "Put the folder back, and it goes on by itself. Or delete its deployments in Prefect's UI. "
        "What is live stays live."
    )
    return Problem(key, what, mend, is_warning=True)
