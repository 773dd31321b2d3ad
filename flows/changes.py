"""Whether a show's file changed while the show is served. No import of Prefect."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from flows.shows import Served
from pillarcast.errors import PillarcastError
from pillarcast.pipeline.drops import Look, look_at

_REST_S = 1.0
"""An editor may be writing it still."""


@dataclass
class ShowFile:
    """Looked at as often as anybody likes: a look costs no reading, so that hundreds of shows may be."""

    path: Path
    _known: Look | None = field(init=False)
    _seen: Look | None = field(init=False)
    _since: float = 0.0

    def __post_init__(self) -> None:
        self._known = self._seen = self._look()

    def has_changed(self) -> bool:
        """Once for each change, when the file has come to rest."""
        look = self._look()
        if look != self._seen:
            self._seen, self._since = look, time.monotonic()
        if look == self._known or time.monotonic() - self._since < _REST_S:
            return False
        self._known = look
        return True

    def _look(self) -> Look | None:
        try:
            return look_at(self.path)
        except OSError:  # gone, or not to be read: whoever opens the show says which
            return None


def in_one_line(show: Served, error: PillarcastError) -> str:
    """What is wrong with a file that is served."""
    return f"{show.key}: {' '.join(str(error).split())} Until then, what it said before holds, and drops wait."
