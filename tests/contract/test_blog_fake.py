"""The fake blog keeps the contract of the real ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from pillarcast.errors import Ambiguous
from pillarcast.model.post import Post
from tests.blog_support.contract import AddressContract, BinContract, BlogContract, MediaContract, a_post, artwork
from tests.blog_support.fake import FakeBlog, Kept

__all__ = ["artwork"]


class FakeBed:
    def __init__(self) -> None:
        self.place = FakeBlog()

    def blog(self, status: str = "publish", **_target: Any) -> FakeBlog:
        return replace(self.place, drafts=status == "draft")

    def public(self, post: Post) -> int:
        return sum(kept.key == post.key and kept.state == "live" for kept in self.place.kept.values())

    def any_state(self, post: Post) -> int:
        return sum(kept.key == post.key for kept in self.place.kept.values())

    def media(self, sha256: str) -> int:
        return len(self.place.pictures & {sha256})

    def page(self, post: Post, url: str) -> str:
        return self._kept(post).body

    def published_at(self, post: Post) -> datetime:
        kept = self._kept(post).post
        assert kept is not None
        return kept.published_at

    def edit_by_hand(self, post: Post) -> None:
        kept = self._kept(post)
        self.place.kept[kept.ref] = replace(kept, body=kept.body + "By hand.")

    def change_summary(self, post: Post) -> None:
        self.edit_by_hand(post)

    def bin(self, post: Post) -> None:
        kept = self._kept(post)
        self.place.kept[kept.ref] = replace(kept, state="bin")

    def take_marker_out(self, post: Post) -> None:
        kept = self._kept(post)
        self.place.kept[kept.ref] = replace(kept, key="", body=kept.body + "By hand.")

    def foreign_post(self, slug: str) -> None:
        self.place.kept["foreign"] = Kept("foreign", "", slug, "Mine", "My own.", state="live")

    def _kept(self, post: Post) -> Kept:
        return next(kept for kept in self.place.kept.values() if kept.key == post.key)


@pytest.fixture
def bed() -> FakeBed:
    return FakeBed()


class TestFakeBlog(BlogContract, MediaContract, AddressContract, BinContract):
    pass


def test_a_lost_answer_has_taken_effect(bed: FakeBed) -> None:
    blog, post = FakeBlog(answers_to_lose=1), a_post()
    with pytest.raises(Ambiguous):
        blog.put(post, None)
    found = blog.find(post)
    assert found is not None
    assert found.is_live
