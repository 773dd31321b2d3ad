"""Files in the making on this machine: in a folder that is gone afterwards, and a full disk is said in plain words."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pillarcast.errors import NeedsOperator
from pillarcast.pipeline.studio import Studio

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextmanager
def on_disk(studio: Studio, subject: str) -> Iterator[None]:
    """NeedsOperator, about `subject`, where the disk of the work folder is full or takes nothing."""
    try:
        yield
    except OSError as error:
        what = "the disk is full" if error.errno in _FULL else f"it cannot be written ({error.strerror or error})"
        mend = f"Make room in {studio.work}, then run it again: it goes on where it stopped."
        raise NeedsOperator(subject, what, mend) from error


@contextmanager
def a_folder(studio: Studio, prefix: str, subject: str) -> Iterator[Path]:
    """An empty folder below the work folder."""
    with on_disk(studio, subject):
        studio.work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=studio.work, prefix=prefix) as folder:
            yield Path(folder)
