"""The site in the bucket: every page, picture and script that should stand there, as values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from pillarcast.model.base import FileRef
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import WantedObject
from pillarcast.render.pages.archive import archive_objects
from pillarcast.render.pages.articles import article_objects
from pillarcast.render.pages.embedding import embed_objects
from pillarcast.render.pages.episodes import episode_objects
from pillarcast.render.pages.frame import Frame
from pillarcast.render.pages.groups import group_objects
from pillarcast.render.pages.home import home_objects
from pillarcast.render.pages.logo import logo_object
from pillarcast.render.pages.machines import machine_objects
from pillarcast.render.pages.packed import packed
from pillarcast.render.pages.pictures import ICON, LARGE, SMALL, Picture, picture_object
from pillarcast.render.pages.search import search_objects
from pillarcast.render.pages.share import share_object

_KINDS = (
    *(home_objects, episode_objects, embed_objects, archive_objects, article_objects, group_objects),
    *(search_objects, machine_objects),
)


def site_objects(
    view: View, templates: Mapping[str, str] | None = None, *, packs: bool = False
) -> tuple[WantedObject, ...]:
    """All objects of the site, each key once; publishing one episode changes a bounded number of them.

    `templates` are the owner's own, by file name, each in the place of ours; their faults are SettingsError
    when a page is rendered. With `packs`, what only browsers ask for is packed by gzip.
    """
    frame = Frame(_with_own_files(view), templates or {}, packs=packs)
    pages = chain.from_iterable(pages_of(frame) for pages_of in _KINDS)
    made = {wanted.key: wanted for wanted in chain(frame.assets.objects, _pictures(frame), pages)}
    return tuple(map(packed, made.values()) if packs else made.values())


def _pictures(frame: Frame) -> Iterator[WantedObject]:
    view = frame.view
    own = [*(episode.artwork for episode in view.episodes), *(article.artwork for article in view.articles)]
    yield picture_object(Picture(file=view.artwork, width=ICON))
    for artwork in (view.artwork, *filter(None, own)):
        yield from (picture_object(Picture(file=artwork, width=width)) for width in (LARGE, SMALL))
    if view.logo:
        yield logo_object(view.logo)
    yield from map(share_object, frame.shares)


def _with_own_files(view: View) -> View:
    """Files that another server keeps have no key, and pages of ours ask no other server for them."""
    return view.model_copy(update={"episodes": tuple(map(_with_own, view.episodes))})


def _with_own(episode: Published) -> Published:
    files: dict[str, FileRef | None] = {name: getattr(episode, name) for name in ("notes", "artwork", "transcript")}
    gone = {name: None for name, file in files.items() if file and not file.key}
    return episode.model_copy(update=gone) if gone else episode
