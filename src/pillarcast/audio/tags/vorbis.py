"""Vorbis comments for Opus, with chapters as CHAPTER000 and CHAPTER000NAME."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from mutagen import flac as untyped_flac
from mutagen import oggopus as untyped

from pillarcast.audio.tags.room import disk_told, in_their_room
from pillarcast.audio.tags.table import Tags, shown, tellable, told

oggopus: Any = untyped
flac: Any = untyped_flac

_FRONT_COVER = 3
_SPARE = 4096


def save(path: Path, tags: Tags, *, in_place: bool = False) -> None:
    """Replaces the comments of a file. In place, NoRoom where they do not fit."""
    file = oggopus.OggOpus(path)
    file.tags.clear()
    for row, value in told(tags):
        if row.vorbis:
            file.tags[row.vorbis] = [value]
    for number, chapter in enumerate(shown(tags)):
        file.tags[f"CHAPTER{number:03}"] = [_clock(chapter.start_s)]
        file.tags[f"CHAPTER{number:03}NAME"] = [tellable(chapter.title)]
        if chapter.url:
            file.tags[f"CHAPTER{number:03}URL"] = [chapter.url]
    if tags.artwork:
        file.tags["METADATA_BLOCK_PICTURE"] = [_picture(tags.artwork)]
    with disk_told():
        file.save(padding=in_their_room if in_place else lambda _about: _SPARE)


def _clock(seconds: float) -> str:
    whole = round(seconds * 1000)
    return f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}.{whole % 1000:03}"


def _picture(jpeg: bytes) -> str:
    picture = flac.Picture()
    picture.type, picture.mime, picture.data = _FRONT_COVER, "image/jpeg", jpeg
    return base64.b64encode(picture.write()).decode()
