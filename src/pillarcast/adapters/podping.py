"""Podping: one notice that every app on the network hears within a minute. Needs a token of its keepers.

Source: podping.cloud, "Podping for publishers": GET with `url`, `reason`, `medium` and an Authorization header.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from pillarcast.adapters.http import Http

SERVER = "https://podping.cloud/"
_TAKEN = 200


class Podping:
    """`token` is the owner's; `medium` is the feed's podcast:medium."""

    def __init__(self, token: str, *, medium: str = "podcast", server: str = SERVER, timeout_s: float = 15) -> None:
        self._server, self._medium = server, medium
        host = urlsplit(server).hostname
        self._http = Http(f"Podping {host}", lambda: token, mend=_mend, secret=token, timeout_s=timeout_s)

    @property
    def name(self) -> str:
        return f"podping {self._server}"

    def announce(self, feed_url: str) -> None:
        """Returns when the notice is queued."""
        answer = self._http.get(self._server, {"url": feed_url, "reason": "update", "medium": self._medium})
        if answer.status != _TAKEN:
            raise self._http.refused(answer, "did not take the notice")


def _mend(_words: str) -> str:
    return "Look whether PILLARCAST_PODPING_TOKEN is the token that you were given."
