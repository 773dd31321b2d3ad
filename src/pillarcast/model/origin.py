"""What stands beside a master's bytes in the bucket, so that a lost catalogue can be made again from it."""

from __future__ import annotations

import json
from typing import Any

from pydantic import ValidationError

from pillarcast.model.base import FileRef, Instant, Value
from pillarcast.model.catalogue import Entry
from pillarcast.model.master import Master

MOST_CHARACTERS = 1800
"""S3 keeps 2 KB of metadata with an object; other metadata needs some of it."""


class Origin(Value):
    """Whose master it is, what it was made from, and what was measured; the words of the episode are in its tags."""

    guid: str
    slug: str
    source: str
    recording: FileRef | None
    dropped_at: Instant
    measured: dict[str, Any]

    def master(self, file: FileRef) -> Master:
        """The master that `file` is. ValidationError for measurements of another time."""
        return Master.model_validate({**self.measured, "file": file})


def origin_of(entry: Entry, master: Master) -> str:
    """ASCII for the object's metadata. Pictures of the sound are left out where there is no room for them."""
    measured = master.model_dump(mode="json", exclude={"file", "picture"}, exclude_defaults=True)
    text = _render(entry, measured)
    return text if len(text) <= MOST_CHARACTERS else _render(entry, {**measured, "peaks": "", "warnings": ()})


def parse_origin(text: str) -> Origin | None:
    """None for what is no origin of ours."""
    try:
        return Origin.model_validate_json(text)
    except ValidationError:
        return None


def _render(entry: Entry, measured: dict[str, Any]) -> str:
    origin = Origin(
        guid=entry.guid,
        slug=entry.slug,
        source=entry.source,
        recording=entry.recording,
        dropped_at=entry.dropped_at,
        measured=measured,
    )
    return json.dumps(origin.model_dump(mode="json"), separators=(",", ":"), ensure_ascii=True)
