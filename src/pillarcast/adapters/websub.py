"""WebSub: a hub is told that the feed has changed, and tells those who follow it.

Source: W3C WebSub, section 7, and the form that public hubs take: `hub.mode=publish` with the topic's address.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pillarcast.adapters.http import Http
from pillarcast.errors import SettingsError

_OK = range(200, 300)


class WebSub:
    """One hub. A second notice of the same change does no harm: hubs fetch the feed and compare."""

    def __init__(self, url: str, *, timeout_s: float = 15) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise SettingsError("show.toml", f"`feed.hubs`: {url!r} is no address", "Write one that begins with https.")
        self._url = url
        self._http = Http(f"WebSub hub {urlsplit(url).hostname}", timeout_s=timeout_s)

    @property
    def name(self) -> str:
        return f"websub {self._url}"

    def announce(self, feed_url: str) -> None:
        """Returns when the hub has taken the notice; what it does with it is its own matter."""
        form = {"hub.mode": "publish", "hub.url": feed_url, "hub.topic": feed_url}
        answer = self._http.write("POST", self._url, data=form)
        if answer.status not in _OK:
            raise self._http.refused(answer, "did not take the notice")
