"""Replacing the audio of a live episode under its old guid."""

from __future__ import annotations

import mimetypes

from pillarcast.errors import NeedsOwner
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Catalogue, Entry, State
from pillarcast.model.naming import find_episode
from pillarcast.pipeline.drops import Drop, settle
from pillarcast.pipeline.files import file_ref, keep_file
from pillarcast.pipeline.intake import without_refusal
from pillarcast.pipeline.staging import make_masters
from pillarcast.pipeline.studio import Studio

NOTICE = "Guid and date stay. Apps that have the episode keep the old audio; everybody else gets the new one."


def replace_audio(studio: Studio, name: str, drop: Drop, settle_s: float) -> Entry:
    """Masters the drop's recording for the live episode `name` and puts both in the catalogue in one step."""
    entry = replaceable(studio, name, drop)
    assert drop.recording is not None
    settle(drop.files, settle_s)
    recording = file_ref(drop.recording, mimetypes.guess_type(drop.recording.name)[0] or "application/octet-stream")
    if entry.recording and entry.recording.sha256 == recording.sha256:
        return entry
    keep_file(studio, drop.recording, recording)
    return _swap(studio, entry, recording, drop.name)


def replaceable(studio: Studio, name: str, drop: Drop) -> Entry:
    """The live episode that goes by `name`. NeedsOwner where it is not live, or the drop has no recording for it."""
    if drop.recording is None:
        raise NeedsOwner(drop.name, "has no recording", "Drop the new recording under the episode's name.")
    entry = find_episode(studio.store.load().catalogue, name)
    if entry.state is not State.LIVE or entry.published_at is None:
        raise NeedsOwner(entry.source, f"is {entry.state}", "Drop the new recording; it is taken by itself.")
    return entry


def _swap(studio: Studio, entry: Entry, recording: FileRef, dropped: str) -> Entry:
    assert entry.published_at is not None
    fresh = entry.model_copy(update={"recording": recording, "master": None, "alternates": ()})
    masters = make_masters(studio, fresh, entry.published_at)

    def swapped(catalogue: Catalogue) -> Catalogue:
        now = catalogue.entry(entry.guid)
        changes = {"recording": recording, "master": masters[0], "alternates": masters[1:]}
        new = now.model_copy(update=changes)
        # As a drop it was refused, and waits for nobody any more.
        return _allowed(studio, without_refusal(catalogue, dropped).with_entry(new), new)

    return studio.store.change(swapped).catalogue.entry(entry.guid)


def _allowed(studio: Studio, catalogue: Catalogue, entry: Entry) -> Catalogue:
    """Its owner wants other audio under the old guid: whichever run publishes next need not be told once more."""
    url, length_bytes = entry.card.audio_url(studio.addresses), entry.card.length_bytes
    ledger = tuple(
        line.model_copy(update={"url": url, "length_bytes": length_bytes}) if line.guid == entry.guid else line
        for line in catalogue.ledger
    )
    return catalogue.model_copy(update={"ledger": ledger})
