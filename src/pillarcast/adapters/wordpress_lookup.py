"""Looking before writing: which posts of a WordPress are ours, which one stays, and whose an address is."""

from __future__ import annotations

from collections.abc import Iterable
from html import unescape

from pillarcast.adapters.wordpress_api import Json, WordPressApi
from pillarcast.errors import AccessDenied, SettingsError
from pillarcast.model.base import digest
from pillarcast.model.post import Post
from pillarcast.ports import Standing

POSTS = "wp/v2/posts"
_STATUSES = "publish,future,draft,pending,private,trash"
_RESERVED = frozenset(("feed", "rdf", "rss", "rss2", "atom", "embed"))
_PLACES = ("publish", "private", "future", "pending", "draft", "trash")


def ours(api: WordPressApi, post: Post, ref: str = "") -> tuple[Json, ...]:
    """Every post with our marker, the one that stays first: ours of before (`ref`), then public ones before drafts
    before the bin, then by id. Without a marker only the one of before, while its address or title is still ours.

    Asked for by slug and by marker: a search plugin may know neither drafts nor what was written just now.
    """
    slugs = (post.slug, f"{post.slug}__trashed", *([f"{post.slug}-2"] if is_reserved(post.slug) else []))
    found = (*_list(api, slug=slugs), *_list(api, search=post.key))
    marked = {entry["id"]: entry for entry in found if post.key in entry["content"]["raw"]}
    if marked:
        return tuple(sorted(marked.values(), key=lambda entry: (str(entry["id"]) != ref, *_rank(entry))))
    known = api.find(f"{POSTS}/{ref}") if ref.isdecimal() else None
    return (known,) if known and _is_of_before(known, post) else ()


def _is_of_before(entry: Json, post: Post) -> bool:
    """The number may have gone to another post where a backup was brought back."""
    return entry["slug"].removesuffix("__trashed") == post.slug or unescape(entry["title"]["raw"]) == post.title


def is_reserved(slug: str) -> bool:
    """WordPress keeps the names of its own feeds, and numbers, which its dates are made of; it adds `-2` to them."""
    return slug.isdecimal() or slug in _RESERVED


def made_meanwhile(api: WordPressApi, post: Post) -> tuple[Json, ...]:
    """Nothing where the address is free; our post where a run beside us made it after `ours` was asked.

    Refuses to write beside somebody else's post, which would make `slug-2` of our address.
    """
    others = api.get(POSTS, slug=post.slug)
    taken = [entry for entry in (*_list(api, slug=post.slug), *others) if entry.get("status") != "trash"]
    if any(post.key in entry["content"]["rendered"] for entry in taken):
        if found := ours(api, post):
            return found
        mend = "Give this account the role Editor, or use the account that wrote it."
        raise AccessDenied(api.subject, f"the post “{post.slug}” is ours, but this account may not edit it", mend)
    if taken:
        raise address_taken(api, post, taken[0]["link"])
    return ()


def address_taken(api: WordPressApi, post: Post, where: str) -> SettingsError:
    what = f"the address “{post.slug}” belongs to another post ({where})"
    return SettingsError(api.subject, what, "Change the slug of one of the two; nothing was published here.")


def standing_of(entry: Json) -> Standing:
    """A post as WordPress keeps it, after its own cleaning."""
    return Standing(
        ref=str(entry["id"]),
        url=entry["link"],
        digest=digest(entry["title"]["raw"], entry["excerpt"]["raw"], entry["content"]["raw"]),
        is_live=entry["status"] == "publish",
        is_binned=entry["status"] == "trash",
    )


def _list(api: WordPressApi, **query: object) -> Iterable[Json]:
    found: list[Json] = api.get(
        POSTS, context="edit", status=_STATUSES, per_page=100, orderby="id", order="asc", **query
    )
    return found


def _rank(entry: Json) -> tuple[int, int]:
    status = entry["status"]
    return (_PLACES.index(status) if status in _PLACES else len(_PLACES), entry["id"])
