"""The roll: which shows have deployments made by us, so that those of a folder that is gone are found. No Prefect."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from flows.leavers import Stand
from flows.shows import Served, is_folder_of_all
from pillarcast import settings as knobs
from pillarcast.model.base import Value
from pillarcast.model.show import Notify

logger = logging.getLogger("pillarcast.watching")
_FILE = "roll.json"


class Line(Value):
    """`scheduled` are the deployments with a schedule. `notify` is kept for who is told when the show.toml is no longer
    there. `is_away` once those deployments are paused and somebody was told."""

    stand: Stand
    notify: Notify = Notify()
    scheduled: tuple[UUID, ...] = ()
    is_away: bool = False


_LINES: TypeAdapter[dict[str, Line]] = TypeAdapter(dict[str, Line])


@dataclass
class Roll:
    """Lines by the keys of shows. Without a `path` it is forgotten at the end; one that is lost leaves all as it is.
    Several threads may write into it at once."""

    path: Path | None = None
    lines: dict[str, Line] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @classmethod
    def read(cls, path: Path) -> Roll:
        try:
            return cls(path, _LINES.validate_json(path.read_bytes()))
        except (OSError, ValidationError):
            return cls(path)

    def enter(self, key: str, line: Line) -> None:
        with self._lock:
            self.lines[key] = line
            self._write()

    def strike(self, key: str) -> None:
        with self._lock:
            if self.lines.pop(key, None):
                self._write()

    @property
    def expected(self) -> dict[str, Stand]:
        """Those of which nobody was told yet that they are gone."""
        with self._lock:
            return {key: line.stand for key, line in self.lines.items() if not line.is_away}

    def _write(self) -> None:
        """Shows are served without it too: then a folder that is taken away while nothing runs is not noticed."""
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            new = self.path.with_suffix(".new")
            new.write_bytes(_LINES.dump_json(self.lines, indent=1))
            new.replace(self.path)
        except OSError as error:
            logger.warning("%s cannot be written (%s).", self.path, error.strerror)


def roll_of(shows: Sequence[Served]) -> Roll:
    """Of a folder of shows; it lies in the work folder of all, never in that of a show. Others are named one by one."""
    if not is_folder_of_all():
        return Roll()
    settings, _ = knobs.load(shows[0].file)
    return Roll.read(settings.work_dir.resolve() / _FILE)
