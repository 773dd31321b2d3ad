"""Tags where others stand already: whether there is room, and what a full disk is called."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mutagen import MutagenError


class NoRoom(Exception):
    """The tags do not fit where the old ones stand; nothing was written."""


def in_their_room(about: Any) -> int:
    """Padding, as mutagen asks for it before it writes, that leaves the file as long as it is."""
    if about.padding < 0:
        raise NoRoom
    return int(about.padding)


@contextmanager
def disk_told() -> Iterator[None]:
    """What mutagen makes a fault of the file is an OSError again: a disk may be full."""
    try:
        yield
    except MutagenError as error:
        if error.args and isinstance(error.args[0], OSError):
            raise error.args[0] from error
        raise
