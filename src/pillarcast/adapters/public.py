"""The show as anybody sees it: over HTTP (requests), or, for a folder bucket without a server, from its files."""

from __future__ import annotations

import time
from urllib.parse import unquote

import requests

from pillarcast.adapters.http_session import BoundedSession, followed, without_login
from pillarcast.errors import Unreachable
from pillarcast.ports import Answer, BucketReader

_TIMEOUT_S = (5.0, 30.0)
_CHUNK = 1 << 18
_LONGEST_S = 1800.0
_MOST_BYTES = 1_000_000_000
"""Above any episode: a day at 64 kbit/s has 700 MB."""
USER_AGENT = "pillarcast-verify/1 (+listens as an app would)"


class WebPublic:
    """Anonymous requests; no credentials. An answer without end ends after `longest_s`, or `most_bytes`."""

    def __init__(self, *, longest_s: float = _LONGEST_S, most_bytes: int = _MOST_BYTES) -> None:
        self._longest_s, self._most_bytes = longest_s, most_bytes
        self._session = BoundedSession(trust_env=True)  # a proxy, and certificates of the owner's own
        self._session.auth = lambda request: request  # set always, or requests would take credentials from ~/.netrc
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})

    def head(self, url: str) -> Answer:
        return self._ask("HEAD", url, {})

    def get(self, url: str, first: int | None = None, last: int | None = None) -> Answer:
        ranged = {} if first is None else {"Range": f"bytes={first}-{'' if last is None else last}"}
        return self._ask("GET", url, ranged)

    def _ask(self, method: str, url: str, headed: dict[str, str]) -> Answer:
        until = time.monotonic() + self._longest_s
        try:
            with (
                self._session.ending_after(self._longest_s),
                self._session.ask(method, url, headed, _TIMEOUT_S) as answer,
            ):
                body = self._read(answer)
        except (requests.RequestException, ValueError) as error:
            raise _silent(url, f"does not answer ({type(error).__name__})") from None
        if time.monotonic() >= until:
            raise _silent(url, f"was not through after {self._longest_s:g} s")
        headers = {name.lower(): value for name, value in answer.headers.items()}
        steps = tuple((step.status_code, followed(step.url, step.headers["Location"])) for step in answer.history)
        return Answer(answer.status_code, headers, body, steps)

    def _read(self, answer: requests.Response) -> bytes:
        body = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            body += chunk
            if len(body) > self._most_bytes:
                raise _silent(answer.url, f"answers more than {self._most_bytes} bytes")
        return bytes(body)


def _silent(url: str, what: str) -> Unreachable:
    return Unreachable(without_login(url), what, "Look whether the server runs and the address is right.")


class FolderPublic:
    """A bucket without a server in front of it, as one would show it: `public_url` stands for its `public/`."""

    def __init__(self, bucket: BucketReader, public_url: str) -> None:
        self._bucket = bucket
        self._public_url = public_url.rstrip("/") + "/"

    def head(self, url: str) -> Answer:
        whole = self.get(url)
        return Answer(whole.status, whole.headers)

    def get(self, url: str, first: int | None = None, last: int | None = None) -> Answer:
        is_ours = url.startswith(self._public_url)
        found = self._bucket.fetch("public/" + unquote(url.removeprefix(self._public_url))) if is_ours else None
        if found is None:
            return Answer(404, {"content-type": "text/plain"})
        body, stored = found
        headers = {"content-type": stored.media_type, "content-length": str(len(body)), "etag": stored.etag}
        if first is None:
            return Answer(200, headers, body)
        to = min(len(body) - 1 if last is None else last, len(body) - 1)
        part = body[first : to + 1]
        ranged = {"content-range": f"bytes {first}-{to}/{len(body)}", "content-length": str(len(part))}
        return Answer(206, headers | ranged, part)
