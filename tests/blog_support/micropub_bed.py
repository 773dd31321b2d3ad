"""A real Micropub site as the contract's tests see it: what it did is counted in its database."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests

from pillarcast.adapters.micropub import Micropub
from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget
from tests.testbeds.micropub import MicropubSite


@dataclass
class MicropubBed:
    site: MicropubSite
    timeout_s: float = 30

    def blog(self, url: str = "", **target: Any) -> Micropub:
        values = {"name": "indie", "kind": "micropub", "url": url or self.site.url} | target
        return Micropub(BlogTarget(**values), self.site.token, timeout_s=self.timeout_s)

    @property
    def secret(self) -> str:
        return self.site.token

    def public(self, post: Post) -> int:
        return sum(entry.get("post-status") != ["draft"] for _, entry in self._entries(post))

    def any_state(self, post: Post) -> int:
        return len(self._entries(post))

    def page(self, post: Post, url: str) -> str:
        answer = requests.get(url, timeout=30)
        assert answer.status_code == 200, url
        return answer.text

    def published_at(self, post: Post) -> datetime:
        return datetime.fromisoformat(self.entry(post)["published"][0])

    def edit_by_hand(self, post: Post) -> None:
        address, entry = self._entries(post)[0]
        entry["content"][0]["html"] += "<p>By hand.</p>"
        self.site.ask("UPDATE posts SET properties = ? WHERE url = ?", json.dumps(entry), address)

    def change_summary(self, post: Post) -> None:
        address, entry = self._entries(post)[0]
        text = json.dumps(entry | {"summary": ["My own summary."]})
        self.site.ask("UPDATE posts SET properties = ? WHERE url = ?", text, address)

    def take_marker_out(self, post: Post) -> None:
        address, entry = self._entries(post)[0]
        text = json.dumps(entry).replace(post.key, "mine")
        self.site.ask("UPDATE posts SET properties = ? WHERE url = ?", text, address)

    def leave_draft_behind(self, post: Post) -> None:
        address, entry = self._entries(post)[0]
        draft = json.dumps(entry | {"post-status": ["draft"], "url": [f"{address}-2"]})
        self.site.ask("INSERT INTO posts VALUES (?, ?)", f"{address}-2", draft)

    def entry(self, post: Post) -> dict[str, Any]:
        return self._entries(post)[0][1]

    def _entries(self, post: Post) -> list[tuple[str, dict[str, Any]]]:
        rows = self.site.ask("SELECT url, properties FROM posts WHERE properties LIKE ?", f"%{post.key}%")
        return [(url, json.loads(text)) for url, text in rows]
