"""What the worker is told to do: plain values that survive JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pillarcast.audio.spec import MasterSpec
from pillarcast.audio.tags.table import Tags


@dataclass(frozen=True)
class MasterJob:
    """`artwork` is base64 and stands apart from the tags, whose own is left out."""

    recording: Path
    part: Path
    spec: MasterSpec
    tags: Tags
    artwork: str = ""


@dataclass(frozen=True)
class ProbeJob:
    recording: Path


Job = MasterJob | ProbeJob


def frames_path(part: Path) -> Path:
    """The frames of an MP3, beside the file `part` in which it is made."""
    return part.with_name(f"{part.name}.frames")


def forget(part: Path) -> None:
    """Takes away what is in the making."""
    for path in (part, frames_path(part)):
        path.unlink(missing_ok=True)
