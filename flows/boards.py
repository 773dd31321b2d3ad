"""Progress of what takes its time, as artifacts that move in the UI; what is quick leaves none."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

import httpx
from prefect.artifacts import create_progress_artifact, update_progress_artifact

_FIRST_AFTER_S = 1.5
_EVERY_S = 2.0


@dataclass
class _Board:
    began_at: float
    shown_at: float = 0.0
    part: float = 0.0
    artifact: UUID | None = None


class ProgressBoard:
    """Called with what is done and the part of it, 0 to 1, as often as the pipeline likes.

    Shown progress never falls: what has to be sent again had been on its way.
    """

    def __init__(self) -> None:
        self._boards: dict[str, _Board] = {}

    def __call__(self, what: str, part: float) -> None:
        if what not in self._boards:
            self.finish()  # one thing at a time
        now = time.monotonic()
        board = self._boards.setdefault(what, _Board(now))
        has_grown = part > board.part
        board.part = max(board.part, min(part, 1.0))
        is_due = now - board.began_at > _FIRST_AFTER_S and now - board.shown_at > _EVERY_S
        is_last = board.artifact is not None and has_grown and part >= 1
        if is_due or is_last:
            board.shown_at = now
            self._show(board, what)

    def finish(self) -> None:
        """What was begun is done."""
        for what, board in self._boards.items():
            board.part = 1.0
            if board.artifact is not None:
                self._show(board, what)
        self._boards.clear()

    def leave(self) -> None:
        """What was begun broke off: it stays as far as it came."""
        self._boards.clear()

    def _show(self, board: _Board, what: str) -> None:
        percent = round(100 * board.part, 1)  # the UI shows what it is given, digit for digit
        with suppress(httpx.HTTPError):  # a picture of the work must not stop the work
            if board.artifact is None:
                made = create_progress_artifact(percent, description=what, _sync=True)  # type: ignore[call-arg]
                board.artifact = made if isinstance(made, UUID) else None
            else:
                update_progress_artifact(board.artifact, percent, description=what, _sync=True)  # type: ignore[call-arg]
