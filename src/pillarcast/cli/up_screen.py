"""One screen that says what runs where, and what the runs did. On a terminal it moves; in a log it is lines."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pillarcast.cli.runs import Run, Runs
from pillarcast.cli.up_places import Places
from pillarcast.errors import PillarcastError

_EVERY_S = 2.0
_RUNS = 8
"""So many are on the picture."""
_LOOK_BACK = 100
"""So many may end between two looks, and each is told of."""
_LOG_WIDTH = 1000
_WAITS = "PAUSED"
_MARKS = {"COMPLETED": ("✓", "green"), "FAILED": ("✗", "red"), "CRASHED": ("✗", "red"), "CANCELLED": ("–", "yellow")}
_BELOW = "\n" + " " * len("00:00:00 ✗ ")
_UNDER_WAY, _WAITING = ("…", "cyan"), ("?", "yellow")


def _console() -> Console:
    """In a log no line is cut in two: somebody searches it."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_LOG_WIDTH)


class Died(PillarcastError):
    """What must stay alive while `up` runs ended by itself."""


@dataclass
class Screen:
    runs: Runs
    places: Places
    console: Console = field(default_factory=_console)
    _line: str = ""
    _processes: dict[str, tuple[Popen[bytes], Path]] = field(default_factory=dict)
    _seen: list[Run] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)
    _began_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    _live: Live | None = None

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._live = Live(self._picture(), console=self.console, refresh_per_second=4, transient=False)
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def say(self, line: str) -> None:
        self._line = line
        if self._live:
            self._live.update(self._picture())
        elif line:
            self.console.print(line, markup=False)

    def note(self, line: str) -> None:
        """What stays to be read, above what moves."""
        self.console.print(line, markup=False)

    def watch(self, processes: dict[str, tuple[Popen[bytes], Path]]) -> None:
        """What must stay alive, with its log."""
        self._processes = processes
        self._line = "Ready. Drop a recording, or press Run in the UI. Ctrl-C stops everything."
        if self._live:
            self._live.update(self._picture())
        else:
            self.console.print(self._picture())

    def follow(self) -> None:
        """Until a signal comes. Died where something that must stay alive ended."""
        while True:
            for name, (process, log) in self._processes.items():
                if process.poll() is not None:
                    raise Died(name, "ended by itself", f"Its log tells why: {log}")
            for line in self.places.news():
                self.note(line)
            self._seen = self._look()
            if self._live:
                self._live.update(self._picture())
            else:
                self._tell()
            time.sleep(_EVERY_S)

    def _picture(self) -> RenderableType:
        where = Table.grid(padding=(0, 2))
        where.add_column(no_wrap=True, style="bold")
        where.add_column(overflow="fold")
        for place in self.places.every:
            for name, value in place.rows():
                where.add_row(name, value)
        where.add_row(
            "Prefect UI", self.runs.ui + ("  (log in with pillarcast:YOUR-PASSWORD)" if self.runs.login else "")
        )
        runs = [self._run_line(run) for run in self._seen[:_RUNS]]
        return Group(where, Text(), *runs, *([Text()] if runs else []), Text(self._line, style="dim"))

    def _tell(self) -> None:
        """Each run once when it ended, and each question once; those of an earlier `up` were told by that one."""
        for run in sorted(self._seen, key=_moment):
            is_told = run["state_type"] in _MARKS or run["state_type"] == _WAITS
            if is_told and _moment(run) >= self._began_at and run["state_id"] not in self._told:
                self._told.add(run["state_id"])
                self.console.print(self._run_line(run))

    def _look(self) -> list[Run]:
        """Who asks and who works first, then the last to end; as before while the server does not answer."""
        under_way, ended = self.runs.under_way(_RUNS), self.runs.ended(_LOOK_BACK)
        if under_way is None or ended is None:
            return self._seen
        return sorted(under_way, key=lambda run: bool(run["state_type"] != _WAITS)) + ended

    def _run_line(self, run: Run) -> Text:
        is_waiting = run["state_type"] == _WAITS
        mark, colour = _WAITING if is_waiting else _MARKS.get(run["state_type"], _UNDER_WAY)
        message = self.runs.where_to_press(run) if is_waiting else (run.get("state") or {}).get("message") or ""
        moment = _moment(run).astimezone()
        is_of_today = moment.date() == datetime.now(UTC).astimezone().date()
        line = Text(f"{moment:%H:%M:%S} " if is_of_today else f"{moment:%a %d %b %H:%M} ", style="dim")
        line.append(f"{mark} ", style=colour)
        line.append(run["name"])
        if message:
            line.append(f"  {message}".replace("\n", _BELOW), style=colour if colour != "green" else "dim")
        return line


def _moment(run: Run) -> datetime:
    """When it ended; of what goes on, when it became what it is."""
    return datetime.fromisoformat(run["end_time"] or run["state"]["timestamp"])
