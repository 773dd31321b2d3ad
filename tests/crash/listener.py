"""What anybody outside may never see, looked at after every write of a run."""

from __future__ import annotations

import io
import re
from collections import Counter
from urllib.parse import unquote

import podcastparser
from lxml import etree

from pillarcast.model.addresses import CATALOGUE, FEED, MEDIA
from pillarcast.model.catalogue import Catalogue
from pillarcast.pipeline.packing import unpacked
from pillarcast.wiring import FOLDER_URL
from tests.crash.faults import Call
from tests.crash.world import World

_OURS = re.compile(re.escape(FOLDER_URL) + r"/([^\"'<>\s?#&]+)")


class Listener:
    """Raises AssertionError at the first moment at which an app, a reader or a stranger would see something wrong."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._bucket = world.bucket
        self._feed_etag = ""
        self._has_feed = self._bucket.head(FEED) is not None
        self._guids = {entry.guid for entry in self._catalogue().entries}

    def after(self, call: Call) -> None:
        if call.about.startswith("public/"):
            self.look_at_feed()
            self.look_at_embargo()
        if call.port == "blog":
            self.look_at_posts()
        if call.about == CATALOGUE:
            self.look_at_catalogue()

    def look_at_feed(self) -> None:
        found = self._bucket.fetch(FEED)
        if found is None:
            assert not self._has_feed, "the feed is gone"
            return
        self._has_feed = True
        body, stored = found
        named = {f"public/{unquote(path)}" for path in _OURS.findall(body.decode())}
        missing = sorted(key for key in named if not self._bucket.path(key).is_file())
        assert not missing, f"the feed names what is not there: {missing}"
        if stored.etag != self._feed_etag:
            self._feed_etag = stored.etag
            self._read(body)

    def _read(self, body: bytes) -> None:
        etree.fromstring(body)
        episodes = podcastparser.parse("https://example.com/", io.BytesIO(body))["episodes"]
        twice = [guid for guid, count in Counter(each["guid"] for each in episodes).items() if count > 1]
        assert not twice, f"the feed names {twice} more than once"
        for episode in episodes:
            enclosure = episode["enclosures"][0]
            key = "public/" + unquote(enclosure["url"].removeprefix(f"{FOLDER_URL}/"))
            stored = self._bucket.head(key)
            assert stored is not None, f"no audio at {key}"
            assert (stored.length_bytes, stored.media_type) == (enclosure["file_size"], enclosure["mime_type"])

    def look_at_embargo(self) -> None:
        clock = self._world.clock
        now = max(clock.moment, clock.latest)  # what aired stays on air when the clock is set back
        for entry in self._catalogue().entries:
            is_out = entry.published_at is not None and entry.published_at <= now
            for stored in () if is_out or entry.master is None else self._bucket.keys(MEDIA):
                assert entry.master.file.sha256[:24] not in stored.key, f"{entry.slug} is public before its hour"

    def look_at_posts(self) -> None:
        twice = [
            key for key, count in Counter(kept.key for kept in self._world.blog.kept.values()).items() if count > 1
        ]
        assert not twice, f"posts that stand there twice: {twice}"

    def look_at_catalogue(self) -> None:
        """No guid that was ever minted goes away, and none stands for two recordings."""
        entries = self._catalogue().entries
        guids = {entry.guid for entry in entries}
        assert len(guids) == len(entries), "two entries share a guid"
        assert self._guids <= guids, f"guids are gone: {self._guids - guids}"
        self._guids = guids
        recordings = Counter(entry.recording.sha256 for entry in entries if entry.recording)
        assert all(count == 1 for count in recordings.values()), "one recording became two episodes"

    def _catalogue(self) -> Catalogue:
        found = self._bucket.fetch(CATALOGUE)
        return unpacked(found[0]) if found else Catalogue(show_guid="")
