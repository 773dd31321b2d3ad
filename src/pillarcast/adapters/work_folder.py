"""Whose a work folder is, where several shows have theirs side by side, each by the name of the show's folder.

A bucket that lies in it would stay behind where the show's folder is renamed: the show would begin with an empty one,
and with new guids. So each work folder has a note of its show, and a show without a bucket looks for its own first.
"""

from __future__ import annotations

import json
import shlex
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from pillarcast.errors import NeedsOperator, NeedsOwner
from pillarcast.model.reading import read_toml, read_value
from pillarcast.model.show import About

_FILE = "whose.json"


@dataclass(frozen=True)
class Owner:
    """A show by its folder, and by what its show.toml says that seldom changes together."""

    project: str
    title: str
    description: str

    def may_be(self, other: Owner) -> bool:
        return self.title == other.title or self.description == other.description


def claim(work: Path, bucket: str, owner: Owner) -> None:
    """Notes that the work folder `work`, in which `bucket` lies, is this show's.

    NeedsOperator where it is another one's, or nobody's and without a bucket, while another work folder has the bucket
    of a show that may be this one under its former name.
    """
    noted = _noted(work)
    is_own = noted.may_be(owner) if noted else (work / bucket).exists()
    if not is_own:
        for note in sorted(work.parent.glob(f"*/{_FILE}")):
            _check(note.parent, bucket, work, owner)
    if noted != owner:
        _note(work, owner)


def _check(other: Path, bucket: str, work: Path, owner: Owner) -> None:
    former = _noted(other)
    if former is None or other == work or not former.may_be(owner) or not (other / bucket).exists():
        return
    if _is_served(other, former, owner):
        return
    old, new = (shlex.quote(str(folder)) for folder in (other, work))
    is_free = not (work / bucket).exists()
    moving = f", or stop pillarcast and run `mkdir -p {new} && mv {old}/* {new}/`" if is_free else ""
    raise NeedsOperator(
        Path(owner.project).name,
        f"has none of its episodes in {work}, and those of “{former.title}”, whose folder was {former.project}, are in"
        f" {other}: published from here, every episode would be a new one to listeners",
        f"If it was renamed, name it as before{moving}. If this is another show, take {other} out of {work.parent}.",
    )


def _is_served(other: Path, former: Owner, owner: Owner) -> bool:
    """Whether that show is still where it was, or beside us, where the whole installation was moved."""
    homes = Path(former.project), Path(owner.project).with_name(other.name)
    return any(_is_at(home, former) for home in homes)


def _is_at(home: Path, show: Owner) -> bool:
    """A disk that does not answer, or a show.toml that is broken, is not gone."""
    try:
        if not (home / "show.toml").exists():
            return False
        about = read_value(About, read_toml(home / "show.toml").get("show", {}), "show.toml")
    except (OSError, NeedsOwner):
        return True
    return show.may_be(Owner(str(home), about.title, about.description))


def _noted(work: Path) -> Owner | None:
    try:
        return Owner(**json.loads((work / _FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _note(work: Path, owner: Owner) -> None:
    """Who cannot write here cannot publish from here either, and is told so then."""
    with suppress(OSError):
        work.mkdir(parents=True, exist_ok=True)
        new = work / f"{_FILE}.new"
        new.write_text(json.dumps(asdict(owner), ensure_ascii=False, indent=1), "utf-8")
        new.replace(work / _FILE)
