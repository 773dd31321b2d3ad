"""A show that has been published for years: its catalogue, feed and parts stand in the bucket as publishing left them.

Pages and audio of old episodes have receipts and no objects: a publish asks for none of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Entry, LedgerLine
from pillarcast.model.episode import Episode
from pillarcast.model.master import Master
from pillarcast.model.plan import inputs_of
from pillarcast.model.published import published
from pillarcast.model.shelf import Written
from pillarcast.model.view import view_of
from pillarcast.model.wanted import Step, Wanted, WantedObject
from pillarcast.pipeline.artwork import show_artwork
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.files import fetch_file, keep_bytes, keep_file
from pillarcast.pipeline.ingest import ingest
from pillarcast.pipeline.planning import artwork_ref
from pillarcast.pipeline.staging import make_masters
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.wanting import wanted_objects
from pillarcast.ports import ObjectMeta
from tests.show_support.place import Place

NEWEST = "the-newest"
_TEXTS = 8
"""So many different notes; which of them an episode has makes no difference to anybody's work."""
_UNSEEN = "0" * 64
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Spoken:
    """One short recording, mastered once; every episode of every show has it."""

    path: Path
    master: Master


def spoken(folder: Path) -> Spoken:
    """Through the real mastering."""
    place = Place(folder)
    recording = place.drop("spoken", seconds=3.0)
    with place.opened() as house:
        found = look(place.episodes)
        entry = ingest(house.studio, found.named(recording.stem), found, settle_s=0).entry
        assert entry is not None
        assert entry.master is not None
        return Spoken(fetch_file(house.studio, entry.master.file), entry.master)


def guid_of(studio: Studio, number: int) -> str:
    return f"{studio.show.show.title}-{number}"


def lay_archive(studio: Studio, count: int, until: datetime, voice: Spoken, paragraphs: int = 4) -> None:
    """`count` live episodes, one a week, the last of them a week before `until`; 4 paragraphs are 3 KB of notes."""
    keep_file(studio, voice.path, voice.master.file)
    artwork = show_artwork(studio)
    keep_bytes(studio, artwork.body, artwork.media_type, artwork.name)
    texts = [_notes(number, paragraphs).encode() for number in range(_TEXTS)]
    notes = [keep_bytes(studio, text, "text/markdown", "notes.md") for text in texts]
    entries = [_entry(studio, number, until - (count - number) * _WEEK, voice, notes) for number in range(count)]
    loaded = studio.store.load()
    catalogue = loaded.catalogue.model_copy(update={"entries": tuple(entries)})
    view = view_of(studio.show, artwork_ref(studio), catalogue, studio.addresses)
    files = {view.artwork.key: artwork.body} | {ref.key: text for ref, text in zip(notes, texts, strict=True)}
    written = dict(_receipts(studio, wanted_objects(studio, view, catalogue), files))
    lines = tuple(_line(studio, entry) for entry in catalogue.live)
    studio.store.save(catalogue.model_copy(update={"written": written, "ledger": lines}), loaded)


def queue_newest(studio: Studio, slot: datetime, voice: Spoken, slug: str = NEWEST, *, is_pinned: bool = False) -> str:
    """One more episode, mastered and tagged for its slot; its guid. What `is_pinned` keeps an hour of its own."""
    catalogue = studio.store.load().catalogue
    number = len(catalogue.entries)
    entry = _entry(studio, number, slot, voice, [catalogue.entries[0].notes] if catalogue.entries else [])
    its_own = {"slot": slot, "is_pinned": is_pinned, "slug": slug, "source": f"{slug}.wav"}
    waiting = entry.model_copy(update={"published_at": None, **its_own})
    ready = waiting.model_copy(update={"master": make_masters(studio, waiting, slot)[0]})
    studio.store.change(lambda now: now.with_entry(ready))
    return ready.guid


def _entry(studio: Studio, number: int, at: datetime, voice: Spoken, notes: Sequence[FileRef | None]) -> Entry:
    title = f"What was said in week {number + 1}"
    return Entry(
        guid=guid_of(studio, number),
        slug=f"episode-{number:05}",
        source=f"{number:05}.wav",
        recording=None,
        episode=Episode(title=title, summary="One sentence about it.", number=number + 1, season=1 + number // 50),
        notes=notes[number % len(notes)] if notes else None,
        master=voice.master,
        dropped_at=at - timedelta(days=2),
        published_at=at,
    )


def _notes(number: int, paragraphs: int) -> str:
    """With a list and links, as show notes are."""
    paragraph = f"What number {number} was about, said at length and in plain words. " * 9
    links = "\n".join(f"- [A link of it](https://example.org/{number}/{link})" for link in range(6))
    return "\n\n".join(["## Notes", *[paragraph] * paragraphs, links, ""])


def _receipts(studio: Studio, wanted: Iterator[Wanted], files: dict[str, bytes]) -> Iterator[tuple[str, Written]]:
    """Of everything; what publishing will read again is really written."""
    bodies = dict(files)
    for thing in wanted:
        if isinstance(thing, WantedObject) and _is_read_again(thing):
            body = bodies[thing.key] = thing.render(bodies)
            sha256 = hashlib.sha256(body).hexdigest()
            studio.bucket.put(thing.key, body, ObjectMeta(thing.media_type, thing.cache_control, sha256))
            yield thing.key, Written(inputs=thing.inputs, sha256=sha256, length_bytes=len(body))
        else:
            yield thing.key, Written(inputs=inputs_of(thing), sha256=_UNSEEN, length_bytes=0)


def _is_read_again(thing: WantedObject) -> bool:
    """The feed with its parts, and the pictures out of which others are made."""
    if thing.key.startswith("public/share/"):
        return False
    return thing.step in (Step.PARTS, Step.FEED) or thing.key.endswith(".deflate")


def _line(studio: Studio, entry: Entry) -> LedgerLine:
    view = published(entry, studio.addresses)
    return LedgerLine(
        guid=view.guid,
        url=view.enclosure.url,
        length_bytes=view.enclosure.length_bytes,
        published_at=view.published_at,
    )
