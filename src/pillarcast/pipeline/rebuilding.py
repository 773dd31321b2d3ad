"""Rebuilding: a catalogue made again from what the bucket holds, when the catalogue and all its versions are lost."""

from __future__ import annotations

import gzip
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from pillarcast.audio.probing import Probe, probe
from pillarcast.errors import NeedsOperator, PillarcastError
from pillarcast.model.addresses import CATALOGUE, FEED, page_key
from pillarcast.model.base import FileRef, cleaned
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.episode import Episode
from pillarcast.model.ledger import with_lines
from pillarcast.model.origin import Origin, parse_origin
from pillarcast.model.schedule import next_slot
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.working import a_folder
from pillarcast.ports import Stored
from pillarcast.render.feed_items import FeedItem, read_items
from pillarcast.render.feed_reader import read_feed

FILES = "private/files/"
ARCHIVES = f"{FEED.removesuffix('.xml')}-archive-"
_AIRED = re.compile(rb'"datePublished": ?"([^"]+)"')


def feed_items(studio: Studio) -> dict[str, FeedItem]:
    """What the feed in the bucket and its archives name, by guid."""
    archives = [stored.key for stored in studio.bucket.keys(ARCHIVES)]
    found = [studio.bucket.fetch(key) for key in (*archives, FEED)]
    return {item.guid: item for document in found if document for item in read_items(document[0])}


def _show_guid(studio: Studio) -> str:
    """As the feed says it, which directories know; a new one would be another show to them, and to our posts."""
    found = studio.bucket.fetch(FEED)
    with suppress(PillarcastError):  # a feed that cannot be read says nothing
        if found and (said := read_feed(found[0]).feed.guid):
            return said
    return studio.store.standing().catalogue.show_guid


def rebuilt(studio: Studio) -> Catalogue:
    """The catalogue as masters and feed tell it; what they do not say comes back when the drops are taken again.

    A master says whose it is and what it was made from, its tags hold the words, and the feed what is live since when.
    NeedsOperator where the feed names an episode of which no master is here: without it the feed would lose it.
    """
    items = feed_items(studio)
    catalogue = _made_again(studio, Catalogue(show_guid=_show_guid(studio)), items)
    # What only its page tells of was in the feed once, and is no news either.
    return with_lines(catalogue, catalogue.live.cards, studio.addresses)


def with_all_of_the_feed(studio: Studio, catalogue: Catalogue, items: Mapping[str, FeedItem]) -> Catalogue:
    """With an entry for whatever the feed names and it knows nothing of. NeedsOperator where one cannot be made."""
    missing = items.keys() - {entry.guid for entry in catalogue.entries}
    return _made_again(studio, catalogue, items, missing) if missing else catalogue


def _made_again(
    studio: Studio, catalogue: Catalogue, items: Mapping[str, FeedItem], wanted: Collection[str] | None = None
) -> Catalogue:
    """With an entry for each master of the guids that are wanted, or of all."""
    for stored, origin in _masters(studio, items).values():
        is_wanted = wanted is None or origin.guid in wanted
        entry = _entry(studio, stored, origin, items.get(origin.guid)) if is_wanted else None
        if entry is not None:
            catalogue = catalogue.with_entry(_queued(studio, catalogue, entry))
    guids = {entry.guid for entry in catalogue.entries}
    lost = [item.title for guid, item in items.items() if guid not in guids]
    if lost:
        what = f"cannot be made again: the feed names “{lost[0]}” ({len(lost)} such), and no master of it is here"
        raise NeedsOperator(CATALOGUE, what, "Bring the object back from a backup or an earlier version of the bucket.")
    return catalogue


def _masters(studio: Studio, items: Mapping[str, FeedItem]) -> dict[str, tuple[Stored, Origin]]:
    """For each guid the master that the feed names, else the newest one of the format that the feed would name."""
    chosen: dict[str, tuple[Stored, Origin]] = {}
    suffix = f".{studio.show.master.formats[0]}"

    def rank(stored: Stored, item: FeedItem | None) -> tuple[bool, bool, datetime]:
        is_named = item is not None and stored.sha256[:24] in item.url
        return (is_named, stored.key.endswith(suffix), stored.modified_at)

    for listed in studio.bucket.keys(FILES):
        stored = studio.bucket.head(listed.key)
        origin = parse_origin(stored.origin) if stored else None
        if stored is None or origin is None:
            continue
        item, before = items.get(origin.guid), chosen.get(origin.guid)
        if before is None or rank(stored, item) > rank(before[0], item):
            chosen[origin.guid] = (stored, origin)
    return chosen


def _entry(studio: Studio, stored: Stored, origin: Origin, item: FeedItem | None) -> Entry | None:
    """None where the master's measurements cannot be read: then the recording has to be dropped again."""
    name = stored.key.rpartition("/")[2]
    file = FileRef(
        key=stored.key,
        sha256=stored.sha256,
        length_bytes=stored.length_bytes,
        media_type=stored.media_type,
        name=f"{origin.slug}{Path(name).suffix}",
    )
    try:
        master = origin.master(file)
    except ValidationError:
        return None
    aired_at = item.published_at if item else _aired_by_its_page(studio, origin.slug)
    return Entry(
        guid=origin.guid,
        slug=origin.slug,
        source=origin.source,
        recording=origin.recording,
        episode=_episode(_said(studio, stored.key), origin),
        master=master,
        dropped_at=origin.dropped_at,
        slot=aired_at,
        published_at=aired_at,
    )


def _aired_by_its_page(studio: Studio, slug: str) -> datetime | None:
    """Since when an episode is live that the feed no longer shows (`feed.max_episodes`): it must not air once more."""
    found = studio.bucket.fetch(page_key(slug))
    if found is None:
        return None
    body, stored = found
    said = _AIRED.search(gzip.decompress(body) if stored.encoding else body)
    return datetime.fromisoformat(said[1].decode()) if said else stored.modified_at


def _queued(studio: Studio, catalogue: Catalogue, entry: Entry) -> Entry:
    """An episode that never aired gets the next free slot."""
    if entry.slot is not None:
        return entry
    taken = {queued.slot for queued in catalogue.queue if queued.slot}
    slot = next_slot(studio.show.schedule, studio.clock.now(), taken)
    return entry.model_copy(update={"slot": slot})


def _said(studio: Studio, key: str) -> Probe:
    with a_folder(studio, "restore-", CATALOGUE) as folder:
        path = folder / key.rpartition("/")[2]
        studio.bucket.download(key, path)
        return probe(path)


def _episode(said: Probe, origin: Origin) -> Episode:
    return Episode(
        title=cleaned(said.title)[:255] or origin.slug,
        summary=cleaned(said.summary),
        number=said.number,
        chapters=said.chapters,
    )
