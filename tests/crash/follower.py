"""A listener's app that asks for the feed all the time, over HTTP, and may never see anything wrong."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from urllib.parse import unquote

import podcastparser
import requests
from lxml import etree

from tests.crash.wire import BYSTANDER

_EVERY_S = 0.05


@dataclass
class Follower:
    """`public_url` is the show's; `embargoed` are addresses at which nothing may be yet."""

    public_url: str
    embargoed: tuple[str, ...] = ()
    seen: list[str] = field(default_factory=list)
    looks: int = 0
    _web: requests.Session = field(default_factory=requests.Session)
    _etag: str = ""

    def __post_init__(self) -> None:
        self._web.headers[BYSTANDER] = "yes"

    @contextmanager
    def following(self) -> Iterator[None]:
        """AssertionError with whatever was seen, at the end."""
        over = Event()
        thread = Thread(target=self._follow, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(30)
        assert self.looks, "nobody looked"
        assert not self.seen, f"a listener saw: {self.seen[:5]}"

    def _follow(self, over: Event) -> None:
        while not over.wait(_EVERY_S):
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 - whatever an app stumbles over counts
                self.seen.append(f"{type(error).__name__}: {error}")

    def look(self) -> None:
        """One look at the feed and at everything that it names."""
        answer = self._web.get(f"{self.public_url}/feed.xml", timeout=20)
        assert answer.status_code == 200, f"the feed answers {answer.status_code}"
        if answer.headers["ETag"] != self._etag:
            self._read(answer.content)
            self._etag = answer.headers["ETag"]
        early = [url for url in self.embargoed if self._web.head(url, timeout=20).status_code == 200]
        assert not early, f"public before its hour: {early}"
        self.looks += 1

    def _read(self, body: bytes) -> None:
        etree.fromstring(body)
        episodes = podcastparser.parse(f"{self.public_url}/feed.xml", io.BytesIO(body))["episodes"]
        twice = [guid for guid, count in Counter(each["guid"] for each in episodes).items() if count > 1]
        assert not twice, f"the feed names {twice} more than once"
        for episode in episodes:
            enclosure = episode["enclosures"][0]
            head = self._web.head(enclosure["url"], timeout=20)
            served = (head.status_code, head.headers.get("Content-Length"), head.headers.get("Content-Type"))
            said = (200, str(enclosure["file_size"]), enclosure["mime_type"])
            assert served == said or self._is_old(body), f"{enclosure['url']} is {served}, the feed says {said}"
        named = set(re.findall(re.escape(self.public_url) + r"/[^\"'<>\s?#&]+", body.decode()))
        missing = [url for url in named if self._web.head(unquote(url), timeout=20).status_code != 200]
        assert not missing or self._is_old(body), f"the feed names what is not there: {missing}"

    def _is_old(self, body: bytes) -> bool:
        """A newer feed came while we looked, and what it no longer names may go."""
        return self._web.get(f"{self.public_url}/feed.xml", timeout=20).content != body
