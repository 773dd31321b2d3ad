"""What every format makes of a sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pillarcast.audio.measure.summary import Told
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.progress import Advance
from pillarcast.audio.sound import Sound
from pillarcast.audio.spec import MasterSpec
from pillarcast.audio.tags.table import Tags


@dataclass(frozen=True)
class Order:
    """A treated sound, its survey, and what to make of it; `path` is where the file goes, tags included."""

    sound: Sound
    survey: Survey
    spec: MasterSpec
    tags: Tags
    path: Path
    name: str


@dataclass(frozen=True)
class Made:
    """A file, and what was measured of it after encoding."""

    after: Survey
    told: Told
    bitrate_kbps: int
    sha256: str
    length_bytes: int


Make = Callable[[Order, Advance], Made]
