"""The private files of an episode that become public when it airs."""

from __future__ import annotations

from pillarcast.model.addresses import media_key
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Entry
from pillarcast.model.wanted import WantedCopy


def copies_of(entry: Entry) -> tuple[WantedCopy, ...]:
    """Audio first, then artwork and transcript; nothing that another server keeps."""
    masters = [entry.master, *entry.alternates] if entry.master else []
    files = [*(master.file for master in masters), entry.artwork, entry.transcript]
    return tuple(copy_of(file, entry.slug, entry.episode.title) for file in files if file and file.key)


def copy_of(file: FileRef, slug: str, title: str) -> WantedCopy:
    key = media_key(file.sha256, slug, file.media_type)
    return WantedCopy(key=key, source=file, file_name=key.rpartition("/")[2], title=title)
