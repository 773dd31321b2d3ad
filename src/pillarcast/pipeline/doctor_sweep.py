"""The doctor's sweep: masters that were tagged or made anew since, and notes of uploads that nobody went on with.

Nothing goes that cannot be made again: no recording, no notes, no picture. Nothing goes that the catalogue, one of its
kept versions or the feed names, or that is young enough to belong to a run that has not said so yet.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import timedelta

from pillarcast.model.catalogue import Catalogue
from pillarcast.model.diagnosis import Finding, Sweep
from pillarcast.model.origin import parse_origin
from pillarcast.pipeline.rebuilding import FILES, feed_items
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.versions import versions
from pillarcast.ports import Stored

KEPT_FOR = timedelta(days=30)
"""Far longer than a run takes, or than people take to see that something is wrong."""
UPLOADS = "private/uploads/"

_KEY = re.compile(r'"(private/[^"]+)"')
_MEND = "`pillarcast doctor --repair` takes it away."


def find_unneeded(studio: Studio, catalogue: Catalogue) -> Iterator[Finding]:
    """Only warnings: what lies about harms nobody."""
    for stored in unneeded_masters(studio, catalogue):
        what = f"is an old master that nothing needs ({stored.length_bytes / (1 << 20):.1f} MiB)"
        yield Finding(stored.key, what, _MEND, Sweep(stored.key), is_warning=True)
    for stored in forgotten_uploads(studio):
        what = "is the note of an upload that nobody went on with"
        yield Finding(stored.key, what, _MEND, Sweep(stored.key), is_warning=True)


def sweep(studio: Studio, keys: Collection[str]) -> None:
    """Removes those of `keys` that are still unneeded, by the catalogue as it stands now."""
    catalogue = studio.store.load().catalogue
    for stored in (*unneeded_masters(studio, catalogue), *forgotten_uploads(studio)):
        if stored.key in keys:
            studio.bucket.remove(stored.key)


def forgotten_uploads(studio: Studio) -> Iterator[Stored]:
    return (stored for stored in studio.bucket.keys(UPLOADS) if _is_old(studio, stored))


def unneeded_masters(studio: Studio, catalogue: Catalogue) -> Iterator[Stored]:
    """Old masters of episodes that have another one, and whose recording is there."""
    old = [stored for stored in studio.bucket.keys(FILES) if _is_old(studio, stored)]
    named = _named(studio, catalogue) if old else frozenset()
    in_feed = [item.url for item in feed_items(studio).values()] if old else []
    for listed in old:
        if listed.key in named or any(_hash_of(listed.key) in url for url in in_feed):
            continue
        stored = studio.bucket.head(listed.key)
        if stored is not None and _can_be_made_again(studio, catalogue, stored):
            yield stored


def _is_old(studio: Studio, stored: Stored) -> bool:
    return studio.clock.now() - stored.modified_at > KEPT_FOR


def _named(studio: Studio, catalogue: Catalogue) -> frozenset[str]:
    """Every private key that stands anywhere in the catalogue or in one of its kept versions."""
    states = [catalogue, *(version.catalogue for version in versions(studio.bucket))]
    return frozenset(key for state in states for key in _KEY.findall(state.model_dump_json()))


def _hash_of(key: str) -> str:
    return key.removeprefix(FILES)[:24]


def _can_be_made_again(studio: Studio, catalogue: Catalogue, stored: Stored) -> bool:
    origin = parse_origin(stored.origin)
    if origin is None or origin.recording is None or not origin.recording.key:
        return False
    entry = next((entry for entry in catalogue.entries if entry.guid == origin.guid), None)
    if entry is None or entry.master is None or studio.bucket.head(entry.master.file.key) is None:
        return False
    recording = studio.bucket.head(origin.recording.key)
    return recording is not None and recording.sha256 == origin.recording.sha256
