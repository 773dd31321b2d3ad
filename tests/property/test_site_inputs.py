"""Nothing that a page shows is missing in its inputs: whatever in a view changes, no page wrongly stays as it was."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache

import pytest
from pydantic import BaseModel

from pillarcast.model.addresses import FEED
from pillarcast.model.base import digest
from pillarcast.model.card import Card, Filed
from pillarcast.model.catalogue import BuiltFeed
from pillarcast.model.chapters import Chapter
from pillarcast.model.episode import EpisodeKind, Person
from pillarcast.model.feed_values import ContentLink, Funding, SocialPost
from pillarcast.model.imported import UNKNOWN_DURATION_S
from pillarcast.model.view import View
from pillarcast.model.wanted import WantedObject
from pillarcast.pipeline.shelving import LEFT_OUT
from pillarcast.render.feed_chapters import chapters_object
from pillarcast.render.pages import pictures, teaser
from pillarcast.render.pages.pictures import SMALL, picture_key
from pillarcast.render.site import frame_of, own_objects, site_objects
from tests.site_support.showcase import Bucket, showcase

Path = tuple[str | int, ...]

_OTHERS = {
    "accent": "#334455",
    "font": "serif",
    "chapters": (Chapter(start_s=1, title="Another"),),
    "content_links": (ContentLink(url="https://video.example.com/1", text="Video"),),
    "funding": (Funding(url="https://tip.example.com", text="Tip"),),
    "people": (Person(name="Somebody Else"),),
    "programming_note": "A note of its own",
    "season": 3,
    "season_name": "Spring",
    "social": (SocialPost(uri="https://social.example.com/1", protocol="activitypub"),),
    "tags": ("another tag",),
    "website": "https://site.example.com",
}
"""Other values of fields that the sample leaves empty, and of those that take only certain words."""

_FILE = ("key", "length_bytes", "media_type", "name")
"""What a file's hash stands for: two files of equal hash do not differ in these."""


@cache
def sample() -> tuple[View, Bucket, dict[str, bytes]]:
    view, bucket = showcase("https://show.example/public", count=3)
    return view, bucket, {wanted.key: drawn(wanted, bucket) for wanted in texts(view)}


def texts(view: View) -> list[WantedObject]:
    return [wanted for wanted in site_objects(view) if not wanted.media_type.startswith(("image/", "font/"))]


def drawn(wanted: WantedObject, bucket: Bucket) -> bytes:
    return wanted.render({key: bucket.files.get(key, b"1") for key in wanted.needs})


def leaves(value: object, path: Path = ()) -> Iterator[Path]:
    """The way to everything in a view that is no model and no row of models itself."""
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), (*path, name))
    elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
        for place, member in enumerate(value):
            yield from leaves(member, (*path, place))
    else:
        yield path


def other(name: str | int, value: object) -> object:
    """Another value of the same kind, or the same where the field has no other."""
    if name in _OTHERS:
        return _OTHERS[name]
    if isinstance(value, bool):
        return not value
    return _other_like(value)


def _other_like(value: object) -> object:
    match value:
        case Enum():
            return next((member for member in type(value) if member is not value), value)
        case str() if value:
            return f"{value}é"
        case int() | float():
            return value + 1
        case datetime():
            return value - timedelta(days=3, hours=1)
        case tuple() if value and isinstance(value[0], str):
            return (*value, "one more")
    return value


def changed(value: object, path: Path) -> object:
    if not path:
        return value
    head, *rest = path
    if isinstance(head, int):
        members = list(value)
        members[head] = changed(members[head], tuple(rest))
        return tuple(members)
    inner = getattr(value, head)
    return value.model_copy(update={head: changed(inner, tuple(rest)) if rest else other(head, inner)})


def paths() -> list[Path]:
    view = sample()[0]
    found = [path for path in leaves(view) if path[-1] not in _FILE and path[:2] != ("show", "schedule")]
    return [path for path in found if changed(view, path) != view]


@pytest.mark.parametrize("path", paths(), ids=lambda path: ".".join(map(str, path)))
def test_a_page_whose_inputs_stay_has_the_same_bytes(path):
    view, bucket, before = sample()
    known = {wanted.key: wanted.inputs for wanted in texts(view)}
    for wanted in texts(changed(view, path)):
        if known.get(wanted.key) == wanted.inputs:
            assert drawn(wanted, bucket) == before[wanted.key], wanted.key


def test_the_hour_and_the_zone_of_the_show_are_part_of_what_pages_show():
    view, bucket, before = sample()
    for moved in ({"every": "Monday 18:30"}, {"zone": "Asia/Tokyo"}):
        schedule = view.show.schedule.model_copy(update=moved)
        other_view = view.model_copy(update={"show": view.show.model_copy(update={"schedule": schedule})})
        known = {wanted.key: wanted.inputs for wanted in texts(view)}
        stale = [
            wanted.key
            for wanted in texts(other_view)
            if known[wanted.key] == wanted.inputs and drawn(wanted, bucket) != before[wanted.key]
        ]
        assert stale == []


MADE_OF_FACES = {1: "0de618943a7661265a523d01beb7932b"}
"""A digest of what is made of these cards, by the version in teaser.py: other words are another version."""


def cards() -> list[Card]:
    plain = sample()[0].episodes[0].card._replace(slug="first", title="The title", summary="A summary", duration_s=61.5)
    told = plain._replace(published_at=datetime(2026, 4, 9, 10, tzinfo=UTC), number=41, number_text="", artwork=None)
    return [
        told._replace(kind=EpisodeKind.FULL),
        told._replace(kind=EpisodeKind.BONUS),
        told._replace(kind=EpisodeKind.TRAILER, number=None),
        told._replace(kind=EpisodeKind.FULL, number=None, duration_s=UNKNOWN_DURATION_S),
        told._replace(kind=EpisodeKind.FULL, number_text="4.1", artwork=Filed("private/files/a", "0" * 64)),
    ]


def test_what_is_made_of_a_face_is_known_by_its_version():
    made = [(*teaser.teaser_of(card), teaser.label_of(card), *teaser.order_of(card)) for card in cards()]
    made = [[field for field in one if field != picture_key("0" * 64, SMALL)] for one in made]  # has its own version
    assert digest(made) == MADE_OF_FACES[teaser._VERSION]


@pytest.mark.parametrize("module", [teaser, pictures], ids=lambda module: module.__name__)
def test_lists_are_drawn_anew_where_our_own_words_are_others(monkeypatch, module):
    view = sample()[0]
    lists = ("public/archive", "public/tags/", "public/people/", "public/search/", "public/sitemap.xml")
    known = {wanted.key: wanted.inputs for wanted in texts(view) if wanted.key.startswith(lists)}
    assert all(any(key.startswith(one) for key in known) for one in lists)
    monkeypatch.setattr(module, "_VERSION", 99)
    assert [wanted.key for wanted in texts(view) if known.get(wanted.key) == wanted.inputs] == []


def of_its_own(view: View, index: int) -> list[tuple[str, str]]:
    episode = view.episodes[index]
    chapters = [chapters_object(episode)] if episode.episode.chapters else []
    return [(one.key, one.inputs) for one in (*own_objects(frame_of(view), index), *chapters)]


@pytest.mark.parametrize(
    "path", [path for path in paths() if path[0] in LEFT_OUT], ids=lambda path: ".".join(map(str, path))
)
def test_what_a_seal_leaves_out_matters_to_no_episode_on_a_shelf(path):
    """The oldest of the sample stands for them: it has a neighbour and a successor, which seals hold."""
    view = sample()[0]
    oldest = len(view.episodes) - 1
    if path[:2] not in {("episodes", oldest), ("episodes", oldest - 1)}:
        assert of_its_own(changed(view, path), oldest) == of_its_own(view, oldest)


@pytest.mark.parametrize(
    "changes",
    [
        {"upcoming": None},
        {"built": {FEED: BuiltFeed(content="another")}},
        {"now": datetime(2030, 1, 1, tzinfo=UTC)},
        {"pages": {"private/feed/pages/00000.xml": "another"}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_nor_does_what_it_leaves_out_as_a_whole(changes):
    view = sample()[0]
    oldest = len(view.episodes) - 1
    assert {*changes} <= LEFT_OUT
    assert of_its_own(view.model_copy(update=changes), oldest) == of_its_own(view, oldest)
