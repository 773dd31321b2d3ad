"""Shows that come while others are served: a folder with a show.toml is all that it takes. No import of Prefect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flows.shows import show_files
from pillarcast.errors import PillarcastError
from pillarcast.pipeline.drops import Look, look_at


@dataclass
class Newcomers:
    """`known` are the files of the shows that are served; whoever serves another adds it."""

    known: set[Path]
    _seen: dict[Path, Look] = field(default_factory=dict)
    _said: dict[Path, str] = field(default_factory=dict)

    def at_rest(self) -> list[Path]:
        """Files of other shows that are as they were at the look before: nobody is writing them any more."""
        before, self._seen = self._seen, dict(_looks(set(show_files()) - self.known))
        return sorted(file for file, look in self._seen.items() if before.get(file) == look)

    def refused(self, file: Path, error: PillarcastError) -> str:
        """What is to be said of a show that cannot be served; once, until it is something else."""
        line = f"{file.parent.name}: {' '.join(str(error).split())} Until then this new show is not served."
        is_news = self._said.get(file) != line
        self._said[file] = line
        return line if is_news else ""


def _looks(files: Iterable[Path]) -> Iterator[tuple[Path, Look]]:
    for file in files:
        if file.is_file():
            yield file, look_at(file)
