"""Versions of the catalogue: the last ones are kept beside it, in a ring, so that nothing has to be tidied up."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pillarcast.errors import PillarcastError
from pillarcast.model.addresses import CATALOGUE
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.wanted import PRIVATE
from pillarcast.pipeline.packing import text_of, unpacked
from pillarcast.ports import Bucket, BucketReader, ObjectMeta

VERSIONS = "private/versions/"
KEPT = 20


@dataclass(frozen=True)
class Version:
    """A catalogue as it once was; `kept_at` is when it was last written."""

    catalogue: Catalogue
    kept_at: datetime

    @property
    def revision(self) -> int:
        return self.catalogue.revision


def version_key(revision: int) -> str:
    return f"{VERSIONS}{revision % KEPT:02}.json.gz"


def keep_version(bucket: Bucket, body: bytes, revision: int) -> None:
    """Puts the bytes of a catalogue beside it; a later state of the same revision takes the place of an earlier."""
    meta = ObjectMeta("application/gzip", PRIVATE, hashlib.sha256(body).hexdigest())
    bucket.put(version_key(revision), body, meta)


def is_kept(bucket: BucketReader, revision: int) -> bool:
    """Whether the copy of this revision is the catalogue as it stands; true where none stands."""
    standing, kept = bucket.head(CATALOGUE), bucket.head(version_key(revision))
    return standing is None or (kept is not None and kept.sha256 == standing.sha256)


def keep_standing(bucket: Bucket) -> None:
    """The copy of what stands, where a run died between writing it and keeping it: byte for byte."""
    found = bucket.fetch(CATALOGUE)
    if found is not None:
        keep_version(bucket, found[0], unpacked(found[0]).revision)


def versions(bucket: BucketReader) -> tuple[Version, ...]:
    """Those that are there and can be read, the newest first."""
    return tuple(sorted(_readable(bucket), key=lambda version: version.revision, reverse=True))


def _readable(bucket: BucketReader) -> Iterator[Version]:
    for listed in bucket.keys(VERSIONS):
        with suppress(PillarcastError):
            found = bucket.fetch(listed.key)
            if found is not None:
                yield Version(unpacked(found[0]), found[1].modified_at)


def newest_revision(bucket: BucketReader) -> int:
    """Of the catalogue and all its versions, also of those that a newer pillarcast wrote and we cannot read."""
    keys = (CATALOGUE, *(listed.key for listed in bucket.keys(VERSIONS)))
    return max([0, *(_said_revision(found[0]) for key in keys if (found := bucket.fetch(key)))])


def _said_revision(body: bytes) -> int:
    with suppress(OSError, EOFError, zlib.error, ValueError, AttributeError, TypeError):
        return int(json.loads(text_of(body)).get("revision", 0))
    return 0
