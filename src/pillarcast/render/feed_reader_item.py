"""An item of a foreign feed as an episode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from pillarcast.model.chapters import Chapter, parse_stamp
from pillarcast.model.episode import Episode, EpisodeKind
from pillarcast.model.imported import UNKNOWN_DURATION_S
from pillarcast.model.published import Enclosure
from pillarcast.model.show import About
from pillarcast.render import feed_reader_rss as rss
from pillarcast.render import feed_reader_values as values
from pillarcast.render.feed_dates import parse_date
from pillarcast.render.feed_notes import notes_of, words_of
from pillarcast.render.feed_numbers import parse_count, parse_duration, parse_length
from pillarcast.render.feed_reader_show import EXPLICIT, tags_of
from pillarcast.render.feed_urls import encoded, is_web_address, joined, suffix_of
from pillarcast.render.feed_xml import Node

MEDIA_TYPES = {
    "mp3": "audio/mpeg", "m4a": "audio/x-m4a", "mp4": "video/mp4", "m4v": "video/x-m4v", "ogg": "audio/ogg",
    "opus": "audio/ogg", "oga": "audio/ogg", "aac": "audio/aac", "wav": "audio/wav", "flac": "audio/flac",
    "pdf": "application/pdf", "mov": "video/quicktime",
}  # fmt: skip
RESPELT = {
    "audio/mp3": "audio/mpeg", "audio/mpeg3": "audio/mpeg", "audio/x-mp3": "audio/mpeg", "audio/mpg": "audio/mpeg",
    "audio/m4a": "audio/x-m4a", "audio/mp4": "audio/x-m4a", "audio/x-mpeg": "audio/mpeg",
}  # fmt: skip
_ANY_FILE = frozenset(("", "application/octet-stream", "binary/octet-stream", "application/force-download"))
"""Says nothing of what the file is; apps go by its name then."""
UNPLAYABLE = ("image/", "text/")
"""What newsletters and blogs hang on their items; no podcast app plays it."""
_LONGEST_TEXT = 255
_SAME_CHARACTERS = 80


@dataclass(frozen=True)
class ReadItem:
    """What an item says of itself; guid and date may be missing."""

    guid: str
    title: str
    episode: Episode
    notes: str
    published_at: datetime | None
    enclosure: Enclosure
    duration_s: float


def read_item(item: Node, channel: Node, about: About, remark: values.Remarks) -> ReadItem | None:
    """None, and a remark, for an item without audio: it was never an episode in any app."""
    title = _title(item, remark)
    enclosure = _enclosure(item, channel, title, remark)
    if enclosure is None:
        remark("item", "has no audio, so no app ever showed it; it is left out", title)
        return None
    base = channel.said("link") if is_web_address(channel.said("link")) else ""
    link = _link(item, base, title, remark)
    notes = _notes(item, link or base)
    return ReadItem(
        guid=item.said("guid"),
        title=title,
        episode=_episode(item, about, {"title": title, "link": link, "summary": _summary(item, notes)}, remark),
        notes=notes,
        published_at=parse_date(item.said("pubDate", "dc:date", "atom:published")),
        enclosure=enclosure,
        duration_s=_duration(item, title, remark),
    )


def _episode(item: Node, about: About, words: dict[str, str], remark: values.Remarks) -> Episode:
    title = words["title"]
    chapters = item.first("podcast:chapters")
    author = item.said("itunes:author", "dc:creator")
    image = item.first("itunes:image")
    said: dict[str, Any] = {
        **_numbering(item, title, remark),
        **words,
        "kind": _kind(item),
        "is_explicit": _explicit(item, about),
        "people": values.people(item, remark, title),
        "tags": tags_of(item),
        "chapters": _chapters(item),
        "soundbites": values.soundbites(item, remark, title),
        "social": values.socials(item, remark, title),
        "chat": values.chat_of(item, remark, title),
        "value": values.values(item, remark, title),
        "funding": values.fundings(item, remark, title),
        "license": values.license_of(item, remark, title),
        "location": values.locations(item, remark, title),
        "images": values.images(item, remark, title),
        "txt": values.texts(item, remark, title),
        "content_links": values.content_links(item, remark, title),
        "transcripts": values.transcripts(item, remark, title),
        "alternates": values.alternates(item, remark, title),
        "chapters_url": chapters.get("url") if chapters else "",
        "chapters_type": chapters.get("type") if chapters and chapters.get("url") else "",
        "image_url": (image.get("href") or image.text) if image else "",
        "author": author[:_LONGEST_TEXT] if author != about.host else "",
        "apple_title": _apple_title(item),
        "comments_url": item.said("comments"),
        "author_address": rss.author_of(item),
        "source": rss.source_of(item, remark, title),
        "blocked": item.said("itunes:block").lower() == "yes",
    }
    return Episode(**said)


def _title(item: Node, remark: values.Remarks) -> str:
    said = " ".join((item.said("title", "itunes:title") or "").split())
    if not said:
        enclosure = item.first("enclosure")
        said = unquote(enclosure.get("url").rpartition("/")[2]).partition("?")[0] if enclosure else ""
        remark("title", "is missing; the file's name is taken", said)
    if len(said) > _LONGEST_TEXT:
        remark("title", f"has {len(said)} characters and is cut to {_LONGEST_TEXT}", said)
    return (said if len(said) <= _LONGEST_TEXT else said[: _LONGEST_TEXT - 1].rstrip() + "…") or "Untitled"


def _enclosure(item: Node, channel: Node, title: str, remark: values.Remarks) -> Enclosure | None:
    """The first playable enclosure, as apps choose it; media:content where there is none."""
    found = [node for node in item.all("enclosure") if node.get("url") and is_playable(node)]
    if len(found) > 1:
        remark("enclosure", f"stands there {len(found)} times; the first is taken, as apps do", title)
    if not found:
        return None
    url = encoded(joined(channel.said("link"), found[0].get("url")))
    length = parse_length(found[0].get("length"))
    if not length:
        remark("enclosure.length", f"says {found[0].get('length')!r}, which is no number of bytes", title)
    return Enclosure(url=url, length_bytes=length, media_type=_media_type(found[0], url, title, remark))


def is_playable(enclosure: Node) -> bool:
    return not enclosure.get("type").lower().startswith(UNPLAYABLE)


def _media_type(node: Node, url: str, title: str, remark: values.Remarks) -> str:
    said = respelt(node.get("type"))
    if said not in _ANY_FILE:
        return said
    what = f"says {said!r}, which may be anything" if said else "is missing"
    remark("enclosure.type", f"{what}; it is taken from the file's name", title)
    return MEDIA_TYPES.get(suffix_of(url), "audio/mpeg")


def respelt(media_type: str) -> str:
    """As it is registered, without what may stand behind a semicolon."""
    bare = media_type.partition(";")[0].strip().lower()
    return RESPELT.get(bare, bare)


def _duration(item: Node, title: str, remark: values.Remarks) -> float:
    said = item.said("itunes:duration")
    seconds = parse_duration(said)
    if said and not seconds and said.strip("0:.") != "":
        remark("duration", f"says {said[:40]!r}, which is no duration; it is left out", title)
    return seconds or UNKNOWN_DURATION_S


def _numbering(item: Node, title: str, remark: values.Remarks) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    for name, field in (("season", "season"), ("episode", "number")):
        node, plain = item.first(f"podcast:{name}"), item.said(f"itunes:{name}")
        said = plain or (node.text if node else "")
        numbers[field] = parse_count(said)
        if said and numbers[field] is None:
            remark(name, f"says {said[:20]!r}, it must be a whole number from 1; it is left out", title)
    season, episode = item.first("podcast:season"), item.first("podcast:episode")
    numbers["season_name"] = season.get("name")[:128] if season and numbers["season"] else ""
    numbers["number_text"] = episode.get("display")[:32] if episode and numbers["number"] else ""
    return numbers


def _kind(item: Node) -> EpisodeKind:
    said = item.said("itunes:episodeType").lower()
    return EpisodeKind(said) if said in set(EpisodeKind) else EpisodeKind.FULL


def _explicit(item: Node, about: About) -> bool | None:
    """None where it is as the show says."""
    said = EXPLICIT.get(item.said("itunes:explicit").lower())
    return None if said == about.explicit else said


def _apple_title(item: Node) -> str:
    said = " ".join(item.said("itunes:title").split())
    return said[:_LONGEST_TEXT] if said and said != " ".join(item.said("title").split()) and item.said("title") else ""


def _link(item: Node, base: str, title: str, remark: values.Remarks) -> str:
    said = item.said("link")
    link = joined(base, said) if base and said and not said.startswith("www.") else said
    link = f"https://{link}" if link.startswith("www.") else link
    if said and not is_web_address(link):
        remark("link", f"says {said[:80]!r}, which is no full address; the page in the bucket takes its place", title)
        return ""
    return link


def _notes(item: Node, base: str) -> str:
    """Empty where all that is said is the short text again, without any markup."""
    notes = notes_of(item.said("content:encoded", "description", "itunes:summary", "media:description"), base)
    is_plain = notes.startswith("<p>") and notes.count("<") == 2
    if is_plain and words_of(notes) == words_of(item.said("itunes:subtitle", "itunes:summary")):
        return ""
    return notes


def _summary(item: Node, notes: str) -> str:
    """The short text, where it is not just the beginning of the notes."""
    whole = _letters(words_of(notes))
    names = ("itunes:subtitle", "itunes:summary", *(("description",) if item.said("content:encoded") else ()))
    for name in names:
        words = words_of(item.said(name))
        if words and _letters(words)[:_SAME_CHARACTERS] != whole[:_SAME_CHARACTERS][: len(_letters(words))]:
            return words
    return ""


def _letters(words: str) -> str:
    return re.sub(r"\W+", "", words).lower().removesuffix("readthefullshownotes")


def _chapters(item: Node) -> tuple[Chapter, ...]:
    """Podlove Simple Chapters, which stand in the feed itself."""
    found: dict[float, Chapter] = {}
    for block in item.all("psc:chapters"):
        for node in block.all("psc:chapter"):
            try:
                start_s = round(parse_stamp(node.get("start")), 3)
            except ValueError:
                continue
            chapter = Chapter(start_s=start_s, title=node.get("title"), url=node.get("href"), image=node.get("image"))
            found[start_s] = chapter
    return tuple(found[start] for start in sorted(found))
