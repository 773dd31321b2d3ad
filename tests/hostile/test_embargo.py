"""On the real S3 server nobody without keys gets anything before its hour, whatever they know or guess."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import requests

from pillarcast.model.addresses import CATALOGUE, media_key, page_key
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.wiring import House, preview_url
from tests.show_support.place import Place, ingest_drop, publish_all

pytestmark = pytest.mark.s3
SLOT = datetime(2026, 6, 4, 10, 0, tzinfo=UTC)
CLOSED = {401, 403, 404}
NO_ADDRESS = {400}
"""What the server says of an address that climbs."""
WAYS = ("{base}/{key}", "{base}/public/..%2F{key}", "{base}/public/%2e%2e/{key}", "{base}//{key}", "{base}/{key}?acl")
"""How somebody would ask for a key: straight, out of what is public, and for what is known of it."""


def keys_of(entry: Entry) -> Iterator[str]:
    """Every key that the catalogue knows of an episode, and those that it will have when it is public."""
    assert entry.master is not None
    files = (entry.recording, entry.master.file, entry.notes, entry.artwork, entry.transcript)
    for file in filter(None, files):
        yield file.key
        if file.media_type in ("audio/mpeg", "image/jpeg", "text/vtt"):
            yield media_key(file.sha256, entry.slug, file.media_type)
    yield page_key(entry.slug)
    yield f"public/embed/{entry.slug}"


def inside(house: House, catalogue: Catalogue) -> set[str]:
    """Everything that stands below private/, and versions of it."""
    bucket = house.studio.bucket
    stored = {one.key for one in bucket.keys("private/")}
    return stored | {CATALOGUE} | {key for entry in catalogue.entries for key in keys_of(entry)}


def base_of(house: House) -> tuple[str, str]:
    """The bucket's own address, and the show's prefix in it."""
    settings = house.settings
    return f"{settings.bucket_endpoint}/{settings.bucket_name}", settings.bucket_prefix


def address(house: House, key: str, way: str) -> str:
    base, prefix = base_of(house)
    root, _, rest = key.partition("/")
    return way.format(base=base, key=f"{root}/{prefix}/{rest}")


def asked(url: str, method: str = "GET") -> int:
    return requests.request(method, url, timeout=10).status_code


def test_nothing_is_there_before_its_hour_and_the_public_part_of_it_afterwards(s3_place: Place) -> None:
    notes = "---\ntitle: Social media\nsummary: Ten people.\n---\n\nNotes.\n"
    s3_place.drop("041-social-media", notes)
    (s3_place.episodes / "041-social-media.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n", "utf-8")
    s3_place.drop("040-before", "---\ntitle: Before\n---\n\nBefore.\n", seed=2)
    with s3_place.opened() as house:
        studio = house.studio
        ingest_drop(studio, s3_place.episodes, "040-before")
        publish_all(studio, "40")
        entry = ingest_drop(studio, s3_place.episodes, "041-social-media").entry
        assert entry is not None
        publish_all(studio)
        catalogue = studio.store.load().catalogue
        known = inside(house, catalogue) - {one.key for one in studio.bucket.keys("public/")}
        assert len(known) > 10
        for key in sorted(known):
            for way in WAYS:
                for method in ("GET", "HEAD"):
                    assert asked(address(house, key, way), method) in CLOSED | (
                        NO_ADDRESS if way != WAYS[0] else set()
                    ), (method, key, way)
        base, prefix = base_of(house)
        for listing in ("", "?list-type=2", "?versions", "?uploads", f"?prefix=private/{prefix}"):
            assert asked(f"{base}{listing}") in CLOSED, listing
            assert asked(f"{base}/{listing}") in CLOSED, listing
        feed = requests.get(studio.addresses.feed, timeout=10).text
        assert entry.guid not in feed
        assert entry.master is not None
        assert entry.master.file.sha256[:24] not in feed

        s3_place.clock.moment = SLOT
        assert len(publish_all(studio).plan.airs) == 1
        (live,) = [one for one in studio.store.load().catalogue.live if one.guid == entry.guid]
        assert live.master is not None
        public = (media_key(live.master.file.sha256, live.slug, "audio/mpeg"), page_key(live.slug), "public/feed.xml")
        for key in public:
            assert asked(studio.addresses.of(key)) == 200, key
        for key in sorted(key for key in known if key.startswith("private/")):
            assert asked(address(house, key, WAYS[0])) in CLOSED, key


def test_a_preview_is_for_one_file_and_ends(s3_place: Place) -> None:
    s3_place.drop("041-social-media")
    with s3_place.opened() as house:
        entry = ingest_drop(house.studio, s3_place.episodes, "041-social-media").entry
        assert entry is not None
        assert entry.master is not None
        url = preview_url(house, entry.master.file.key, 2)
        heard = requests.get(url, timeout=10)
        assert (heard.status_code, len(heard.content)) == (200, entry.master.file.length_bytes)
        recording = entry.recording.key.rpartition("/")[2]
        other = url.replace(entry.master.file.key.rpartition("/")[2], recording)
        assert other != url
        assert asked(other) in CLOSED
        assert asked(url, "PUT") in CLOSED
        assert asked(url, "DELETE") in CLOSED
        assert asked(url.partition("?")[0]) in CLOSED
        time.sleep(3)
        assert asked(url) in CLOSED
