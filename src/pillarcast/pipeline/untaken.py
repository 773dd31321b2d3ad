"""What lies in the drop folders and is not, or not so, in the catalogue. A recording is read only where it must be."""

from __future__ import annotations

from pillarcast.model.catalogue import Catalogue
from pillarcast.model.known import is_known
from pillarcast.pipeline.drops import Drop
from pillarcast.pipeline.files import file_ref


def is_untaken(catalogue: Catalogue, drop: Drop) -> bool:
    """Whether the catalogue knows it neither by its name nor, under another one, by its bytes."""
    if any(piece.source == drop.name for piece in catalogue.pieces):
        return False
    if drop.recording is None or not _may_be_a_copy(catalogue, drop):
        return True
    return not is_known(catalogue, drop.name, file_ref(drop.recording, "").sha256)


def has_other_audio(catalogue: Catalogue, drop: Drop) -> bool:
    """For what has not aired: other audio under a live episode is refused, and `status` says so. Told by the length
    alone: to read hours of sound would take too long for a look."""
    if drop.recording is None:
        return False
    length = drop.recording.stat().st_size
    waiting = (entry for entry in catalogue.queue if entry.source == drop.name)
    return any(entry.recording is not None and entry.recording.length_bytes != length for entry in waiting)


def _may_be_a_copy(catalogue: Catalogue, drop: Drop) -> bool:
    assert drop.recording is not None
    length = drop.recording.stat().st_size
    return any(entry.recording is not None and entry.recording.length_bytes == length for entry in catalogue.entries)
