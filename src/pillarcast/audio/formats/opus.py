"""Opus in Ogg, always at 48 kHz."""

from __future__ import annotations

import shutil
from pathlib import Path

from pillarcast.audio.formats import lossy
from pillarcast.audio.formats.made import Made, Order
from pillarcast.audio.progress import Advance
from pillarcast.audio.tags import vorbis
from pillarcast.audio.tags.room import NoRoom
from pillarcast.audio.tags.table import Tags

_CODEC = lossy.Codec(container="ogg", name="libopus", save=vorbis.save, rate_hz=48000, most_kbps=256)


def make(order: Order, advance: Advance) -> Made:
    """Makes the file at `order.path`."""
    return lossy.make(_CODEC, order, advance)


def retag_in_place(path: Path, tags: Tags) -> bool:
    """Whether the tags and chapters fitted where the old ones stand."""
    try:
        vorbis.save(path, tags, in_place=True)
    except NoRoom:
        return False
    return True


def retag(path: Path, beside: Path, tags: Tags) -> None:
    """A copy of `path` at `beside` with other tags and chapters."""
    shutil.copyfile(path, beside)
    vorbis.save(beside, tags)
