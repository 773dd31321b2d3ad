"""Whether the catalogue knows what lies in a drop folder. One answer, for who asks for runs and for who looks."""

from __future__ import annotations

from pillarcast.model.catalogue import Catalogue, Entry


def taken_by(catalogue: Catalogue, source: str) -> Entry | None:
    """The episode of that name whose recording was taken, and may have been removed from the folder since."""
    standing = (entry for entry in catalogue.entries if entry.recording is not None and entry.retracted_at is None)
    return next((entry for entry in standing if entry.source == source), None)


def is_known(catalogue: Catalogue, source: str, recording_sha256: str) -> bool:
    """By its name, or by its bytes under another one: a second copy is taken with the first. Without a recording it is
    an article, or the notes of one that was removed since.

    A name alone is enough: where other bytes or words stand there under it, they were taken once and somebody brought
    earlier ones back (`restore`), which nothing must overwrite by itself.
    """
    if not recording_sha256:
        return any(piece.source == source for piece in catalogue.pieces)
    return any(
        (entry.source == source and entry.retracted_at is None)
        or (entry.recording is not None and entry.recording.sha256 == recording_sha256)
        for entry in catalogue.entries
    )
