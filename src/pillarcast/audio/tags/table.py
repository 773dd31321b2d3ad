"""What an episode's tags say, and the one table of where each format keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # who orders a master names its tags before anything else is loaded
    from pillarcast.model.chapters import Chapter


@dataclass(frozen=True)
class Tags:
    """Everything that players show of an episode.

    `date` is YYYY-MM-DD or empty; `artwork` a JPEG already brought to size; empty texts and None are left out.
    """

    title: str
    show: str
    host: str
    date: str = ""
    number: int | None = None
    season: int | None = None
    summary: str = ""
    notes: str = ""
    page_url: str = ""
    feed_url: str = ""
    guid: str = ""
    language: str = ""
    copyright: str = ""
    artwork: bytes | None = None
    chapters: tuple[Chapter, ...] = ()
    kind: str = "full"
    explicit: bool = False


@dataclass(frozen=True)
class Row:
    """One value and the names it goes by: ID3 frame, MP4 atom, Vorbis comment; empty where a format has none."""

    value: Callable[[Tags], str]
    id3: str
    mp4: str
    vorbis: str


TABLE = (
    Row(lambda tags: tags.title, "TIT2", "\xa9nam", "TITLE"),
    Row(lambda tags: tags.show, "TALB", "\xa9alb", "ALBUM"),
    Row(lambda tags: tags.host, "TPE1", "\xa9ART", "ARTIST"),
    Row(lambda tags: tags.host, "TPE2", "aART", "ALBUMARTIST"),
    Row(lambda tags: tags.date, "TDRC", "\xa9day", "DATE"),
    Row(lambda _tags: "Podcast", "TCON", "\xa9gen", "GENRE"),
    Row(lambda tags: _number(tags.number), "TRCK", "trkn", "TRACKNUMBER"),
    Row(lambda tags: _number(tags.season), "TPOS", "disk", "DISCNUMBER"),
    Row(lambda tags: tags.summary, "COMM", "desc", "COMMENT"),
    Row(lambda tags: tags.summary, "TIT3", "\xa9cmt", ""),
    Row(lambda tags: tags.notes, "TDES", "ldes", "DESCRIPTION"),
    Row(lambda tags: tags.page_url, "WOAF", "----:com.apple.iTunes:WWW", "WWW"),
    Row(lambda tags: tags.feed_url, "WFED", "purl", "PODCASTURL"),
    Row(lambda tags: tags.guid, "TGID", "egid", "PODCASTID"),
    Row(lambda tags: tags.language, "TLAN", "----:com.apple.iTunes:LANGUAGE", "LANGUAGE"),
    Row(lambda tags: tags.copyright, "TCOP", "cprt", "COPYRIGHT"),
    Row(lambda _tags: "1", "PCST", "pcst", "PODCAST"),
    Row(lambda tags: tags.kind, "TXXX:EPISODETYPE", "----:com.apple.iTunes:EPISODETYPE", "EPISODETYPE"),
    Row(lambda tags: "1" if tags.explicit else "", "TXXX:ITUNESADVISORY", "rtng", "ITUNESADVISORY"),
)


def told(tags: Tags) -> Iterator[tuple[Row, str]]:
    """The rows that have something to say, with it."""
    for row in TABLE:
        if value := tellable(row.value(tags)):
            yield row, value


def tellable(text: str) -> str:
    """Without what no tag can hold: NUL ends a text, and half a surrogate pair is no character."""
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def shown(tags: Tags) -> tuple[Chapter, ...]:
    """The chapters that players list: at most 255 (one byte counts them in ID3), in order of time."""
    ordered = sorted((chapter for chapter in tags.chapters if not chapter.is_silent), key=lambda each: each.start_s)
    return tuple(ordered[:255])


def spans_ms(chapters: tuple[Chapter, ...], duration_s: float) -> list[tuple[int, int]]:
    """Begin and end of each chapter in milliseconds; one ends where the next begins."""
    starts = [round(chapter.start_s * 1000) for chapter in chapters]
    return list(zip(starts, [*starts[1:], max(round(duration_s * 1000), *starts)], strict=True)) if starts else []


def _number(number: int | None) -> str:
    return "" if number is None else str(number)
