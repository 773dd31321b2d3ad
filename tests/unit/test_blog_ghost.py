"""What Ghost is told of a post that it has already, and how words are cut to what it takes."""

from __future__ import annotations

from typing import Any

import pytest

from pillarcast.adapters.ghost import Ghost
from pillarcast.model.show import BlogTarget
from pillarcast.render.post_ghost import LONGEST_EXCERPT, excerpt_of
from tests.blog_support.contract import a_post


class OneEntry:
    """The part of the Admin API that an edit of one post needs; `changed` are the fields that it was sent."""

    def __init__(self, **entry: Any) -> None:
        self.entry = {"id": "1", "slug": "", "title": "", "status": "published", "url": "", "created_at": "", **entry}
        self.entry |= {"tags": [], "feature_image": None, "lexical": "", "custom_excerpt": ""}
        self.changed: dict[str, Any] = {}

    def posts(self, _condition: str) -> list[dict[str, Any]]:
        return [self.entry]

    def change(self, before: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
        self.changed = fields
        return before | fields


@pytest.mark.parametrize(
    ("stands", "becomes"),
    [
        ("https://old.example.com/show/episodes/{slug}", "{now}"),
        ("https://helen.example.com/what-i-chose", None),
        (None, None),
        ("{now}", None),
    ],
)
def test_an_edit_names_the_page_where_it_is_now_but_keeps_an_address_of_the_owners(
    stands: str | None, becomes: str | None
) -> None:
    post = a_post(canonical_url="https://new.example.com/episodes/one")
    there = stands.format(slug="one", now=post.canonical_url) if stands else None
    api = OneEntry(codeinjection_head=post.key, canonical_url=there)
    blog = Ghost(BlogTarget(name="news", kind="ghost", url="https://news.example.com"), "")
    vars(blog)["_api"] = api
    blog.put(post, blog.find(post))
    assert api.changed.get("canonical_url") == (becomes and becomes.format(now=post.canonical_url))


def test_an_excerpt_is_cut_between_words_or_between_letters_where_there_are_no_blanks() -> None:
    assert excerpt_of("word " * 100) == "word " * 58 + "word…"
    endless = "AI 时代的职场" + "每周四更新" * 100
    assert excerpt_of(endless) == endless[: LONGEST_EXCERPT - 1] + "…"
