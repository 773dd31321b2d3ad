"""Micropub (W3C): posts on any IndieWeb site whose server lists its posts, drafts included."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC
from functools import cached_property
from typing import Any

from pillarcast.adapters.micropub_api import Json, MicropubApi
from pillarcast.errors import PillarcastError, Problem, Unsupported, problems_of
from pillarcast.model.base import digest
from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget
from pillarcast.ports import Standing
from pillarcast.render.post_body import PostTemplates

_DRAFT, _PUBLISHED = "draft", "published"
_OURS = re.compile(r"/media/[0-9a-f]{24}/")
"""In the addresses of files of ours; see `media_key`."""


class Micropub:
    """`token` is a bearer token with the scopes create, update and delete.

    A standing's `ref` is its address, which the server chooses. There is no bin: what the owner removed is just
    not there, which only the caller's record tells.
    """

    def __init__(
        self, target: BlogTarget, token: str, templates: PostTemplates | None = None, *, timeout_s: float = 30
    ) -> None:
        self._target, self._token, self._timeout_s = target, token, timeout_s
        self._templates = templates or PostTemplates()

    @cached_property
    def _api(self) -> MicropubApi:
        """Made at the first use: settings that are wrong are a problem of this blog, not of the whole show."""
        return MicropubApi(self._target, self._token, self._timeout_s)

    @property
    def name(self) -> str:
        return self._target.name

    def find(self, post: Post, ref: str = "") -> Standing | None:
        ours = self._ours(post, ref)
        return _standing_of(ours[0]) if ours else None

    def put(self, post: Post, standing: Standing | None) -> Standing:
        ours = self._ours(post, standing.ref if standing else "")
        if not ours:
            return self._created(post)
        stays, *surplus = ours
        if _first(stays, "post-status") != _DRAFT:
            self._remove_copies(surplus, stays)
        return self._updated(post, stays)

    def withdraw(self, standing: Standing) -> Standing:
        if not standing.is_live:
            return standing
        self._api.replace(standing.ref, {"post-status": [_DRAFT]})
        kept = _standing_of(self._api.source(standing.ref))
        if kept.is_live:
            raise Unsupported(self._api.subject, "does not take a post back to a draft", f"Remove {kept.url} there.")
        return kept

    def check(self) -> tuple[Problem, ...]:
        try:
            self._api.check_token()
            self._api.entries("pillarcast-check")
        except PillarcastError as error:
            return problems_of(error)
        return ()

    def _ours(self, post: Post, ref: str = "") -> list[Json]:
        """Entries with our marker, the one that stays first: that of before (`ref`), then public ones before drafts,
        then by address. Without a marker only the one of before."""
        marked = self._api.entries(post.key)
        if marked:
            return sorted(marked, key=lambda entry: (_first(entry, "url") != ref, *_rank(entry)))
        known = self._api.known(ref) if ref else None
        return [known] if known else []

    def _created(self, post: Post) -> Standing:
        made = self._api.create(self._words(post) | self._filing(post) | {"post-status": [_DRAFT]})
        stays, *surplus = self._ours(post) or [self._api.source(made)]
        self._remove_copies(surplus, stays)
        return self._written(post, stays, {})

    def _remove_copies(self, entries: Iterable[Json], own: Json) -> None:
        """A draft that equals ours was written by a run beside us, or by one that died before it looked."""
        for entry in entries:
            if _first(entry, "post-status") == _DRAFT and entry.get("content") == own.get("content"):
                self._api.remove(_first(entry, "url"))

    def _updated(self, post: Post, entry: Json) -> Standing:
        known = {str(name).casefold() for name in entry.get("category", [])}
        new = [name for name in self._tags(post) if name.casefold() not in known]
        fields = self._words(post) | {"category": [*entry.get("category", []), *new]}
        return self._written(post, entry, fields | _media(post, entry))

    def _written(self, post: Post, entry: Json, fields: Json) -> Standing:
        url = _first(entry, "url")
        is_draft = post.is_draft or self._target.status == "draft"
        if _first(entry, "post-status") == _DRAFT and not is_draft:
            fields = fields | {"post-status": [_PUBLISHED]}
        if fields:
            self._api.replace(url, fields)
        return _standing_of(self._api.source(url))

    def _words(self, post: Post) -> Json:
        body = self._templates.body("micropub", self._target.template, post)
        return {"name": [post.title], "summary": [post.summary], "content": [{"html": body}]}

    def _filing(self, post: Post) -> Json:
        values: dict[str, list[Any]] = {
            "category": list(self._tags(post)),
            "published": [post.published_at.astimezone(UTC).isoformat()],
            "mp-slug": [post.slug],
            **_media(post, {}),
        }
        return {name: value for name, value in values.items() if value and value[0]}

    def _tags(self, post: Post) -> tuple[str, ...]:
        names = (*self._target.category, *post.tags, *self._target.tags)
        return tuple({name.casefold(): name for name in names}.values())


def _media(post: Post, entry: Json) -> Json:
    """Audio and picture as they are now; a picture that the owner chose by hand stays."""
    media: Json = {"audio": [post.audio_url]} if post.audio_url else {}
    before = _first(entry, "photo")
    if post.artwork and (not before or _OURS.search(before)):
        media |= {"photo": [post.artwork.url], "mp-photo-alt": [post.artwork.alt]}
    return media


def _standing_of(entry: Json) -> Standing:
    url = _first(entry, "url")
    is_live = _first(entry, "post-status") != _DRAFT
    return Standing(
        ref=url, url=url, digest=digest(entry.get("name"), entry.get("summary"), entry.get("content")), is_live=is_live
    )


def _first(entry: Json, name: str) -> str:
    values = entry.get(name) or [""]
    return str(values[0] if isinstance(values, list) else values)


def _rank(entry: Json) -> tuple[bool, int, str]:
    """A later address of the same words is a longer one: `slug-2` stands after `slug`."""
    url = _first(entry, "url")
    return (_first(entry, "post-status") == _DRAFT, len(url), url)
