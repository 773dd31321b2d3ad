"""Whenever a run dies, the feeds that it leaves can be read: by podcastparser, by feedparser, by the Podcast Index."""

from __future__ import annotations

import gzip
import io
import tempfile
from pathlib import Path

import feedparser
import podcastparser
import pytest

from pillarcast.model.addresses import FEED
from tests.crash.faults import Call, Faults
from tests.crash.stories import STORIES, beginning
from tests.crash.world import World, room
from tests.testbeds.partytime import parse_feeds

pytestmark = pytest.mark.real


def prefixes(root: Path) -> tuple[list[bytes], int]:
    """Every feed that stands in the bucket after any write of any story, each once; and how many writes there were."""
    begun = beginning(root)
    seen: dict[bytes, None] = {}
    writes = 0
    for story in STORIES:
        with begun.played() as world:
            story.set_up(world)

            def collect(_call: Call, world: World = world) -> None:
                nonlocal writes
                writes += 1
                seen.update(dict.fromkeys(_feeds(world)))

            with world.studio(Faults(after_write=collect)) as studio:
                story.run(world, studio)
    return list(seen), writes


def _feeds(world: World) -> list[bytes]:
    """All documents at any address, and what the gzip copy holds."""
    found = []
    for stored in world.bucket.keys("public/"):
        if stored.key.endswith(".xml") and "sitemap" not in stored.key:
            found.append(world.bucket.path(stored.key).read_bytes())
        elif stored.key == f"{FEED}.gz":
            found.append(gzip.decompress(world.bucket.path(stored.key).read_bytes()))
    return found


def test_every_prefix_of_a_run_leaves_feeds_that_parsers_accept(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=room()) as begun:
        feeds, writes = prefixes(Path(begun))
    assert writes > 60
    assert len(feeds) >= 6
    paths = [tmp_path / f"{number}.xml" for number in range(len(feeds))]
    for path, feed in zip(paths, feeds, strict=True):
        path.write_bytes(feed)
    for feed, indexed in zip(feeds, parse_feeds(*paths), strict=True):
        by_feedparser = feedparser.parse(feed, sanitize_html=False)
        assert not by_feedparser.bozo, by_feedparser.get("bozo_exception")
        guids = [entry.id for entry in by_feedparser.entries]
        assert len(set(guids)) == len(guids)
        if b"<enclosure" not in feed:
            continue  # the articles, which no podcast app reads, or a show whose only episode was taken out
        by_podcastparser = podcastparser.parse("https://example.com/", io.BytesIO(feed))["episodes"]
        assert {episode["guid"] for episode in by_podcastparser} == set(guids)
        assert indexed is not None
        assert {item["guid"] for item in indexed["items"]} == set(guids)
        assert all(item["enclosure"]["length"] > 0 for item in indexed["items"])
