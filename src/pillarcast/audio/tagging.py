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
    if path.suffix.lower() == ".mp3":
        from pillarcast.audio.mp3 import retagging  # noqa: PLC0415 - the command line starts without mutagen

        if retagging.retag_in_place(path, tags):
            return
    beside = path.with_name(f".{path.name}.part")
    try:
        _copier(path)(path, beside, tags)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _copier(path: Path) -> Callable[[Path, Path, Tags], None]:
    from pillarcast.audio.formats import m4a, opus  # noqa: PLC0415
    from pillarcast.audio.mp3 import retagging  # noqa: PLC0415

    copiers = {".mp3": retagging.retag, ".m4a": m4a.retag, ".opus": opus.retag}
    if path.suffix.lower() not in copiers:
        raise Unsupported(path.name, "holds no master that we make", "Masters are .mp3, .m4a or .opus files.")
    return copiers[path.suffix.lower()]
