"""A real Ghost as the contract's tests see it: what it did is counted in its database and its folder of pictures."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from pillarcast.adapters.ghost import Ghost
from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget
from tests.testbeds.ghost import GhostSite


@dataclass
class GhostBed:
    site: GhostSite
    timeout_s: float = 30

    def blog(self, url: str = "", **target: Any) -> Ghost:
        values = {"name": "news", "kind": "ghost", "url": url or self.site.url} | target
        return Ghost(BlogTarget(**values), self.site.admin_key, timeout_s=self.timeout_s)

    @property
    def secret(self) -> str:
        return self.site.admin_key

    def public(self, post: Post) -> int:
        return self._count(post, "AND status = 'published'")

    def any_state(self, post: Post) -> int:
        return self._count(post)

    def media(self, sha256: str) -> int:
        names = [path.stem for path in Path(self.site.content).rglob(f"pillarcast-{sha256[:32]}*")]
        return sum("_o" not in name and "size" not in name for name in names)

    def page(self, post: Post, url: str) -> str:
        answer = requests.get(url, timeout=60)
        assert answer.status_code == 200, url
        return answer.text

    def published_at(self, post: Post) -> datetime:
        row = self._rows("published_at", post)[0]
        return datetime.fromisoformat(row[0]).replace(tzinfo=UTC)

    def edit_by_hand(self, post: Post) -> None:
        ref = self._rows("id", post)[0][0]
        shown: Any = self.site.as_owner("GET", f"posts/{ref}/?formats=lexical")
        before = shown["posts"][0]
        lexical = json.loads(before["lexical"])
        lexical["root"]["children"].append({"type": "html", "version": 1, "html": "<p>By hand.</p>"})
        changed = {"lexical": json.dumps(lexical), "updated_at": before["updated_at"]}
        self.site.as_owner("PUT", f"posts/{ref}/", {"posts": [changed]})

    def change_summary(self, post: Post) -> None:
        self._change(self._rows("id", post)[0][0], {"custom_excerpt": "My own summary."})

    def take_marker_out(self, post: Post) -> None:
        ref = self._rows("id", post)[0][0]
        self.edit_by_hand(post)
        self._change(ref, {"codeinjection_head": None})

    def _change(self, ref: str, fields: dict[str, Any]) -> None:
        shown: Any = self.site.as_owner("GET", f"posts/{ref}/")
        changed = fields | {"updated_at": shown["posts"][0]["updated_at"]}
        self.site.as_owner("PUT", f"posts/{ref}/", {"posts": [changed]})

    def bin(self, post: Post) -> None:
        self.site.as_owner("DELETE", f"posts/{self._rows('id', post)[0][0]}/")

    def foreign_post(self, slug: str) -> None:
        self.site.as_owner("POST", "posts/", {"posts": [{"title": "Mine", "slug": slug, "status": "published"}]})

    def leave_draft_behind(self, post: Post) -> None:
        shown: Any = self.site.as_owner("GET", f"posts/{self._rows('id', post)[0][0]}/?formats=lexical")
        copy = {name: shown["posts"][0][name] for name in ("title", "lexical", "codeinjection_head", "slug")}
        self.site.as_owner("POST", "posts/", {"posts": [copy | {"status": "draft"}]})

    def field(self, post: Post, name: str) -> str:
        return self._rows(name, post)[0][0]

    def tags(self, post: Post) -> list[str]:
        rows = self.site.ask(
            "SELECT tags.name FROM tags JOIN posts_tags ON tags.id = tag_id JOIN posts ON posts.id = post_id "
            f"WHERE posts.codeinjection_head LIKE '%{post.key}%' ORDER BY posts_tags.sort_order"
        )
        return [row[0] for row in rows]

    def _count(self, post: Post, more: str = "") -> int:
        return len(self._rows("id", post, more))

    def _rows(self, column: str, post: Post, more: str = "") -> list[list[str]]:
        return self.site.ask(f"SELECT {column} FROM posts WHERE codeinjection_head LIKE '%{post.key}%' {more}")
