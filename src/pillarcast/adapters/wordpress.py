"""WordPress by its REST interface with an application password: one post a piece, whatever gets lost on the way."""

from __future__ import annotations

import html
from collections.abc import Iterable
from datetime import UTC
from functools import cached_property

from pillarcast.adapters.wordpress_api import Json, WordPressApi
from pillarcast.adapters.wordpress_check import problems
from pillarcast.adapters.wordpress_lookup import (
    POSTS,
    address_taken,
    is_reserved,
    made_meanwhile,
    ours,
    standing_of,
)
from pillarcast.adapters.wordpress_media import is_ours, media_id
from pillarcast.adapters.wordpress_terms import author_id, category_ids, tag_ids
from pillarcast.errors import Conflict, PillarcastError, Problem, Unsupported, problems_of
from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget
from pillarcast.ports import Standing
from pillarcast.render.post_body import PostTemplates, harmless

_NOT_YET_PUBLIC = ("draft", "pending", "future")


class WordPress:
    """A blog of WordPress 6.1 or newer; `password` is an application password of `target.user`."""

    def __init__(
        self, target: BlogTarget, password: str, templates: PostTemplates | None = None, *, timeout_s: float = 30
    ) -> None:
        self._target, self._password, self._timeout_s = target, password, timeout_s
        self._templates = templates or PostTemplates()

    @cached_property
    def _api(self) -> WordPressApi:
        """Made at the first use: settings that are wrong are a problem of this blog, not of the whole show."""
        return WordPressApi(self._target, self._password, self._timeout_s)

    @property
    def name(self) -> str:
        return self._target.name

    def find(self, post: Post, ref: str = "") -> Standing | None:
        found = ours(self._api, post, ref)
        return standing_of(found[0]) if found else None

    def put(self, post: Post, standing: Standing | None) -> Standing:
        """Looks up whatever the caller knows: between its look and this one another run may have been here."""
        found = ours(self._api, post, standing.ref if standing else "") or made_meanwhile(self._api, post)
        if not found:
            return self._created(post)
        stays, *surplus = found
        if stays["status"] == "trash":
            return standing_of(stays)
        if stays["status"] == "publish":
            self._remove_copies(post, surplus, stays)
        return self._updated(post, stays)

    def withdraw(self, standing: Standing) -> Standing:
        if standing.is_binned:
            return standing
        return standing_of(self._api.send(f"{POSTS}/{standing.ref}", {"status": "draft", "context": "edit"}))

    def check(self) -> tuple[Problem, ...]:
        try:
            return tuple(problems(self._api, self._target))
        except PillarcastError as error:
            return problems_of(error)

    def _created(self, post: Post) -> Standing:
        fields = self._words(post) | {"slug": post.slug, "status": "draft"} | self._filing(post)
        draft = self._api.send(POSTS, fields | {"context": "edit"})
        stays, *surplus = ours(self._api, post)
        self._remove_copies(post, surplus, draft)
        return self._published(post, stays, {"slug": post.slug})

    def _remove_copies(self, post: Post, entries: Iterable[Json], own: Json) -> None:
        """A draft that equals ours and has its address was written by a run beside us, or by one that died before it
        looked; one that differs may be the owner's own copy."""
        for entry in entries:
            is_equal = entry["content"]["raw"] == own["content"]["raw"]
            if entry["status"] == "draft" and is_equal and post.may_be_at(entry["slug"]):
                self._api.remove(f"{POSTS}/{entry['id']}")

    def _updated(self, post: Post, entry: Json) -> Standing:
        fields = self._words(post)
        fields["tags"] = sorted({*entry["tags"], *tag_ids(self._api, self._tags(post))})
        if post.artwork and (not entry["featured_media"] or is_ours(self._api, entry["featured_media"])):
            fields["featured_media"] = media_id(self._api, post.artwork)
        return self._published(post, entry, fields)

    def _published(self, post: Post, entry: Json, fields: Json) -> Standing:
        """Makes a draft live by its id; what is public or private already keeps its status, date and address."""
        is_going_live = entry["status"] in _NOT_YET_PUBLIC and not self._is_draft(post)
        if is_going_live:
            date = post.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            fields = fields | {"status": "publish", "date_gmt": date} | _own_slug(post, entry)
        sent = self._api.send(f"{POSTS}/{entry['id']}", fields | {"context": "edit"})
        if fields.get("slug", sent["slug"]) != sent["slug"] and not is_reserved(post.slug):
            self._api.send(f"{POSTS}/{entry['id']}", {"status": "draft"})
            raise address_taken(self._api, post, sent["link"])
        if is_going_live:
            self._check_live(sent)
        return standing_of(sent)

    def _check_live(self, sent: Json) -> None:
        match sent["status"]:
            case "publish":
                return
            case "trash":
                raise Conflict(self._api.subject, "the post was put into the bin meanwhile", "It is looked up again.")
            case "future":
                what, mend = "took a post of now for one of the future", "Have the server's clock set right."
            case status:
                what, mend = f"keeps the post as “{status}”", "Give the account the role Author, or a higher one."
        raise Unsupported(self._api.subject, what, mend)

    def _words(self, post: Post) -> Json:
        """A title is HTML to WordPress, which escapes nothing on its pages."""
        return {
            "title": html.escape(post.title, quote=False),
            "excerpt": harmless("wordpress", html.escape(post.summary, quote=False)),
            "content": self._templates.body("wordpress", self._target.template, post),
        }

    def _filing(self, post: Post) -> Json:
        fields: Json = {
            "categories": category_ids(self._api, self._target.category),
            "tags": tag_ids(self._api, self._tags(post)),
        }
        if post.artwork is not None:
            fields["featured_media"] = media_id(self._api, post.artwork)
        if self._target.author:
            fields["author"] = author_id(self._api, self._target.author)
        return fields

    def _tags(self, post: Post) -> tuple[str, ...]:
        return tuple({tag.casefold(): tag for tag in (*post.tags, *self._target.tags)}.values())

    def _is_draft(self, post: Post) -> bool:
        return post.is_draft or self._target.status == "draft"


def _own_slug(post: Post, entry: Json) -> Json:
    """The address asked for, where a run beside us had it for a moment and WordPress counted on."""
    return {"slug": post.slug} if entry["slug"] != post.slug and post.may_be_at(entry["slug"]) else {}
