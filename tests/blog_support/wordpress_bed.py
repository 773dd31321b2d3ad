"""A real WordPress as the contract's tests see it: what it did is counted in its database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from pillarcast.adapters.wordpress import WordPress
from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget
from pillarcast.render.post_body import PostTemplates
from tests.testbeds.wordpress import WordPressSite


@dataclass
class WordPressBed:
    site: WordPressSite
    user: str = "author"
    timeout_s: float = 30

    def blog(self, templates: PostTemplates | None = None, user: str = "", url: str = "", **target: Any) -> WordPress:
        user = user or self.user
        values = {"name": "main", "kind": "wordpress", "url": url or self.site.url, "user": user} | target
        return WordPress(BlogTarget(**values), self.site.passwords[user], templates, timeout_s=self.timeout_s)

    @property
    def secret(self) -> str:
        return self.site.passwords[self.user]

    def public(self, post: Post) -> int:
        return self._count(post, "AND post_status = 'publish'")

    def any_state(self, post: Post) -> int:
        return self._count(post)

    def media(self, sha256: str) -> int:
        rows = self.site.ask(
            "SELECT COUNT(*) FROM wp_posts WHERE post_type = 'attachment' "
            f"AND post_name LIKE 'pillarcast-{sha256[:32]}%'"
        )
        return int(rows[0][0])

    def page(self, post: Post, url: str) -> str:
        answer = requests.get(url, timeout=30)
        assert answer.status_code == 200, url
        return answer.text

    def published_at(self, post: Post) -> datetime:
        row = self.site.ask(f"SELECT post_date_gmt FROM wp_posts WHERE ID = {self._id(post)}")[0]
        return datetime.fromisoformat(row[0]).replace(tzinfo=UTC)

    def edit_by_hand(self, post: Post) -> None:
        self._as_owner(f"posts/{self._id(post)}", {"content": self._content(post) + "<p>By hand.</p>"})

    def change_summary(self, post: Post) -> None:
        self._as_owner(f"posts/{self._id(post)}", {"excerpt": "My own summary."})

    def take_marker_out(self, post: Post) -> None:
        self._as_owner(f"posts/{self._id(post)}", {"content": self._content(post).replace(post.key, "mine")})

    def bin(self, post: Post) -> None:
        answer = requests.delete(self._address(f"posts/{self._id(post)}"), auth=self._owner(), timeout=30)
        answer.raise_for_status()

    def foreign_post(self, slug: str) -> None:
        self._as_owner("posts", {"slug": slug, "status": "publish", "title": "Mine", "content": "My own."})

    def copy_as_owner(self, post: Post) -> None:
        """What a plugin for duplicating posts does."""
        self._as_owner("posts", {"title": "Copy", "content": self._content(post) + "<p>New idea.</p>"})

    def leave_draft_behind(self, post: Post) -> None:
        fields = {"title": post.title, "content": self._content(post), "slug": post.slug, "status": "draft"}
        account = ("author", self.site.passwords["author"])
        requests.post(self._address("posts"), json=fields, auth=account, timeout=30).raise_for_status()

    def field(self, post: Post, name: str) -> str:
        return self.site.ask(f"SELECT {name} FROM wp_posts WHERE ID = {self._id(post)}")[0][0]

    def make_category(self, name: str) -> None:
        if not self.site.ask(f"SELECT term_id FROM wp_terms WHERE name = '{name}'"):
            self._as_owner("categories", {"name": name})

    def featured_alt(self, post: Post) -> str:
        """The alt text of the picture at the head of the post."""
        rows = self.site.ask(
            "SELECT alt.meta_value FROM wp_postmeta thumb JOIN wp_postmeta alt ON alt.post_id = thumb.meta_value "
            f"AND alt.meta_key = '_wp_attachment_image_alt' WHERE thumb.meta_key = '_thumbnail_id' "
            f"AND thumb.post_id = {self._id(post)}"
        )
        return rows[0][0]

    def terms(self, post: Post, taxonomy: str) -> set[str]:
        rows = self.site.ask(
            "SELECT name FROM wp_terms JOIN wp_term_taxonomy USING (term_id) JOIN wp_term_relationships "
            f"USING (term_taxonomy_id) WHERE taxonomy = '{taxonomy}' AND object_id = {self._id(post)}"
        )
        return {row[0] for row in rows}

    def _count(self, post: Post, more: str = "") -> int:
        rows = self.site.ask(
            f"SELECT COUNT(*) FROM wp_posts WHERE post_type = 'post' AND post_content LIKE '%{post.key}%' {more}"
        )
        return int(rows[0][0])

    def _id(self, post: Post) -> int:
        rows = self.site.ask(
            "SELECT MIN(ID) FROM wp_posts WHERE post_type = 'post' "
            f"AND (post_content LIKE '%{post.key}%' OR post_name = '{post.slug}')"
        )
        return int(rows[0][0])

    def _content(self, post: Post) -> str:
        shown = requests.get(
            self._address(f"posts/{self._id(post)}"), params={"context": "edit"}, auth=self._owner(), timeout=30
        )
        return str(shown.json()["content"]["raw"])

    def _as_owner(self, path: str, fields: dict[str, Any]) -> None:
        answer = requests.post(self._address(path), json=fields, auth=self._owner(), timeout=30)
        assert answer.ok, re.sub("<[^>]+>", "", answer.text)[:500]

    def _address(self, path: str) -> str:
        return f"{self.site.url}/wp-json/wp/v2/{path}"

    def _owner(self) -> tuple[str, str]:
        return ("admin", self.site.passwords["admin"])
