"""Notes beside a recording: YAML front matter between two lines of `---`, then show notes in Markdown."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import Field, TypeAdapter, ValidationError, ValidationInfo, field_validator

from pillarcast.errors import NotesError
from pillarcast.model.base import CleanText, Value
from pillarcast.model.chapters import Chapter, parse_stamp
from pillarcast.model.episode import Episode, EpisodeKind, Person
from pillarcast.model.feed_episode import EpisodeWords
from pillarcast.model.front_matter import split
from pillarcast.model.reading import read_value
from pillarcast.model.web import check_addresses

MAX_NOTES_BYTES = 1_000_000
_YEARS = range(2000, 2200)
_LONGEST_S = 360_000
NEXT_SLOT = "next slot"
_MOMENT = TypeAdapter(datetime)


class NotesKind(StrEnum):
    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"
    ARTICLE = "article"


class WrittenChapter(Value):
    """One line of `chapters`, as people write it."""

    at: str = Field(description="Where it begins, such as 12:34.")
    title: CleanText = Field(description="What listeners see.")
    url: CleanText = Field(default="", description="A link for it.")
    image: CleanText = Field(default="", description="The address of a picture for it.")

    @field_validator("at", mode="before")
    @classmethod
    def _sexagesimal(cls, at: object) -> object:
        """YAML 1.1 reads an unquoted 12:34 as the number 754."""
        return str(at) if isinstance(at, (int, float)) and not isinstance(at, bool) else at

    @field_validator("at")
    @classmethod
    def _is_stamp(cls, at: str) -> str:
        if not _seconds(at) < _LONGEST_S:
            raise ValueError("no episode is as long as that")
        return at


class FrontMatter(EpisodeWords):
    """What may stand between the `---` lines; every field may be left out."""

    title: CleanText = Field(default="", max_length=255, description="The episode's title, without its number.")
    summary: CleanText = Field(default="", max_length=4000, description="One or two plain sentences for lists.")
    kind: NotesKind = Field(default=NotesKind.FULL, alias="type", description="full, trailer, bonus or article.")
    season: int | None = Field(default=None, ge=1, description="Number of the season.")
    season_name: CleanText = Field(default="", max_length=128, description="Name of the season.")
    episode: int | None = Field(default=None, ge=1, description="Number of the episode.")
    episode_text: CleanText = Field(default="", max_length=32, description="How the number is shown, such as 5b.")
    explicit: bool | None = Field(default=None, description="Where it differs from the show.")
    guests: tuple[Person, ...] = Field(default=(), description="Names of guests, or {name, url, image}.")
    people: tuple[Person, ...] = Field(default=(), description="Others, each {name, role, url}.")
    tags: tuple[CleanText, ...] = Field(default=(), description="Tags of the post.")
    chapters: tuple[WrittenChapter, ...] = Field(default=(), description='Each {at: "12:34", title: …}.')
    image: str = Field(default="", description="File name of the artwork, where it is not named as the recording.")
    image_alt: CleanText = Field(default="", description="What the artwork shows, for those who cannot see it.")
    publish_at: datetime | Literal["next slot"] = Field(
        default="next slot", description="When it airs, by the show's clock: `next slot`, or 2026-12-03 06:00."
    )
    programming_note: CleanText | None = Field(
        default=None, description="Own words for the programming note; empty: none."
    )
    slug: str = Field(default="", pattern=r"^[a-z0-9-]*$", max_length=80, description="Last part of the address.")

    @field_validator("guests", mode="before")
    @classmethod
    def _names_are_guests(cls, guests: object) -> object:
        return _people(guests, role="guest")

    @field_validator("people", mode="before")
    @classmethod
    def _names_are_hosts(cls, people: object) -> object:
        return _people(people, role="host")

    @field_validator("tags", mode="before")
    @classmethod
    def _commas(cls, tags: object) -> object:
        return tuple(tag.strip() for tag in tags.split(",") if tag.strip()) if isinstance(tags, str) else tags

    @field_validator("publish_at")
    @classmethod
    def _year_of_ours(cls, moment: datetime | str) -> datetime | str:
        if isinstance(moment, datetime) and moment.year not in _YEARS:
            raise ValueError(f"the year {moment.year} is none in which episodes air")
        return moment

    @field_validator("*")
    @classmethod
    def _leads_to_the_web(cls, value: object, field: ValidationInfo) -> object:
        if field.field_name != "image":  # a file's name
            check_addresses(field.field_name or "", value)
        return value

    @field_validator("publish_at", mode="before")
    @classmethod
    def _day_alone(cls, moment: object) -> object:
        if isinstance(moment, date) and not isinstance(moment, datetime):
            raise ValueError(f"{moment} has no hour; write {moment} 06:00, or next slot")  # noqa: TRY004 - pydantic collects ValueError
        if isinstance(moment, str) and moment != NEXT_SLOT and not _is_moment(moment):
            raise ValueError(f"{moment!r:.60} is no date and hour; write 2026-12-03 06:00, or next slot")
        return moment


_FIELDS = {field.alias or name for name, field in FrontMatter.model_fields.items()}


class Notes(Value):
    """A parsed notes file."""

    front: FrontMatter = FrontMatter()
    body: str = ""

    def publish_at(self, zone: ZoneInfo) -> datetime | None:
        """The hour that the owner pinned, aware; a time without zone is in the show's. None: the next slot."""
        moment = self.front.publish_at
        if not isinstance(moment, datetime):
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _is_moment(written: str) -> bool:
    try:
        _MOMENT.validate_python(written)
    except ValidationError:
        return False
    return True


def parse_notes(raw: bytes, subject: str) -> Notes:
    """A notes file. NotesError or Several, with `subject` (the file's name) in every message."""
    if len(raw) > MAX_NOTES_BYTES:
        raise NotesError(subject, "is over 1 MB, which no notes are", "Shorten it, or take the right file.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotesError(subject, "is not UTF-8 text", "Save it again as UTF-8.") from None
    parts = split(text, _FIELDS, subject)
    if parts is None:
        return Notes(body=text)
    front, body = parts
    return Notes(front=read_value(FrontMatter, _load_yaml(front, subject), subject), body=body)


def episode_of(front: FrontMatter, title: str, summary: str) -> Episode:
    """The episode that the front matter describes; `title` and `summary` where it says none."""
    return Episode(
        **front.words(),
        title=front.title or title,
        summary=front.summary or summary,
        kind=EpisodeKind.FULL if front.kind is NotesKind.ARTICLE else EpisodeKind(front.kind.value),
        season=front.season,
        season_name=front.season_name,
        number=front.episode,
        number_text=front.episode_text,
        is_explicit=front.explicit,
        people=(*front.people, *front.guests),
        tags=front.tags,
        chapters=tuple(
            Chapter(start_s=_seconds(written.at), title=written.title, url=written.url, image=written.image)
            for written in front.chapters
        ),
        artwork_alt=front.image_alt,
        programming_note=front.programming_note,
    )


def _seconds(at: str) -> float:
    return float(at) if at.replace(".", "", 1).isdigit() else parse_stamp(at)


def _people(written: object, role: str) -> object:
    """A name, a list of names, or tables with a name."""
    if isinstance(written, str):
        written = [name.strip() for name in written.split(",") if name.strip()]
    if not isinstance(written, (list, tuple)):
        return written
    return tuple(
        {"role": role, **person} if isinstance(person, dict) else {"name": person, "role": role}
        if isinstance(person, str) else person
        for person in written
    )  # fmt: skip


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors: an alias can grow a small file to gigabytes, and nobody writes them by hand."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias (*name) is not allowed")
        return super().compose_node(parent, index)


# PyYAML lets through what its constructors raise over odd values, such as an empty `!!timestamp`.
_YAML_FAILS = (yaml.YAMLError, ValueError, ArithmeticError, LookupError, AttributeError, TypeError, RecursionError)


def _load_yaml(text: str, subject: str) -> dict[str, Any]:
    try:
        written = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader, made stricter
    except _YAML_FAILS as error:
        where = getattr(error, "problem_mark", None)
        line = f"line {where.line + 2}: " if where else ""
        said = getattr(error, "problem", None) or str(error)
        mend = "Put the value between quotation marks, or mend that line."
        raise NotesError(subject, f"{line}the front matter cannot be read ({said})", mend) from None
    if written is None:
        return {}
    if not isinstance(written, dict):
        raise NotesError(subject, "the front matter is no list of `name: value` lines", "Write one name a line.")
    return {str(key): value for key, value in written.items()}
