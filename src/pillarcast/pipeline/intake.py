"""Intake: a drop becomes an entry of the catalogue. The guid is minted here, once; the recording is kept as dropped."""

from __future__ import annotations

import mimetypes
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial

from pillarcast.errors import NeedsOwner, NotesError, Problem
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Catalogue, Entry, Refusal
from pillarcast.model.known import same_number, same_recording, taken_by
from pillarcast.model.notes import NotesKind
from pillarcast.model.number_order import moved_between
from pillarcast.model.queueing import never_made
from pillarcast.pipeline.articles import intake_article
from pillarcast.pipeline.drops import Drop, Folder, at_hand, look_at, settle, still_copying
from pillarcast.pipeline.files import file_ref, keep_bytes, keep_file
from pillarcast.pipeline.reading import Said, TextFile, filled, read_drop
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.taking import Taking, check_replacement, check_retraction, find_known, is_second_copy, take

_SLIP = timedelta(days=1)


class Outcome(StrEnum):
    NEW = "new"
    KNOWN = "already here"
    CHANGED = "changed"
    ARTICLE = "article"


@dataclass(frozen=True)
class Intake:
    """What became of a drop. `copied` says so where it is the recording of another one, `warning` what else to see.
    `moved` are those that got another slot because its notes name another number."""

    guid: str
    outcome: Outcome
    title: str
    copied: Problem | None = None
    warning: Problem | None = None
    moved: tuple[Entry, ...] = ()

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in (self.copied, self.warning) if problem is not None)


def intake(studio: Studio, drop: Drop, folder: Folder, settle_s: float) -> Intake:
    """Takes a drop. A refusal is recorded, so that `status` shows it until it is mended, and raised."""
    try:
        taken = _intake(studio, drop, folder, settle_s)
    except NeedsOwner as error:
        note_refusal(studio, drop, error)
        raise
    studio.store.change(lambda catalogue: without_refusal(catalogue, drop.name))
    return taken


def _intake(studio: Studio, drop: Drop, folder: Folder, settle_s: float) -> Intake:
    with at_hand(drop.name):
        looks = settle(drop.files, settle_s)
    said = read_drop(drop)
    if drop.is_article or said.notes.front.kind is NotesKind.ARTICLE:
        article = intake_article(studio, drop, said, {other.name for other in folder.drops})
        return Intake(article.guid, Outcome.ARTICLE, article.title)
    names = {other.name for other in folder.drops if other.recording}
    if drop.recording is None:
        known = taken_by(studio.store.load().catalogue, drop.name)
        if known is None or known.recording is None:
            raise without_recording(drop)
        said = filled(said, known.episode, _body_of(studio, known))
        return _take(studio, drop, said, known.recording, names)
    media_type = mimetypes.guess_type(drop.recording.name)[0] or "application/octet-stream"
    with at_hand(drop.name):
        recording = file_ref(drop.recording, media_type)
        if look_at(drop.recording) != looks[drop.recording]:
            raise still_copying(drop.recording.name)
    return _take(studio, drop, said, recording, names)


def _body_of(studio: Studio, entry: Entry) -> str:
    found = studio.bucket.fetch(entry.notes.key) if entry.notes and entry.notes.key else None
    return found[0].decode() if found else ""


def without_recording(drop: Drop) -> NotesError:
    mend = "Drop one, or call them as their recording is called, or write `type: article`."
    return NotesError(f"{drop.name}.md", "has no recording beside it", mend)


def _take(studio: Studio, drop: Drop, said: Said, recording: FileRef, names: Collection[str]) -> Intake:
    known = find_known(studio.store.load().catalogue, drop.name, recording.sha256)
    if known is not None:
        check_retraction(known, drop.name)
        if known.retracted_at is None and is_second_copy(known, drop.name, names):
            copied = same_recording(drop.name, known, has_notes=drop.notes is not None)
            return Intake(known.guid, Outcome.KNOWN, known.episode.title, copied)
    publish_at = _publish_at(studio, said)
    _check_hour(drop, known, publish_at, studio.clock.now())
    taking = Taking(
        guid=str(uuid.uuid4()),
        source=drop.name,
        recording=recording,
        episode=said.episode,
        has_notes=drop.notes is not None or known is None,
        slug=said.notes.front.slug,
        publish_at=publish_at,
        notes=_keep(studio, said.notes_file),
        artwork=_keep(studio, said.artwork),
        transcript=_keep(studio, said.transcript),
        names_in_folder=names,
    )
    if known is not None:
        check_replacement(known, taking)
    if drop.recording is not None:
        keep_file(studio, drop.recording, recording)
    now = studio.clock.now()
    before, changed = studio.store.before_and_after(
        partial(take, taking=taking, schedule=studio.show.schedule, now=now)
    )
    entry = find_known(changed, drop.name, recording.sha256)
    assert entry is not None
    doubled = same_number(changed, entry) if known is None else None
    moved = moved_between(before, changed, entry.guid)
    return Intake(entry.guid, _outcome(known, entry), entry.episode.title, warning=doubled, moved=moved)


def _publish_at(studio: Studio, said: Said) -> datetime | None:
    """In UTC, as slots are: an hour that daylight saving repeats or skips equals none of another zone (PEP 495)."""
    moment = said.notes.publish_at(studio.show.schedule.tz)
    return moment.astimezone(UTC) if moment else None


def _check_hour(drop: Drop, known: Entry | None, hour: datetime | None, now: datetime) -> None:
    """NotesError for an hour that had long passed when it was written: a slip of the pen, such as last year's date. It
    would air at once, and at the end of every list. An hour that was missed since is caught up instead."""
    is_settled = known is not None and (known.published_at is not None or known.slot == hour)
    if hour is None or drop.notes is None or is_settled:
        return
    written = datetime.fromtimestamp(drop.notes.stat().st_mtime, UTC)
    if hour < min(now, written) - _SLIP:
        what = f"publish_at says {hour.astimezone(now.tzinfo):%Y-%m-%d}, which had passed when that was written"
        raise NotesError(f"{drop.name}.md", what, "Write the day that you mean, or `next slot`.")


def _outcome(known: Entry | None, entry: Entry) -> Outcome:
    if known is None:
        return Outcome.NEW
    return Outcome.KNOWN if known == entry else Outcome.CHANGED


def _keep(studio: Studio, file: TextFile | None) -> FileRef | None:
    return keep_bytes(studio, file.body, file.media_type, file.name) if file else None


def note_refusal(studio: Studio, drop: Drop, error: NeedsOwner, unmade: str = "") -> None:
    """For `status`. `unmade` is the guid of an entry that never got a master: it leaves the queue again."""
    now = studio.clock.now()
    refusal = Refusal(source=drop.name, what=str(error), at=now)
    studio.store.change(lambda catalogue: _with_refusal(never_made(catalogue, unmade, now), refusal))


def _with_refusal(catalogue: Catalogue, refusal: Refusal) -> Catalogue:
    others = without_refusal(catalogue, refusal.source).refusals
    if any(old.source == refusal.source and old.what == refusal.what for old in catalogue.refusals):
        return catalogue
    return catalogue.model_copy(update={"refusals": (*others, refusal)})


def forget_gone(studio: Studio, folder: Folder) -> None:
    """What was refused and lies there no more waits for nobody."""
    names = {drop.name for drop in folder.drops}

    def mended(catalogue: Catalogue) -> Catalogue:
        kept = tuple(refusal for refusal in catalogue.refusals if refusal.source in names)
        return catalogue.model_copy(update={"refusals": kept})

    if any(refusal.source not in names for refusal in studio.store.load().catalogue.refusals):
        studio.store.change(mended)


def without_refusal(catalogue: Catalogue, source: str) -> Catalogue:
    kept = tuple(refusal for refusal in catalogue.refusals if refusal.source != source)
    return catalogue if len(kept) == len(catalogue.refusals) else catalogue.model_copy(update={"refusals": kept})
