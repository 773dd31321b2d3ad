"""Other tags for an MP3 master."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pillarcast.audio.mp3 import file
from pillarcast.audio.tags import id3
from pillarcast.audio.tags.table import Tags


def retag_in_place(path: Path, tags: Tags) -> bool:
    """Whether the tags fitted into the room of those that stand there: then a few kilobytes were written."""
    room = file.tag_room(path)
    tag = id3.render(tags, file.seconds(path), id3.receipt(path), room)
    if len(tag) != room:
        return False
    with path.open("r+b") as opened:
        opened.write(tag)
    return True


def retag(path: Path, beside: Path, tags: Tags) -> None:
    """A copy of `path` at `beside` with other tags."""
    tag = id3.render(tags, file.seconds(path), id3.receipt(path))
    file.write(beside, _with_audio(tag, path))


def _with_audio(tag: bytes, path: Path) -> Iterator[bytes]:
    yield tag
    with path.open("rb") as opened:
        opened.seek(file.tag_room(path))
        while piece := opened.read(file.PIECE):
            yield piece
