"""The Micropub endpoint of one site: found from its address, entries looked up by our marker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import requests

from pillarcast.adapters.http import Answer, Http
from pillarcast.adapters.http_secret import checked_secret
from pillarcast.errors import AccessDenied, Conflict, Unsupported
from pillarcast.model.show import BlogTarget

Json = dict[str, Any]

_PAGE, _MOST_PAGES = 100, 10
_MEND = "Make a token with the scopes create, update and delete."


class MicropubApi:
    """`target.url` is the site (which names its endpoint by `rel="micropub"`) or the endpoint itself."""

    def __init__(self, target: BlogTarget, token: str, timeout_s: float = 30) -> None:
        self.subject = f"blog {target.name}"
        checked_secret(target, token, "a bearer token with the scopes create, update and delete")
        self.http = Http(
            self.subject, lambda: f"Bearer {token}", mend=lambda _words: _MEND, secret=token, timeout_s=timeout_s
        )
        self._front = Http(self.subject, timeout_s=timeout_s)
        self._home = target.url
        self._endpoint = ""

    @property
    def endpoint(self) -> str:
        """Discovery of the Micropub recommendation, section 5.3: the Link header, then the page."""
        if not self._endpoint:
            self.http.check_address(self._home)
            self._endpoint = self._discovered() or self._home
        return self._endpoint

    def entries(self, word: str) -> list[Json]:
        """Properties of every entry that holds `word`.

        A server may ignore the filter, so what it lists is sifted here. Unsupported when it lists nothing at all.
        """
        return [entry for entry in self._listed(word) if word in json.dumps(entry, ensure_ascii=False)]

    def create(self, properties: Json) -> str:
        """The address of the new entry."""
        answer = self.http.write("POST", self.endpoint, json={"type": ["h-entry"], "properties": properties})
        if answer.status >= 300:
            raise self.http.refused(answer, "refuses the post")
        return urljoin(self.endpoint, answer.headers.get("Location", ""))

    def replace(self, url: str, properties: Json) -> None:
        """Conflict when the entry is gone meanwhile."""
        answer = self.http.write("POST", self.endpoint, json={"action": "update", "url": url, "replace": properties})
        if answer.status in (404, 410):
            raise Conflict(self.subject, f"{url} was removed meanwhile", "It is looked up again.")
        if answer.status >= 300:
            raise self.http.refused(answer, "refuses the change")

    def remove(self, url: str) -> None:
        """What is gone already is no error."""
        answer = self.http.write("POST", self.endpoint, json={"action": "delete", "url": url})
        if answer.status >= 300 and answer.status not in (404, 410):
            raise self.http.refused(answer, "does not remove the post")

    def source(self, url: str) -> Json:
        answer = self.http.get(self.endpoint, {"q": "source", "url": url})
        if answer.status >= 300:
            raise self.http.refused(answer, f"does not show {url}")
        properties: Json = answer.json()["properties"]
        return {"url": [url]} | properties

    def known(self, url: str) -> Json | None:
        """The entry at an address where one stood before, or None where there is none any more."""
        answer = self.http.get(self.endpoint, {"q": "source", "url": url})
        if answer.status in (400, 404, 410):
            return None
        if answer.status >= 300:
            raise self.http.refused(answer, f"does not show {url}")
        properties: Json = answer.json().get("properties") or {}
        return {"url": [url]} | properties if properties else None

    def check_token(self) -> None:
        answer = self.http.get(self.endpoint, {"q": "config"})
        if answer.status >= 300:
            raise Unsupported(self.subject, f"no Micropub endpoint answers at {self.endpoint}", "Is the address right?")

    def _listed(self, word: str) -> Iterator[Json]:
        """Unsupported when the list does not end: an old post that is not seen would be made a second time."""
        for page in range(_MOST_PAGES):
            query = {"q": "source", "filter": word, "limit": _PAGE, "offset": page * _PAGE}
            entries = self._page(self.http.get(self.endpoint, query))
            yield from entries
            if len(entries) < _PAGE:
                return
        what = f"lists {_MOST_PAGES * _PAGE} posts and more, whichever we ask for"
        raise Unsupported(self.subject, what, "Use a Micropub server that knows `filter`, `limit` and `offset`.")

    def _page(self, answer: Answer) -> list[Json]:
        if answer.status == 200:
            listed = answer.json()
            if isinstance(listed, dict) and isinstance(listed.get("items"), list):
                return [item["properties"] for item in listed["items"]]
        what = "cannot list its posts, so that one whose answer was lost could not be found again"
        raise Unsupported(self.subject, what, "Use a Micropub server that answers `q=source` without a url.")

    def _discovered(self) -> str:
        try:
            answer = self._front.get(self._home)
        except AccessDenied:
            return ""
        links = requests.utils.parse_header_links(answer.headers.get("Link", ""))
        named = [link["url"] for link in links if "micropub" in link.get("rel", "").split()]
        reader = _Links()
        reader.feed(answer.body.decode("utf-8", "replace"))
        found = (*named, *reader.found)
        return urljoin(self._home, found[0]) if found else ""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in ("link", "a") and "micropub" in (values.get("rel") or "").split():
            self.found.append(values.get("href") or "")
