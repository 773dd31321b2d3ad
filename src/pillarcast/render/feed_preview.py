"""The feed that an import would lead to, before anything is imported: the same renderers, nothing written."""

from __future__ import annotations

import hashlib
import uuid
from datetime import UTC, datetime

from pillarcast.model.addresses import FEED, Addresses
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.imported import ImportedEpisode, ImportedShow
from pillarcast.model.importing import Moved, entry_of
from pillarcast.model.schedule import Schedule
from pillarcast.model.show import Show
from pillarcast.model.view import View, view_of
from pillarcast.render.feed import feed_objects
from pillarcast.render.feed_reader_show import PODCAST_NAMESPACE

_ARTWORK = FileRef(key="private/files/artwork.jpg", sha256="0" * 64, length_bytes=1, media_type="image/jpeg")
_THEN = datetime(1970, 1, 1, tzinfo=UTC)


def preview(imported: ImportedShow, addresses: Addresses) -> bytes:
    """The main feed, with all media where they are now."""
    view, bodies = preview_view(imported, addresses)
    for wanted in feed_objects(view):
        bodies[wanted.key] = wanted.render({key: bodies[key] for key in wanted.needs})
    return bodies[FEED]


def preview_view(imported: ImportedShow, addresses: Addresses) -> tuple[View, dict[str, bytes]]:
    """What renderers would see of the imported show, and the notes files by their keys."""
    bodies: dict[str, bytes] = {}
    entries = []
    for episode in imported.episodes:
        notes = _notes(episode)
        if notes is not None:
            bodies[notes.key] = episode.notes.encode()
        entries.append(entry_of(episode, Moved(notes=notes), _THEN))
    feed = imported.feed.model_copy(update={"compressed_copy": False})
    show = Show(show=imported.about, feed=feed, schedule=Schedule(every=f"{imported.weekday} 06:00"))
    guid = imported.feed.guid or str(uuid.uuid5(PODCAST_NAMESPACE, addresses.feed.partition("://")[2]))
    catalogue = Catalogue(show_guid=guid, entries=tuple(entries))
    return view_of(show, _ARTWORK, catalogue, addresses), bodies


def _notes(episode: ImportedEpisode) -> FileRef | None:
    if not episode.notes:
        return None
    sha256 = hashlib.sha256(episode.notes.encode()).hexdigest()
    return FileRef(key=f"notes/{sha256}", sha256=sha256, length_bytes=1, media_type="text/markdown")
