"""The show as anybody sees it: over HTTP (requests), or, for a folder bucket without a server, from its files."""

from __future__ import annotations

from urllib.parse import unquote

import requests

from pillarcast.errors import Unreachable
from pillarcast.ports import Answer, BucketReader

_TIMEOUT_S = (5.0, 30.0)
USER_AGENT = "pillarcast-verify/1 (+listens as an app would)"


class WebPublic:
    """Anonymous requests; no cookies, no credentials."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})

    def head(self, url: str) -> Answer:
        return self._ask("HEAD", url, {})

    def get(self, url: str, first: int | None = None, last: int | None = None) -> Answer:
        ranged = {} if first is None else {"Range": f"bytes={first}-{'' if last is None else last}"}
        return self._ask("GET", url, ranged)

    def _ask(self, method: str, url: str, headers: dict[str, str]) -> Answer:
        try:
            answer = self._session.request(method, url, headers=headers, timeout=_TIMEOUT_S, allow_redirects=True)
        except requests.RequestException as error:
            mend = "Look whether the server runs and the address is right."
            raise Unreachable(url, f"does not answer ({type(error).__name__})", mend) from None
        return Answer(
            answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content
        )


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
