"""The catalogue in the bucket: one compressed object, changed by compare-and-swap only, its last versions kept."""

from __future__ import annotations

import hashlib
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from pillarcast.errors import Conflict, NeedsOperator, PillarcastError
from pillarcast.model.addresses import CATALOGUE, FEED, Addresses
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.entries import Entries
from pillarcast.model.wanted import PRIVATE
from pillarcast.pipeline.lines import Lines
from pillarcast.pipeline.packing import packed, read
from pillarcast.pipeline.versions import VERSIONS, keep_version
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
        self._lines = Lines()
        self._seen = self._nothing = Loaded(Catalogue(show_guid=show_guid or mint_show_guid(addresses.feed)), etag="")

    def load(self) -> Loaded:
        """The catalogue as it stands; read again only where its ETag is another one than last time."""
        if self._seen.etag and self.is_current(self._seen):
            return self._seen
        found = self._bucket.fetch(CATALOGUE)
        if found is None:
            return self._beginning()
        body, stored = found
        catalogue, self._lines = read(body)
        self._seen = Loaded(catalogue, stored.etag)
        return self._seen

    def _beginning(self) -> Loaded:
        """An empty catalogue for a new show. A lost one must not look like it: every guid would be minted again."""
        if self._bucket.head(FEED) is not None or any(self._bucket.keys(VERSIONS)):
            mend = "Run `pillarcast doctor --repair`: it is made again from a kept version, or from what is there."
            raise NeedsOperator(CATALOGUE, "is gone from the bucket, though the show has been here", mend)
        return self._nothing

    def standing(self) -> Loaded:
        """Whatever stands there, to be replaced: an empty catalogue in the place of one that is lost or unreadable."""
        try:
            loaded = self.load()
            return Loaded(loaded.catalogue.parsed(), loaded.etag)
        except PillarcastError:
            stored = self._bucket.head(CATALOGUE)
            return Loaded(self._nothing.catalogue, stored.etag if stored else "")

    def save(self, catalogue: Catalogue, loaded: Loaded) -> Loaded:
        """Conflict where somebody else wrote since `loaded`. A copy is kept, for `pillarcast restore`."""
        revision = loaded.catalogue.revision + (_pieces(catalogue) != _pieces(loaded.catalogue))
        return self.replace(catalogue.model_copy(update={"revision": revision}), loaded)

    def replace(self, catalogue: Catalogue, loaded: Loaded) -> Loaded:
        """As `save`, with the revision that the catalogue says."""
        body = packed(catalogue, self._lines)
        meta = ObjectMeta("application/gzip", PRIVATE, hashlib.sha256(body).hexdigest())
        stored = self._bucket.put(CATALOGUE, body, meta, loaded.condition)
        self._seen = Loaded(catalogue, stored.etag)
        keep_version(self._bucket, body, catalogue.revision)
        return self._seen

    def index_anew(self) -> None:
        """Writes the catalogue with the cards of its entries, whatever its card index said of them."""
        loaded = self.load()
        values = Entries.of(tuple(loaded.catalogue.entries))
        self.replace(loaded.catalogue.model_copy(update={"entries": values}), loaded)

    def is_current(self, loaded: Loaded) -> bool:
        """Whether nobody wrote since `loaded`."""
        stored = self._bucket.head(CATALOGUE)
        return (stored.etag if stored else "") == loaded.etag

    def before_and_after(self, change: Callable[[Catalogue], Catalogue]) -> tuple[Catalogue, Catalogue]:
        """As `change`; with what stood there when it was applied for good."""
        before = self._nothing.catalogue

        def noted(catalogue: Catalogue) -> Catalogue:
            nonlocal before
            before = catalogue
            return change(catalogue)

        after = self.change(noted).catalogue
        return before, after

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


def _pieces(catalogue: Catalogue) -> tuple[object, object]:
    """What a version is kept of; receipts alone make no new one."""
    return catalogue.kept, catalogue.articles
