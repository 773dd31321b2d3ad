"""What the doctor finds, and what would mend it, as data: `doctor` prints it, `--repair` carries out the same."""

from __future__ import annotations

from dataclasses import dataclass

from pillarcast.errors import Problem
from pillarcast.model.base import FileRef


@dataclass(frozen=True)
class Recover:
    """The catalogue comes back from a kept version, or from what the bucket holds."""


@dataclass(frozen=True)
class IndexAnew:
    """The cards in the catalogue are written anew, from its entries."""


@dataclass(frozen=True)
class KeepVersion:
    """The catalogue as it stands is kept as a version."""


@dataclass(frozen=True)
class BringBack:
    """A private file is copied back from its public twin."""

    twin: str
    file: FileRef


@dataclass(frozen=True)
class MasterAnew:
    """The master of an episode that never aired is made again from its recording."""

    guid: str


@dataclass(frozen=True)
class WriteAgain:
    """The receipt of an object is doubted, so that the next publish writes it again."""

    key: str


@dataclass(frozen=True)
class Remove:
    """An object of ours that nobody wants goes."""

    key: str


@dataclass(frozen=True)
class Sweep:
    """A private object that nothing needs and that can be made again goes."""

    key: str


@dataclass(frozen=True)
class PostAgain:
    """The receipt of a post is doubted, so that the next publish puts it right."""

    record: str


@dataclass(frozen=True)
class Publish:
    """What is left over from a run that did not end is done."""


Cure = Recover | IndexAnew | KeepVersion | BringBack | MasterAnew | WriteAgain | Remove | Sweep | PostAgain | Publish


@dataclass(frozen=True)
class Finding:
    """One thing that disagrees with another. Without a `cure` a person has to do what `mend` says."""

    subject: str
    what: str
    mend: str
    cure: Cure | None = None
    is_warning: bool = False

    @property
    def problem(self) -> Problem:
        return Problem(self.subject, self.what, self.mend, self.is_warning)
