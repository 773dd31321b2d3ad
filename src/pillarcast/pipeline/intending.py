"""Intents: what a run is about to touch is in doubt until a receipt says what it left there.

A receipt that outlives an interrupted run would vouch for what that run changed. So the catalogue says first what
may change, and whoever comes next looks there again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pillarcast.model.catalogue import Catalogue, PostRecord
from pillarcast.model.plan import Action, CopyPublic, Plan, RemoveObject, TagAnew, WriteObject, WritePost
from pillarcast.model.shelf import Written

_NOTHING = Written(inputs="", sha256="", length_bytes=0)


@dataclass
class Touched:
    """What one attempt may have changed: keys of objects, and records of posts. `tagged` are masters, by guid."""

    objects: set[str] = field(default_factory=set)
    posts: set[str] = field(default_factory=set)
    tagged: dict[str, TagAnew] = field(default_factory=dict)

    def add(self, other: Touched) -> None:
        self.objects |= other.objects
        self.posts |= other.posts
        self.tagged |= other.tagged


def with_intents(catalogue: Catalogue, planned: Plan) -> Catalogue:
    """The catalogue before the effects of `planned`: its objects in doubt, a record for each post that is new.

    A post that stands keeps its receipt until it was looked at, because that tells whether its owner changed it.
    """
    keys = [key for action in planned.actions if (key := _key_of(action))]
    new_posts = {
        action.wanted.record: PostRecord(key=action.wanted.key, inputs="")
        for action in planned.actions
        if isinstance(action, WritePost) and action.wanted.record not in catalogue.posts
    }
    return _doubting(catalogue, keys).model_copy(update={"posts": catalogue.posts | new_posts})


def doubted(catalogue: Catalogue, touched: Touched) -> Catalogue:
    """The catalogue with everything in doubt that an attempt touched which was overtaken by another run."""
    posts = {name: opened(catalogue.posts[name]) for name in touched.posts if name in catalogue.posts}
    return _doubting(catalogue, touched.objects).model_copy(update={"posts": catalogue.posts | posts})


def opened(record: PostRecord) -> PostRecord:
    """The record while a write of ours is under way: what stands there may be the old words or the new ones."""
    return record.model_copy(update={"inputs": "", "content_digest": "", "is_withdrawn": False})


def _doubting(catalogue: Catalogue, keys: Iterable[str]) -> Catalogue:
    doubtful = {*keys}
    opened = catalogue.opened_at(doubtful)
    doubts = {key: opened.written.get(key, _NOTHING).model_copy(update={"inputs": ""}) for key in doubtful}
    return opened.model_copy(update={"written": opened.written | doubts})


def _key_of(action: Action) -> str:
    match action:
        case CopyPublic(wanted=thing):
            return thing.key
        case WriteObject(wanted=thing):
            return thing.key
        case RemoveObject(key=key):
            return key
        case _:
            return ""
