"""Ghost by its Admin API: one post a piece, whatever gets lost on the way. A newsletter is never sent."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import cached_property

from pillarcast.adapters.ghost_api import GhostApi, Json
from pillarcast.adapters.ghost_media import image_url, is_ours
from pillarcast.errors import PillarcastError, Problem, SettingsError, problems_of
from pillarcast.model.base import digest
from pillarcast.model.post import Post
from pillarcast.model.show import BlogTarget
from pillarcast.ports import Standing
from pillarcast.render.post_body import PostTemplates
from pillarcast.render.post_ghost import excerpt_of, lexical_of

_OLDEST_VERSION = 5
_PLACES = ("published", "sent", "scheduled", "draft")
_MARKER = "codeinjection_head"
_JUST_NOW_S, _PATIENCE_S = 10, 3


class Ghost:
    """A blog of Ghost 5 or newer; `admin_key` is `id:secret` of a custom integration.

    Ghost has no bin: a post that the owner removed is just not there, which only the caller's record tells.
    """

    def __init__(
        self, target: BlogTarget, admin_key: str, templates: PostTemplates | None = None, *, timeout_s: float = 30
    ) -> None:
        self._target, self._admin_key, self._timeout_s = target, admin_key, timeout_s
        self._templates = templates or PostTemplates()

    @cached_property
    def _api(self) -> GhostApi:
        """Made at the first use: a key that is none is a problem of this blog, not of the whole show."""
        return GhostApi(self._target, self._admin_key, self._timeout_s)

    @property
    def name(self) -> str:
        return self._target.name

    def find(self, post: Post, ref: str = "") -> Standing | None:
        ours, _ = self._look(post, ref)
        return _standing_of(ours[0]) if ours else None

    def put(self, post: Post, standing: Standing | None) -> Standing:
        ours, others = self._look(post, standing.ref if standing else "")
        if ours:
            stays, *surplus = ours
            if stays["status"] == "published":
                self._remove_copies(post, surplus, stays)
            return self._updated(post, self._once_pictured(post, stays))
        if others:
            raise self._address_taken(post, others[0])
        return self._created(post)

    def withdraw(self, standing: Standing) -> Standing:
        before = self._api.post(standing.ref)
        if before["status"] == "draft":
            return _standing_of(before)
        return _standing_of(self._api.change(before, {"status": "draft"}))

    def check(self) -> tuple[Problem, ...]:
        try:
            return tuple(self._problems())
        except PillarcastError as error:
            return problems_of(error)

    def _look(self, post: Post, ref: str = "") -> tuple[list[Json], list[Json]]:
        """Posts with our marker, the one that stays first; and somebody else's with our address.

        Without a marker the one of before (`ref`) is ours while it has our address or title.
        """
        by_ref = f",id:'{ref}'" if ref.isalnum() else ""
        found = self._api.posts(f"slug:'{post.slug}',{_MARKER}:~'{post.key}'{by_ref}")
        ours = [entry for entry in found if post.key in (entry[_MARKER] or "")]
        if not ours:
            ours = [e for e in found if e["id"] == ref and (e["slug"] == post.slug or e["title"] == post.title)]
        others = [entry for entry in found if entry not in ours and entry["slug"] == post.slug]
        return sorted(ours, key=lambda entry: (entry["id"] != ref, *_rank(entry))), others

    def _created(self, post: Post) -> Standing:
        fields = self._words(post) | {
            "slug": post.slug,
            "status": "draft",
            "canonical_url": post.canonical_url,
            _MARKER: _marker(post),
            "tags": [{"name": name} for name in self._tags(post)],
        }
        if self._target.author:
            fields["authors"] = [{"id": self._author_id()}]
        draft = self._api.create(fields)
        (stays, *surplus), _ = self._look(post)
        self._remove_copies(post, surplus, draft)
        if stays["id"] != draft["id"]:
            return self._updated(post, self._once_pictured(post, stays))
        return self._published(post, stays, {"slug": post.slug} | self._picture(post, ""))

    def _remove_copies(self, post: Post, entries: Iterable[Json], own: Json) -> None:
        """A draft that equals ours and has its address was written by a run beside us, or by one that died before it
        looked; a copy that the owner made in Ghost has another address."""
        for entry in entries:
            if entry["status"] == "draft" and entry["lexical"] == own["lexical"] and post.may_be_at(entry["slug"]):
                self._api.remove(entry["id"])

    def _once_pictured(self, post: Post, entry: Json) -> Json:
        """The post once the run beside us, which made it a moment ago, had the time to upload its picture.

        Ghost keeps every file that it is sent, under names of its own, and can remove none.
        """
        until = time.monotonic() + _PATIENCE_S
        while post.artwork and _is_just_made(entry) and time.monotonic() < until:
            time.sleep(_PATIENCE_S / 10)
            entry = next(iter(self._look(post)[0]), entry)
        return entry

    def _updated(self, post: Post, entry: Json) -> Standing:
        fields = self._words(post) | self._picture(post, entry["feature_image"] or "")
        if _has_moved(entry.get("canonical_url") or "", post.canonical_url):
            fields["canonical_url"] = post.canonical_url
        if post.key not in (entry[_MARKER] or ""):
            fields[_MARKER] = "\n".join(filter(None, (entry[_MARKER], _marker(post))))
        known = {tag["name"].casefold() for tag in entry["tags"]}
        new = [{"name": name} for name in self._tags(post) if name.casefold() not in known]
        if new:
            fields["tags"] = [{"id": tag["id"]} for tag in entry["tags"]] + new
        return self._published(post, entry, fields)

    def _published(self, post: Post, entry: Json, fields: Json) -> Standing:
        """Makes a draft live by its id; what is public already keeps its date and address."""
        if entry["status"] in ("draft", "scheduled") and not self._is_draft(post):
            date = post.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            fields = fields | {"status": "published", "published_at": date}
        sent = self._api.change(entry, fields)
        if fields.get("slug", sent["slug"]) != sent["slug"]:
            self._api.change(sent, {"status": "draft"})
            raise self._address_taken(post, sent)
        return _standing_of(sent)

    def _words(self, post: Post) -> Json:
        body = self._templates.body("ghost", self._target.template, post)
        return {"title": post.title, "lexical": lexical_of(body, post), "custom_excerpt": excerpt_of(post.summary)}

    def _picture(self, post: Post, standing: str) -> Json:
        if post.artwork is None or (standing and not is_ours(standing)):
            return {}
        return {"feature_image": image_url(self._api, post.artwork), "feature_image_alt": post.artwork.alt[:191]}

    def _tags(self, post: Post) -> tuple[str, ...]:
        """Ghost has no categories: its first tag plays their part."""
        names = (*self._target.category, *post.tags, *self._target.tags)
        return tuple({name.casefold(): name for name in names}.values())

    def _author_id(self) -> str:
        users = self._api.get("users/", limit=100)["users"]
        for user in users:
            if self._target.author.casefold() in (user["slug"].casefold(), user["name"].casefold()):
                return str(user["id"])
        mend = "Write a name as it stands under Settings > Staff in Ghost."
        raise SettingsError(self._api.subject, f"knows no author “{self._target.author}”", mend)

    def _is_draft(self, post: Post) -> bool:
        return post.is_draft or self._target.status == "draft"

    def _address_taken(self, post: Post, entry: Json) -> SettingsError:
        what = f"the address “{post.slug}” belongs to another post ({entry['url']})"
        mend = "Change the slug of one of the two; nothing was published here."
        return SettingsError(self._api.subject, what, mend)

    def _problems(self) -> Iterator[Problem]:
        version = str(self._api.get("site/")["site"].get("version", "0"))
        if int(version.split(".", maxsplit=1)[0]) < _OLDEST_VERSION:
            yield Problem(self._api.subject, f"runs Ghost {version}", f"Update it to {_OLDEST_VERSION} or newer.")
        self._api.posts("status:draft")
        if self._target.author:
            self._author_id()


def _is_just_made(entry: Json) -> bool:
    age_s = (datetime.now(UTC) - datetime.fromisoformat(entry["created_at"])).total_seconds()
    return entry["status"] == "draft" and not entry["feature_image"] and abs(age_s) < _JUST_NOW_S


def _has_moved(before: str, now: str) -> bool:
    """The same page at another public address; any other address is the owner's."""
    return before != now and before.rsplit("/", 2)[1:] == now.rsplit("/", 2)[1:]


def _marker(post: Post) -> str:
    return f'<meta name="pillarcast" content="{post.key}">'


def _standing_of(entry: Json) -> Standing:
    return Standing(
        ref=entry["id"],
        url=entry["url"],
        digest=digest(entry["title"], entry["custom_excerpt"], entry["lexical"]),
        is_live=entry["status"] == "published",
    )


def _rank(entry: Json) -> tuple[int, str, str]:
    status = entry["status"]
    return (_PLACES.index(status) if status in _PLACES else len(_PLACES), entry["created_at"], entry["id"])
