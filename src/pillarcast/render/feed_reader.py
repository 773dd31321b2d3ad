"""Reads a foreign feed: every quirk that real feeds have, and a remark wherever something had to be decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pillarcast.errors import NotesError
from pillarcast.model.addresses import slugify
from pillarcast.model.imported import ImportedEpisode, ImportedShow, Remark
from pillarcast.render.feed_dates import parse_date
from pillarcast.render.feed_reader_item import ReadItem, read_item
from pillarcast.render.feed_reader_show import own_address, read_about, read_feed_words, weekday_of
from pillarcast.render.feed_xml import Node, Quirk, parse_markup

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)


def read_feed(feed: bytes, url: str = "") -> ImportedShow:
    """The show that a feed describes. NotesError where it is no RSS feed at all.

    `url` is where it was read from: a guid of the show is minted from it where the feed has none.
    """
    markup = parse_markup(feed)
    if markup.channel is None:
        raise NotesError(url or "the feed", "is no RSS feed", "Give the address of the feed itself, not of a web page.")
    reading = _Reading(markup.channel)
    about = read_about(markup.channel, reading.remark)
    items = [read_item(item, markup.channel, about, reading.remark) for item in markup.items]
    placed = reading.placed([item for item in items if item is not None])
    episodes = tuple(sorted(placed, key=lambda episode: episode.published_at, reverse=True))
    return ImportedShow(
        about=about,
        feed=read_feed_words(markup.channel, url, reading.remark),
        weekday=weekday_of(markup.channel, [episode.published_at for episode in episodes]),
        artwork_url=artwork_of(markup.channel),
        episodes=episodes,
        remarks=(*[Remark(field="xml", what=quirk_said(quirk)) for quirk in markup.quirks], *reading.remarks),
        is_locked=markup.channel.said("podcast:locked").lower() in ("yes", "true"),
        moved_to=markup.channel.said("itunes:new-feed-url"),
    )


def artwork_of(node: Node) -> str:
    """The address of a picture: of the channel, or of an item."""
    found = [image.get("href") or image.text for image in node.all("itunes:image")]
    found += [image.said("url") for image in node.all("image")]
    return next((address for address in found if address), "")


def quirk_said(quirk: Quirk) -> str:
    return f"{quirk.value}; it was mended while reading"


@dataclass
class _Reading:
    """What must be unique or in order over all items."""

    channel: Node
    remarks: list[Remark] = field(default_factory=list)
    _guids: set[str] = field(default_factory=set)
    _pairs: set[tuple[str, str]] = field(default_factory=set)
    _slugs: set[str] = field(default_factory=set)

    def remark(self, field_name: str, what: str, where: str = "") -> None:
        self.remarks.append(Remark(field=field_name, what=what, where=where[:120]))

    def placed(self, items: list[ReadItem]) -> Iterator[ImportedEpisode]:
        """Every item with a guid, a slug and a date of its own; the same item twice is one."""
        kept = [item for item in items if not self._is_repeated(item)]
        for item, moment in zip(kept, self._dates(kept), strict=True):
            own_slug = self._own_slug(item.episode.link)
            yield ImportedEpisode(
                guid=self._guid(item),
                slug=self._slug(own_slug or item.episode.title),
                episode=item.episode.model_copy(update={"link": ""}) if own_slug else item.episode,
                notes=item.notes,
                published_at=moment,
                enclosure=item.enclosure,
                duration_s=item.duration_s,
            )

    def _is_repeated(self, item: ReadItem) -> bool:
        pair = (item.guid, item.enclosure.url)
        if pair in self._pairs:
            self.remark("item", "stands in the feed twice with the same guid and audio; one is taken", item.title)
            return True
        self._pairs.add(pair)
        return False

    def _guid(self, item: ReadItem) -> str:
        """The guid that apps know. Of several with the same, apps showed the first; the others get another."""
        guid = item.guid or item.enclosure.url
        if not item.guid:
            self.remark("guid", "is missing; apps went by the audio's address, which is kept as guid", item.title)
        if guid in self._guids:
            number = 2
            self.remark(
                "guid", f"{guid[:80]!r} is another episode's too; this one gets the audio's address", item.title
            )
            guid = item.enclosure.url
            while guid in self._guids:
                guid, number = f"{item.enclosure.url}#{number}", number + 1
        self._guids.add(guid)
        return guid

    def _own_slug(self, link: str) -> str:
        """Of a page that we made: it is made again under that name, wherever the show stands then."""
        slug = link.removeprefix(f"{own_address(self.channel)}episodes/")
        return slug if slug != link and slugify(slug) == slug else ""

    def _slug(self, title: str) -> str:
        stem, number = slugify(title) or "episode", 2
        slug = stem
        while slug in self._slugs:
            slug, number = f"{stem[:74].rstrip('-')}-{number}", number + 1
        self._slugs.add(slug)
        return slug

    def _dates(self, items: list[ReadItem]) -> list[datetime]:
        """In the feed's order where the seconds are equal: what stands higher is a moment newer."""
        fallback = parse_date(self.channel.said("pubDate", "lastBuildDate")) or UNDATED
        dates: list[datetime] = []
        taken: dict[datetime, int] = {}
        for item in items:
            if item.published_at is None:
                self.remark("pubDate", f"cannot be read; taken for {fallback.date()}", item.title)
            second = (item.published_at or fallback).replace(microsecond=0)
            taken[second] = taken.get(second, 0) + 1
            dates.append(second + timedelta(microseconds=1_000_000 - min(taken[second], 999_999)))
        return [_exact(moment, taken) for moment in dates]


def _exact(moment: datetime, taken: dict[datetime, int]) -> datetime:
    """A second that only one episode has stays whole."""
    second = moment.replace(microsecond=0)
    return second if taken.get(second, 0) == 1 else moment
