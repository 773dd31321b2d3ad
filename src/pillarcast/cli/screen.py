"""What the owner sees: lines, a progress bar while something takes its time, or JSON for scripts."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from pillarcast.errors import Problem, masked
from pillarcast.wiring import House, open_house

NOTHING_QUEUED = "nothing is queued for it"


@contextmanager
def opened(arguments: Namespace) -> Iterator[House]:
    """The show that the arguments name, with progress on the screen where somebody looks at it."""
    is_shown = sys.stderr.isatty() and not arguments.json
    with _progress(is_shown=is_shown) as progress, open_house(arguments.show, say, progress) as house:
        yield house


def say(line: str = "") -> None:
    _print(line, sys.stdout)


def complain(problems: tuple[Problem, ...] | list[Problem]) -> None:
    for problem in problems:
        _print(f"{'warning: ' if problem.is_warning else ''}{problem}", sys.stderr)


def _print(line: str, stream: TextIO) -> None:
    """Where nobody reads on, as after `| head`, the command does its work to the end, and in silence."""
    try:
        print(line, file=stream, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def print_json(value: Any, *, has_addresses: bool = False) -> None:
    """Addresses of private feeds are cut, unless it `has_addresses` because somebody asked for them."""
    text = json.dumps(value, indent=2, ensure_ascii=False, default=_plain)
    say(text if has_addresses else masked(text))


def amount(count: int, what: str) -> str:
    """`1 episode`, `2 episodes`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def when(moment: datetime | None, zone: ZoneInfo) -> str:
    """`Thu 26 Nov 2026 06:00 EST`."""
    return moment.astimezone(zone).strftime("%a %d %b %Y %H:%M %Z") if moment else "no date yet"


def ask(question: str) -> bool:
    """Yes or no from whoever sits there; no where nobody does."""
    if not sys.stdin.isatty():
        return False
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}


@contextmanager
def _progress(*, is_shown: bool) -> Iterator[Callable[[str, float], None]]:
    if not is_shown:
        yield lambda _what, _part: None
        return
    from rich.console import Console  # noqa: PLC0415 - scripts do not wait for it
    from rich.progress import Progress, TaskID  # noqa: PLC0415

    bars: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True), transient=True) as shown:

        def progress(what: str, part: float) -> None:
            if what not in bars:
                bars[what] = shown.add_task(what, total=1.0)
            shown.update(bars[what], completed=part)

        yield progress


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)
