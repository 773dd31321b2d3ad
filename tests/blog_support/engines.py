"""The real engines of blogs, each started once for all suites that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.blog_support.ghost_bed import GhostBed
from tests.blog_support.micropub_bed import MicropubBed
from tests.blog_support.wordpress_bed import WordPressBed
from tests.testbeds.ghost import ghost
from tests.testbeds.micropub import micropub
from tests.testbeds.wordpress import wordpress

Bed = WordPressBed | GhostBed | MicropubBed


@dataclass(frozen=True)
class Engine:
    """How an engine is started in a folder, and what looks behind its interface."""

    start: Callable[[Path], AbstractContextManager[Any]]
    bed: Callable[[Any], Bed]
    kind: str


ENGINES = {
    "WordPress 6.1": Engine(partial(wordpress, "bookworm"), WordPressBed, "wordpress"),
    "WordPress 7.1": Engine(partial(wordpress, "sid"), WordPressBed, "wordpress"),
    "Ghost 6": Engine(ghost, GhostBed, "ghost"),
    "Micropub": Engine(micropub, MicropubBed, "micropub"),
}


def alone(name: str) -> pytest.MarkDecorator:
    """Everything that asks one engine goes to one worker, so that the engine is started once."""
    return pytest.mark.xdist_group(name)


def engine_params(*names: str) -> list[Any]:
    return [pytest.param(name, marks=alone(name)) for name in names]


@dataclass
class Engines:
    """Started when they are first asked for, and stopped with `stack`."""

    folders: Callable[[str], Path]
    stack: ExitStack
    running: dict[str, Any] = field(default_factory=dict)

    def bed(self, name: str) -> Any:
        """A look at the engine of that name."""
        if name not in self.running:
            folder = self.folders(name.lower().replace(" ", "-").replace(".", "-"))
            self.running[name] = self.stack.enter_context(ENGINES[name].start(folder))
        site = self.running[name]
        if name.startswith("WordPress"):
            assert site.version.startswith(name.split()[1]), site.version
        return ENGINES[name].bed(site)


def all_engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    with ExitStack() as stack:
        yield Engines(tmp_path_factory.mktemp, stack)
