"""What the worker is told to do, as lines of JSON.

Written and read by hand: both processes are ours, and to load a library that checks values would take them longer than
all else before the recording is heard.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pillarcast.audio.spec import MasterSpec
from pillarcast.audio.tags.table import Tags


@dataclass(frozen=True)
class MasterJob:
    """A master of `recording`, to be made in the file `part`."""

    recording: Path
    part: Path
    spec: MasterSpec
    tags: Tags

    def rendered(self) -> str:
        paths = {"recording": str(self.recording), "part": str(self.part)}
        return json.dumps({**paths, "spec": _plain_spec(self.spec), "tags": _plain_tags(self.tags)})


def parsed(values: dict[str, Any]) -> MasterJob:
    """The job that was rendered, of what its line holds."""
    paths = Path(values["recording"]), Path(values["part"])
    return MasterJob(*paths, _spec(values["spec"]), _tags(values["tags"]))


def _plain_spec(spec: MasterSpec) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Path) else value for name, value in vars(spec).items()}


def _spec(values: dict[str, Any]) -> MasterSpec:
    beds = {name: Path(values[name]) for name in ("intro", "outro") if values[name] is not None}
    return MasterSpec(**{**values, **beds})


def _plain_tags(tags: Tags) -> dict[str, Any]:
    chapters = [chapter.model_dump(mode="json") for chapter in tags.chapters]
    return {**vars(tags), "chapters": chapters, "artwork": base64.b64encode(tags.artwork or b"").decode()}


def _tags(values: dict[str, Any]) -> Tags:
    from pillarcast.model.chapters import Chapter  # noqa: PLC0415 - who only orders needs no model

    chapters = tuple(Chapter(**chapter) for chapter in values["chapters"])
    return Tags(**{**values, "chapters": chapters, "artwork": base64.b64decode(values["artwork"]) or None})


def frames_path(part: Path) -> Path:
    """The frames of an MP3, beside the file `part` in which it is made."""
    return part.with_name(f"{part.name}.frames")


def forget(part: Path) -> None:
    """Takes away what is in the making."""
    for path in (part, frames_path(part)):
        path.unlink(missing_ok=True)
