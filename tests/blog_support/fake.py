"""A blog in memory that keeps the contract, for tests of the pipeline; it can lose answers like a real one."""

from __future__ import annotations

import html
import threading
from dataclasses import dataclass, field, replace

from pillarcast.errors import Ambiguous, Problem, SettingsError
from pillarcast.model.base import digest
from pillarcast.model.post import Post
from pillarcast.ports import Standing


@dataclass(frozen=True)
class Kept:
    """One post as the fake keeps it; `key` is empty for somebody else's."""

    ref: str
    key: str
    slug: str
    title: str
    body: str
    post: Post | None = None
    state: str = "draft"


@dataclass
class FakeBlog:
    """`answers_to_lose` writes take effect, and then raise Ambiguous. `drafts` leaves posts unpublished."""

    name: str = "fake"
    drafts: bool = False
    kept: dict[str, Kept] = field(default_factory=dict)
    pictures: set[str] = field(default_factory=set)
    answers_to_lose: int = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def find(self, post: Post, ref: str = "") -> Standing | None:
        own = self._own(post, ref)
        return self._standing(own) if own else None

    def put(self, post: Post, standing: Standing | None) -> Standing:
        with self.lock:
            own = self._own(post, standing.ref if standing else "") or self._draft(post)
            if own.state != "bin":
                state = "live" if not (self.drafts or post.is_draft) else own.state
                own = self._keep(replace(own, title=post.title, body=_body(post), post=post, key=post.key, state=state))
            self._lose_answer()
            return self._standing(own)

    def withdraw(self, standing: Standing) -> Standing:
        own = self.kept[standing.ref]
        if own.state == "live":
            own = self._keep(replace(own, state="draft"))
            self._lose_answer()
        return self._standing(own)

    def check(self) -> tuple[Problem, ...]:
        return ()

    def _own(self, post: Post, ref: str) -> Kept | None:
        return next((kept for kept in self.kept.values() if kept.key == post.key), self.kept.get(ref))

    def _draft(self, post: Post) -> Kept:
        if any(kept.slug == post.slug for kept in self.kept.values()):
            what = f"the address “{post.slug}” belongs to another post"
            raise SettingsError(f"blog {self.name}", what, "Change the slug of one of the two.")
        if post.artwork is not None:
            self.pictures.add(post.artwork.sha256)
        return self._keep(Kept(str(len(self.kept) + 1), post.key, post.slug, post.title, _body(post)))

    def _keep(self, kept: Kept) -> Kept:
        self.kept[kept.ref] = kept
        return kept

    def _lose_answer(self) -> None:
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            raise Ambiguous(f"blog {self.name}", "broke the connection off", "It is looked up and repeated.")

    def _standing(self, kept: Kept) -> Standing:
        url = f"https://blog.example.com/{kept.slug}"
        is_binned = kept.state == "bin"
        return Standing(kept.ref, url, digest(kept.title, kept.body), kept.state == "live", is_binned)


def _body(post: Post) -> str:
    links = "".join(f'<a href="{url}">{label}</a>' for label, url in post.links)
    return f'<h1>{html.escape(post.title)}</h1><audio src="{post.audio_url}"></audio>{post.body_html}{links}'
