"""The catalogue in the bucket: one compressed object, changed by compare-and-swap only."""

from __future__ import annotations

import gzip
import hashlib
import random
import time
import uuid
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from pydantic import ValidationError

from pillarcast.errors import Conflict, PillarcastError
from pillarcast.model.addresses import CATALOGUE, Addresses
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.wanted import PRIVATE
from pillarcast.ports import Absent, Bucket, Condition, ObjectMeta, Unchanged

ATTEMPTS = 40
PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")


@dataclass(frozen=True)
class Loaded:
    """A catalogue as it was read; `etag` is empty where none stands yet."""

    catalogue: Catalogue
    etag: str

    @property
    def condition(self) -> Condition:
        return Unchanged(self.etag) if self.etag else Absent()


class CatalogueStore:
    """`feed_url` mints the show's podcast:guid, once, when its first catalogue is written."""

    def __init__(self, bucket: Bucket, addresses: Addresses, show_guid: str = "") -> None:
        self._bucket = bucket
        self._first_guid = show_guid or mint_show_guid(addresses.feed)
        self._seen = Loaded(Catalogue(show_guid=self._first_guid), etag="")

    def load(self) -> Loaded:
        """The catalogue as it stands; read again only where its ETag is another one than last time."""
        if self._seen.etag and self.is_current(self._seen):
            return self._seen
        found = self._bucket.fetch(CATALOGUE)
        if found is None:
            return Loaded(Catalogue(show_guid=self._first_guid), etag="")
        body, stored = found
        self._seen = Loaded(_parse(body), stored.etag)
        return self._seen

    def save(self, catalogue: Catalogue, loaded: Loaded) -> Loaded:
        """Conflict where somebody else wrote since `loaded`."""
        body = gzip.compress(catalogue.model_dump_json(exclude_defaults=True).encode(), compresslevel=1, mtime=0)
        meta = ObjectMeta("application/gzip", PRIVATE, hashlib.sha256(body).hexdigest())
        stored = self._bucket.put(CATALOGUE, body, meta, loaded.condition)
        self._seen = Loaded(catalogue, stored.etag)
        return self._seen

    def is_current(self, loaded: Loaded) -> bool:
        """Whether nobody wrote since `loaded`."""
        stored = self._bucket.head(CATALOGUE)
        return (stored.etag if stored else "") == loaded.etag

    def change(self, change: Callable[[Catalogue], Catalogue]) -> Loaded:
        """Applies `change` to whatever stands there now, again and again until nobody came in between."""
        for attempt in range(ATTEMPTS):
            loaded = self.load()
            changed = change(loaded.catalogue)
            if changed == loaded.catalogue and loaded.etag:
                return loaded
            try:
                return self.save(changed, loaded)
            except Conflict:
                pause(attempt)
        raise Conflict(CATALOGUE, "other runs keep changing it", "Try again in a minute.")


def pause(attempt: int) -> None:
    """Waits a random while that grows, so that runs at odds do not meet again."""
    time.sleep(random.uniform(0, min(2.0, 0.02 * 2**attempt)))  # noqa: S311 - no secret hangs on it


def mint_show_guid(feed_url: str) -> str:
    """podcast:guid: UUIDv5 of the feed's address without scheme and trailing slashes (Podcasting 2.0)."""
    return str(uuid.uuid5(PODCAST_NAMESPACE, feed_url.partition("://")[2].rstrip("/")))


def _parse(body: bytes) -> Catalogue:
    try:
        return Catalogue.model_validate_json(gzip.decompress(body))
    except (ValidationError, OSError, EOFError, zlib.error) as error:
        mend = "Run `pillarcast doctor` to bring back an earlier version. Nothing was changed."
        raise PillarcastError(CATALOGUE, f"cannot be read ({str(error).splitlines()[0]})", mend) from error
