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

from pillarcast.errors import NeedsOperator

_FILE = "whose.json"


@dataclass(frozen=True)
class Owner:
    """A show by its folder, and by what its show.toml says that seldom changes together."""

    project: str
    title: str
    description: str

    @property
    def is_gone(self) -> bool:
        return not Path(self.project, "show.toml").exists()

    def may_be(self, other: Owner) -> bool:
        return self.title == other.title or self.description == other.description


def claim(work: Path, bucket: str, owner: Owner) -> None:
    """Notes that the work folder `work`, in which `bucket` lies, is this show's.

    NeedsOperator where neither note nor bucket is there, and another work folder has that of a show which may be this
    one under its former name.
    """
    if not (work / _FILE).exists() and not (work / bucket).exists():
        for other in sorted(work.parent.glob(f"*/{_FILE}")):
            _check(other.parent, bucket, work, owner)
    if _noted(work) != owner:
        _note(work, owner)


def _check(other: Path, bucket: str, work: Path, owner: Owner) -> None:
    former = _noted(other)
    if former is None or not former.is_gone or not former.may_be(owner) or not (other / bucket).exists():
        return
    old, new = (shlex.quote(str(folder)) for folder in (other, work))
    raise NeedsOperator(
        Path(owner.project).name,
        f"has no episodes in {work} yet, and those of “{former.title}”, whose folder {former.project} is gone, are in"
        f" {other}: published from here, every episode would be a new one to listeners",
        f"If it was renamed, name it as before, or stop pillarcast and run `mkdir -p {new} && mv {old}/* {new}/`."
        f" If this is another show, take {other} out of {work.parent}.",
    )


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
