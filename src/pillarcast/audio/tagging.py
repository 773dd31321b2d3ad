"""Tags into a master: in the room that they have where they fit, into a new file that takes its place otherwise."""

from __future__ import annotations

from pathlib import Path

from pillarcast.audio import mp3file
from pillarcast.audio.artwork import fit_artwork
from pillarcast.audio.tags import Tags

__all__ = ["Tags", "fit_artwork", "retag"]


def retag(path: Path, tags: Tags) -> None:
    """Replaces all tags of a master. The bytes of its audio stay as they are; chapters are in the master's time."""
    mp3file.retag(path, tags)
