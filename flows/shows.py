"""Which shows one installation serves. No import of Prefect."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pillarcast import settings as knobs
from pillarcast.errors import PillarcastError, SettingsError
from pillarcast.model.addresses import old_slug


@dataclass(frozen=True)
class Served:
    """`key` names the show's deployments and its limit: the folder below shows/, else its title as an address."""

    key: str
    file: Path

    @property
    def limit(self) -> str:
        """The Prefect concurrency limit that keeps two publishes of one show apart."""
        return f"pillarcast-{self.key}"


def show_named(name: str) -> Served:
    """The show whose deployments go by `name`; where only one was named, that one, which may have another title since.
    A broken one stops no other. In a folder of all the only one that is left is none of those that were taken away."""
    files, known = show_files(), list[Served]()
    broken: list[PillarcastError] = []
    for file in files:
        try:
            known.append(Served(key_of(file), file))
        except PillarcastError as error:
            broken.append(error)
    is_alone = len(files) == 1 and not (name and is_folder_of_all())
    fitting = known if is_alone else [show for show in known if show.key == name]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise _of_one_name()
    if broken:
        raise broken[0]
    names = ", ".join(show.key for show in known)
    raise SettingsError(f"deployment {name or 'without a name'}", "no show goes by that name", f"Known: {names}.")


def served() -> tuple[Served, ...]:
    """The shows that `PILLARCAST_SHOW` names: a file, several as in PATH, or a folder with a folder for each.

    Else show.toml, else every shows/*/show.toml: both from the working folder, which a worker's runs do not have.
    """
    files = show_files()
    shows = tuple(Served(key_of(file), file) for file in files)
    if len({show.key for show in shows}) < len(shows):
        raise _of_one_name()
    return shows


def _of_one_name() -> SettingsError:
    return SettingsError("PILLARCAST_SHOW", "two shows have the same name", "Put each in a folder below shows/.")


def served_now(show: Served) -> Served:
    """The same file's show, by the name that it has now: it may be called otherwise since."""
    return Served(key_of(show.file), show.file)


def show_files() -> list[Path]:
    """Of all shows, as `served` tells; not opened, so that a broken one is in nobody's way."""
    named = str(knobs.named_show())
    if os.pathsep in named:
        return [Path(part) for part in named.split(os.pathsep) if part]
    if Path(named).is_dir():
        return sorted(Path(named).resolve().glob("*/show.toml")) or [Path(named) / "show.toml"]
    if not Path(named).exists():
        return sorted(Path("shows").glob("*/show.toml")) or [Path(named)]
    return [Path(named)]


def is_folder_of_all() -> bool:
    """Whether shows come and go with the folders in one folder, instead of being named one by one."""
    named = knobs.named_show()
    return os.pathsep not in str(named) and not named.is_file()


def key_of(file: Path) -> str:
    folder = file.resolve().parent
    if folder.parent.name == "shows":
        return old_slug(folder.name) or "show"
    _, show = knobs.load(file)
    return old_slug(show.show.title) or old_slug(folder.name) or "show"
