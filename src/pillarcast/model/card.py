"""Cards: the few words of an episode that lists, names, the guard and the ledger ask of every one there is.

Its whole entry is parsed only where a page, a part of the feed or a command is about that very episode.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeAlias

from pydantic_core import to_json

from pillarcast.model.addresses import Addresses
from pillarcast.model.base import FileRef, digest
from pillarcast.model.episode import Episode, EpisodeKind


class Filed(NamedTuple):
    """A file of an episode; `key` is empty where another server keeps it."""

    key: str
    sha256: str


class Card(NamedTuple):
    """`audio` is the key of the main audio among what is public, `media_url` its address where another host has it;
    both are empty before there is a master, and where its kind has no name. `is_kept` says whether the audio lies in
    our bucket. `face` is a digest of all that lists show, so that a list of what stays as it was need not be put into
    words."""

    guid: str
    slug: str
    source: str
    title: str
    summary: str
    kind: EpisodeKind
    number: int | None
    number_text: str
    season: int | None
    season_name: str
    people: tuple[str, ...]
    tags: tuple[str, ...]
    published_at: datetime | None
    retracted_at: datetime | None
    audio: str
    media_url: str
    is_kept: bool
    length_bytes: int
    duration_s: float
    notes: Filed | None
    artwork: Filed | None
    transcript: Filed | None
    face: str = ""

    @property
    def has_audio(self) -> bool:
        return bool(self.audio or self.media_url)

    @property
    def aired_at(self) -> datetime:
        """Of one that is or was live."""
        assert self.published_at is not None
        return self.published_at

    def with_face(self) -> Card:
        files = [
            (bool(file.key), file.sha256) if file else None for file in (self.notes, self.artwork, self.transcript)
        ]
        shown = (self.slug, self[_WORDS], self.published_at, self.duration_s, files)
        return self._replace(face=digest(to_json(shown)))

    def audio_url(self, addresses: Addresses) -> str:
        """What the feed names. ValueError for what it cannot name: a fault of the caller."""
        if not self.has_audio:
            raise ValueError(f"{self.slug} has no audio that can be public")
        return self.media_url or addresses.of(self.audio)


_WORDS = slice(Card._fields.index("title"), Card._fields.index("tags") + 1)


Words: TypeAlias = tuple[str, str, EpisodeKind, int | None, str, int | None, str, tuple[str, ...], tuple[str, ...]]
"""What a card says of the episode's own words: its fields from `title` to `tags`."""


def words_of(episode: Episode) -> Words:
    return (
        episode.title,
        episode.summary,
        episode.kind,
        episode.number,
        episode.number_text,
        episode.season,
        episode.season_name,
        tuple([person.name for person in episode.people]),
        episode.tags,
    )


def filed(file: FileRef | None) -> Filed | None:
    return Filed(file.key, file.sha256) if file else None
