"""An episode as its owner describes it: the words, without files, dates of publishing or receipts."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from pillarcast.model.base import CleanText, Value
from pillarcast.model.chapters import Chapter
from pillarcast.model.feed_episode import EpisodeWords


class EpisodeKind(StrEnum):
    """Apple's `itunes:episodeType`."""

    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"


class Person(Value):
    """`podcast:person`: roles and groups are those of the podcast taxonomy, in lower case."""

    name: CleanText = Field(max_length=128)
    role: CleanText = "host"
    group: CleanText = "cast"
    url: CleanText = ""
    image: CleanText = ""


class Episode(EpisodeWords):
    """Everything that notes, tags and file name say; `summary` is plain text, the notes are a file of their own."""

    title: CleanText = Field(min_length=1, max_length=255)
    summary: CleanText = ""
    kind: EpisodeKind = EpisodeKind.FULL
    season: int | None = Field(default=None, ge=1)
    season_name: CleanText = ""
    number: int | None = Field(default=None, ge=1)
    number_text: CleanText = ""
    is_explicit: bool | None = None
    people: tuple[Person, ...] = ()
    tags: tuple[CleanText, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    artwork_alt: CleanText = ""
    programming_note: str | None = None
