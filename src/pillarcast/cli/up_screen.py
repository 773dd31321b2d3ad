"""One screen that says what runs where, and what the runs did. On a terminal it moves; in a log it is lines."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.style import Style
from rich.text import Text

from pillarcast.cli.rows import in_rows
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
_ADDRESS = re.compile(r"https?://\S+")
_BELOW = "\n" + " " * len("00:00:00 ✗ ")
_UNDER_WAY, _WAITING = ("…", "cyan"), ("?", "yellow")


def _console() -> Console:
    """In a log no line is cut in two: somebody searches it."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_LOG_WIDTH)


def _now() -> datetime:
    return datetime.now(UTC)


class Died(PillarcastError):
    """What must stay alive while `up` runs ended by itself."""


@dataclass
class Screen:
    runs: Runs
    places: Places
    console: Console = field(default_factory=_console)
    now: Callable[[], datetime] = _now
    _line: str = ""
    _processes: dict[str, tuple[Popen[bytes], Path]] = field(default_factory=dict)
    _seen: list[Run] = field(default_factory=list)
    _told: set[str] = field(default_factory=set)
    _began_at: datetime = field(init=False)
    _live: Live | None = None

    def __post_init__(self) -> None:
        self._began_at = self.now()

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
        """What stays to be read, above what moves; whole, as it may name an address."""
        self.console.print(line, markup=False, soft_wrap=True)

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
        rows = [row for place in self.places.every for row in place.rows()]
        rows.append(("Prefect UI", self.runs.ui))
        if self.runs.login:
            rows.append(("  log in", "pillarcast:YOUR-PASSWORD"))
        where = [row for row, _ in in_rows(rows, self.console.width)]
        runs = [self._run_line(run) for run in self._seen[:_RUNS]]
        return Group(*where, Text(), *runs, *([Text()] if runs else []), Text(self._line, style="dim"))

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
        is_of_today = moment.date() == self.now().astimezone().date()
        line = Text(f"{moment:%H:%M:%S} " if is_of_today else f"{moment:%a %d %b %H:%M} ", style="dim")
        line.append(f"{mark} ", style=colour)
        line.append(run["name"])
        if message:
            line.append(f"  {message}".replace("\n", _BELOW), style=colour if colour != "green" else "dim")
            for found in _ADDRESS.finditer(line.plain):  # each part of one that is broken leads to the whole
                line.stylize(Style(link=found[0]), *found.span())
        return line


def _moment(run: Run) -> datetime:
    """When it ended; of what goes on, when it became what it is."""
    return datetime.fromisoformat(run["end_time"] or run["state"]["timestamp"])
