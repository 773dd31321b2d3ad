"""Which shows one installation serves, and which of them a run is for."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from prefect.runtime import deployment

from pillarcast import settings as knobs
from pillarcast.errors import SettingsError
from pillarcast.model.addresses import slugify
from pillarcast.settings import Settings


@dataclass(frozen=True)
class Served:
    """`key` names the show's deployments and its limit: the folder below shows/, else its title as an address."""

    key: str
    file: Path

    @property
    def limit(self) -> str:
        """The Prefect concurrency limit that keeps two publishes of one show apart."""
        return f"pillarcast-{self.key}"


def served() -> tuple[Served, ...]:
    """The shows that `PILLARCAST_SHOW` names (several as in PATH), else show.toml, else every shows/*/show.toml."""
    files = _show_files()
    shows = tuple(Served(_key(file), file) for file in files)
    if len({show.key for show in shows}) < len(shows):
        raise SettingsError("PILLARCAST_SHOW", "two shows have the same name", "Put each in a folder below shows/.")
    return shows


def show_of_run() -> Served:
    """The show whose deployment started this run; without a deployment the only show there is."""
    files = _show_files()
    if len(files) == 1:
        return Served(_key(files[0]), files[0])
    wanted = deployment.get_name()
    for show in served():
        if show.key == wanted:
            return show
    known = ", ".join(file.parent.name for file in files)
    raise SettingsError(f"deployment {wanted or 'without a name'}", "no show goes by that name", f"Known: {known}.")


def _show_files() -> list[Path]:
    named = str(Settings().show)
    if os.pathsep in named:
        return [Path(part) for part in named.split(os.pathsep) if part]
    if not Path(named).exists():
        return sorted(Path("shows").glob("*/show.toml")) or [Path(named)]
    return [Path(named)]


def _key(file: Path) -> str:
    folder = file.resolve().parent
    if folder.parent.name == "shows":
        return slugify(folder.name) or "show"
    _, show = knobs.load(file)
    return slugify(show.show.title) or slugify(folder.name) or "show"
