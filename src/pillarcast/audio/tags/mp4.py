"""MP4 atoms for M4A. Chapters are no tags there but a text track and a list of Nero's, which the muxer writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mutagen import mp4 as untyped

from pillarcast.audio.tags.room import disk_told, in_their_room
from pillarcast.audio.tags.table import Tags, told

mp4: Any = untyped

_SPARE = 16384
_FREEFORM = "----:"
_NUMBERED = {"trkn", "disk"}
_HIGHEST = 0xFFFF
"""Two bytes hold a number: one that is a date is left out."""

_FLAGS = {"pcst"}
_RATINGS = {"rtng": [1]}
"""iTunes' advisory: 1 for explicit."""


def save(path: Path, tags: Tags, *, in_place: bool = False) -> None:
    """Replaces the tags of a file, leaving room for longer ones. In place, NoRoom where they do not fit."""
    file = mp4.MP4(path)
    if file.tags is None:
        file.add_tags()
    file.tags.clear()
    for row, value in told(tags):
        if row.mp4 and not (row.mp4 in _NUMBERED and int(value) > _HIGHEST):
            file.tags[row.mp4] = _atom(row.mp4, value)
    if tags.artwork:
        file.tags["covr"] = [mp4.MP4Cover(tags.artwork, mp4.MP4Cover.FORMAT_JPEG)]
    with disk_told():
        file.save(padding=in_their_room if in_place else lambda _about: _SPARE)


def _atom(name: str, value: str) -> Any:
    if name in _NUMBERED:
        return [(int(value), 0)]
    if name in _FLAGS:
        return True
    if name in _RATINGS:
        return _RATINGS[name]
    if name.startswith(_FREEFORM):
        return [mp4.MP4FreeForm(value.encode(), mp4.AtomDataType.UTF8)]
    return [value]
