"""What a drop changes in the catalogue: pure decisions, so that they can be made again after a conflict."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from shlex import quote

from pillarcast.errors import ChangeRefused
from pillarcast.model.addresses import old_slug, slugify
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Catalogue, Entry, State
from pillarcast.model.episode import Episode
from pillarcast.model.known import is_rerun, numbered
from pillarcast.model.number_order import in_order, slot_for
from pillarcast.model.schedule import Schedule


@dataclass(frozen=True)
class Taking:
    """A drop, read and kept in the bucket, on its way into the catalogue. `guid` is used if it is new."""

    guid: str
    source: str
    recording: FileRef
    episode: Episode
    has_notes: bool
    slug: str
    publish_at: datetime | None
    notes: FileRef | None
    artwork: FileRef | None
    transcript: FileRef | None
    names_in_folder: Collection[str]


def find_known(catalogue: Catalogue, source: str, sha256: str) -> Entry | None:
    """The entry of the same bytes, whatever their name; else the one of that name."""
    for entry in catalogue.entries:
        if entry.recording and entry.recording.sha256 == sha256:
            return entry
    return next((entry for entry in catalogue.entries if entry.source == source and entry.retracted_at is None), None)


def is_second_copy(known: Entry, source: str, names_in_folder: Collection[str]) -> bool:
    """The same bytes under another name while the first ones are there, or with another number; else it is a rename."""
    return known.source != source and (known.source in names_in_folder or is_rerun(known, source))


def take(catalogue: Catalogue, taking: Taking, schedule: Schedule, now: datetime) -> Catalogue:
    """The catalogue with the drop in it. ChangeRefused where listeners would get other audio under an old guid."""
    known = find_known(catalogue, taking.source, taking.recording.sha256)
    if known is None:
        return catalogue.with_entry(_new(catalogue, taking, schedule, now))
    check_retraction(known, taking.source)
    if known.state is State.RETRACTED and known.source != taking.source:
        known = queued_again(catalogue, known, schedule, now)
    elif is_second_copy(known, taking.source, taking.names_in_folder):
        return catalogue
    check_replacement(known, taking)
    changed = _changed(catalogue, known, taking, schedule, now)
    after = catalogue.with_entry(changed)
    return in_order(after, changed.guid, now) if _has_come(catalogue.entry(known.guid), changed) else after


def _has_come(before: Entry, after: Entry) -> bool:
    """Whether it is to be put where its number belongs. An edit of other words moves nothing."""
    was, now = ((one.slot, one.retracted_at, numbered(one.episode)) for one in (before, after))
    return was != now


def check_retraction(known: Entry, source: str) -> None:
    """What was live and retracted stays so, and must not seem to be taken as a new one. Under its own name it may lie
    there."""
    if known.state is State.RETRACTED and known.published_at and known.source != source:
        what = f"is the recording of “{known.episode.title}”, which was retracted, and stays so under another name"
        raise ChangeRefused(source, what, "To publish it anew, export it once more: other bytes are a new episode.")


def queued_again(catalogue: Catalogue, known: Entry, schedule: Schedule, now: datetime) -> Entry:
    """What was taken out of the queue before anybody heard it comes back: at the hour that its notes name, or at the
    next free slot for its number."""
    if known.is_pinned and known.slot and known.slot > now:
        return known.model_copy(update={"retracted_at": None})
    back = known.model_copy(update={"retracted_at": None, "slot": None, "is_pinned": False, "is_placed": False})
    return back.model_copy(update={"slot": slot_for(catalogue, back, schedule, now)})


def check_replacement(known: Entry, taking: Taking) -> None:
    is_other_audio = known.recording is None or known.recording.sha256 != taking.recording.sha256
    if is_other_audio and known.state is State.LIVE:
        raise ChangeRefused(
            taking.source,
            f"“{known.episode.title}” is live with other audio, and apps would not fetch it again by themselves",
            f"For a new episode give the file another name; to replace the audio, run "
            f"`pillarcast replace {quote(taking.source)}`.",
        )


def _new(catalogue: Catalogue, taking: Taking, schedule: Schedule, now: datetime) -> Entry:
    entry = Entry(
        guid=taking.guid,
        slug=_slug(catalogue, taking, taking.guid),
        source=taking.source,
        recording=taking.recording,
        episode=taking.episode,
        notes=taking.notes,
        artwork=taking.artwork,
        transcript=taking.transcript,
        slot=taking.publish_at,
        is_pinned=taking.publish_at is not None,
        dropped_at=now,
    )
    return entry if entry.slot else entry.model_copy(update={"slot": slot_for(catalogue, entry, schedule, now)})


def _changed(catalogue: Catalogue, known: Entry, taking: Taking, schedule: Schedule, now: datetime) -> Entry:
    """Guid, date and (once live) address stay. Files that are gone from beside the recording stay as they were."""
    changes: dict[str, object] = {"source": taking.source}
    if taking.has_notes:
        changes |= {"episode": taking.episode, "notes": taking.notes}
    if taking.artwork:
        changes["artwork"] = taking.artwork
    if taking.transcript:
        changes["transcript"] = taking.transcript
    if known.recording != taking.recording and (known.recording or taking.recording).sha256 != taking.recording.sha256:
        changes |= {"recording": taking.recording, "master": None, "alternates": ()}
    if known.state in (State.WAITING, State.QUEUED) and taking.has_notes:
        changes["slug"] = _kept_slug(catalogue, known, taking)
        changes |= _airing(catalogue, known.model_copy(update=changes), taking.publish_at, schedule, now)
    return known.model_copy(update=changes)


def _airing(
    catalogue: Catalogue, known: Entry, publish_at: datetime | None, schedule: Schedule, now: datetime
) -> dict[str, object]:
    """An hour that its notes name is a newer word of its owner than a place in the queue."""
    if publish_at is not None:
        return {"slot": publish_at, "is_pinned": True, "is_placed": False}
    if known.slot is not None and not known.is_pinned:
        return {}
    free = known.model_copy(update={"is_pinned": False})
    return {"slot": slot_for(catalogue, free, schedule, now), "is_pinned": False}


def _kept_slug(catalogue: Catalogue, known: Entry, taking: Taking) -> str:
    """One that an earlier version made of the same title stays, whatever we would make of it."""
    is_kept = not taking.slug and known.slug == old_slug(taking.episode.title)
    return known.slug if is_kept else _slug(catalogue, taking, known.guid)


def _slug(catalogue: Catalogue, taking: Taking, guid: str) -> str:
    """The last part of the page's address: from the notes, the title or the file's name; unique in the show."""
    stem = taking.slug or slugify(taking.episode.title) or slugify(taking.source) or f"episode-{guid[:8]}"
    others = {entry.slug for entry in catalogue.entries if entry.guid != guid}
    others |= {article.slug for article in catalogue.articles}  # on a blog both have the same kind of address
    candidate, count = stem, 1
    while candidate in others:
        count += 1
        candidate = f"{stem}-{count}"
    return candidate
