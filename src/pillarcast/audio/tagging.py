"""Tags into a master: in the room that they have where they fit, into a new file that takes its place otherwise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pillarcast.audio.artwork import fit_artwork
from pillarcast.audio.tags.table import Tags
from pillarcast.errors import Unsupported

__all__ = ["Tags", "fit_artwork", "retag"]


def retag(path: Path, tags: Tags) -> None:
    """Replaces all tags of a master (.mp3, .m4a or .opus), whose audio stays as it is, bit for bit.

    `tags.chapters` are in the master's own time. Nothing is left half done where the tags do not fit their room.
    """
    in_place, copy = _ways(path)
    if in_place(path, tags):
        return
    beside = path.with_name(f".{path.name}.part")
    try:
        copy(path, beside, tags)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _ways(path: Path) -> tuple[Callable[[Path, Tags], bool], Callable[[Path, Path, Tags], None]]:
    """Only what a format needs is loaded: most masters need no codec for this."""
    match path.suffix.lower():
        case ".mp3":
            from pillarcast.audio.mp3 import retagging as mp3  # noqa: PLC0415

            return mp3.retag_in_place, mp3.retag
        case ".m4a":
            from pillarcast.audio.formats import m4a  # noqa: PLC0415

            return m4a.retag_in_place, m4a.retag
        case ".opus":
            from pillarcast.audio.formats import opus  # noqa: PLC0415

            return opus.retag_in_place, opus.retag
    raise Unsupported(path.name, "holds no master that we make", "Masters are .mp3, .m4a or .opus files.")
