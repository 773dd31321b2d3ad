"""One screen that says what runs where, and what the runs did. On a terminal it moves; in a log it is lines."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen
from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pillarcast.cli.up_places import Place
from pillarcast.errors import PillarcastError

_EVERY_S = 2.0
_RUNS = 8
_MARKS = {"COMPLETED": ("✓", "green"), "FAILED": ("✗", "red"), "CRASHED": ("✗", "red"), "CANCELLED": ("–", "yellow")}


class Died(PillarcastError):
    """What must stay alive while `up` runs ended by itself."""


@dataclass
class Screen:
    """`login` is `user:password` of the UI, or empty."""

    ui: str
    places: list[Place]
    login: str = field(default="", repr=False)
    console: Console = field(default_factory=lambda: Console(highlight=False))
    _line: str = ""
    _processes: dict[str, tuple[Popen[bytes], Path]] = field(default_factory=dict)
    _runs: list[dict[str, Any]] = field(default_factory=list)
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
        self.say("Ready. Drop a recording, or press Run in the UI. Ctrl-C stops everything.")
        if not self._live:
            self.console.print(self._picture())

    def follow(self) -> None:
        """Until a signal comes. Died where something that must stay alive ended."""
        while True:
            for name, (process, log) in self._processes.items():
                if process.poll() is not None:
                    raise Died(name, "ended by itself", f"Its log tells why: {log}")
            for line in filter(None, (place.news() for place in self.places)):
                self.note(line)
            self._runs = self._recent_runs()
            if self._live:
                self._live.update(self._picture())
            else:
                self._tell_ended()
            time.sleep(_EVERY_S)

    def _picture(self) -> RenderableType:
        where = Table.grid(padding=(0, 2))
        where.add_column(no_wrap=True, style="bold")
        where.add_column(overflow="fold")
        for place in self.places:
            for name, value in place.rows():
                where.add_row(name, value)
        where.add_row("Prefect UI", self.ui + ("  (log in with pillarcast:YOUR-PASSWORD)" if self.login else ""))
        runs = [_run_line(run) for run in self._runs]
        return Group(where, Text(), *runs, *([Text()] if runs else []), Text(self._line, style="dim"))

    def _tell_ended(self) -> None:
        """Each run once; those of an earlier `up` were told by that one."""
        for run in reversed(self._runs):
            is_ours = datetime.fromisoformat(run["start_time"]) >= self._began_at
            if is_ours and run["state_type"] in _MARKS and run["id"] not in self._told:
                self._told.add(run["id"])
                self.console.print(_run_line(run))

    def _recent_runs(self) -> list[dict[str, Any]]:
        """The newest runs that have begun; none while the server does not answer."""
        body = {"sort": "START_TIME_DESC", "limit": _RUNS, "flow_runs": {"start_time": {"is_null_": False}}}
        headers = {"Content-Type": "application/json"}
        if self.login:
            headers["Authorization"] = "Basic " + b64encode(self.login.encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - an http address of ours
            f"{self.ui}/api/flow_runs/filter", json.dumps(body).encode(), headers
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
                found: list[dict[str, Any]] = json.load(answer)
        except (urllib.error.URLError, OSError, ValueError):
            return self._runs
        return found


def _run_line(run: dict[str, Any]) -> Text:
    mark, colour = _MARKS.get(run["state_type"], ("…", "cyan"))
    began = datetime.fromisoformat(run["start_time"]).astimezone()
    message = (run.get("state") or {}).get("message") or ""
    line = Text(f"{began:%H:%M:%S} ", style="dim")
    line.append(f"{mark} ", style=colour)
    line.append(run["name"])
    if message:
        line.append(f"  {message.splitlines()[0]}", style="red" if colour == "red" else "dim")
    return line
