"""An episode as the public gets it: what every renderer sees."""

from __future__ import annotations

from pillarcast.model.addresses import Addresses, media_key
from pillarcast.model.base import FileRef, Instant, Value
from pillarcast.model.card import Card, filed, words_of
from pillarcast.model.catalogue import Entry
from pillarcast.model.chapters import shifted
from pillarcast.model.episode import Episode
from pillarcast.model.master import Master


class Enclosure(Value):
    """The audio in the feed: URL, length in bytes, media type; `key` is empty where another host keeps it."""

    url: str
    length_bytes: int
    media_type: str
    sha256: str = ""
    key: str = ""


class Published(Value):
    """A live episode. `notes` and `transcript` are files; renderers get their bytes by key."""

    guid: str
    slug: str
    episode: Episode
    published_at: Instant
    enclosure: Enclosure
    alternates: tuple[Enclosure, ...] = ()
    duration_s: float
    page_url: str
    peaks: str = ""
    notes: FileRef | None = None
    artwork: FileRef | None = None
    transcript: FileRef | None = None

    @property
    def card(self) -> Card:
        """What lists say of it; where its recording lies is no matter there."""
        return Card(
            self.guid,
            self.slug,
            "",
            *words_of(self.episode),
            published_at=self.published_at,
            retracted_at=None,
            audio=self.enclosure.key,
            media_url="" if self.enclosure.key else self.enclosure.url,
            is_kept=bool(self.enclosure.key),
            length_bytes=self.enclosure.length_bytes,
            duration_s=self.duration_s,
            notes=filed(self.notes),
            artwork=filed(self.artwork),
            transcript=filed(self.transcript),
        ).with_face()


def published(entry: Entry, addresses: Addresses) -> Published:
    """The public view of a live entry. ValueError for one that is not live: a fault of the caller."""
    if entry.master is None or entry.published_at is None or entry.retracted_at is not None:
        raise ValueError(f"{entry.slug} is {entry.state}, not live")
    return Published(
        guid=entry.guid,
        slug=entry.slug,
        episode=_as_heard(entry.episode, entry.master),
        published_at=entry.published_at,
        enclosure=enclosure_of(entry, entry.master, addresses),
        alternates=tuple(enclosure_of(entry, master, addresses) for master in entry.alternates),
        duration_s=entry.master.duration_s,
        page_url=addresses.page(entry.slug),
        peaks=entry.master.peaks,
        notes=entry.notes,
        artwork=entry.artwork,
        transcript=entry.transcript,
    )


def _as_heard(episode: Episode, master: Master) -> Episode:
    """With its chapters where they are in the master, after what was cut away or joined in front."""
    if not master.chapters_shift_s:
        return episode
    return episode.model_copy(
        update={"chapters": shifted(episode.chapters, master.chapters_shift_s, master.duration_s)}
    )


def enclosure_of(entry: Entry, master: Master, addresses: Addresses) -> Enclosure:
    """One of the episode's masters as the feed names it."""
    file = master.file
    if entry.media_url and not file.key:
        return Enclosure(url=entry.media_url, length_bytes=file.length_bytes, media_type=file.media_type)
    key = media_key(file.sha256, entry.slug, file.media_type)
    return Enclosure(
        url=addresses.of(key),
        length_bytes=file.length_bytes,
        media_type=file.media_type,
        sha256=file.sha256,
        key=key,
    )
