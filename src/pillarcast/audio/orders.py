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
