"""The site in the bucket: every page, picture and script that should stand there, as values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

from pillarcast.model.base import FileRef
from pillarcast.model.episodes import each
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

_KINDS = (home_objects, archive_objects, article_objects, group_objects, search_objects, machine_objects)


def site_objects(
    view: View, templates: Mapping[str, str] | None = None, *, packs: bool = False
) -> tuple[WantedObject, ...]:
    """All objects of the site, each key once; publishing one episode changes a bounded number of them.

    `templates` are the owner's own, by file name, each in the place of ours; their faults are SettingsError
    when a page is rendered. With `packs`, what only browsers ask for is packed by gzip.
    """
    frame = frame_of(view, templates, packs=packs)
    own = (own_objects(frame, index) for index in range(len(view.episodes)))
    return _once(chain(shared_objects(frame), *own))


def frame_of(view: View, templates: Mapping[str, str] | None = None, *, packs: bool = False) -> Frame:
    """What the objects of one site are made from, as in `site_objects`."""
    return Frame(_with_own_files(view), templates or {}, packs=packs)


def own_objects(frame: Frame, index: int) -> tuple[WantedObject, ...]:
    """What is made of the episode at `index` and its neighbours alone; of an artwork that others have, they have it
    too."""
    artwork = frame.view.episodes[index].artwork
    pictures = _pictures_of([artwork] if artwork else [])
    made = chain(
        pictures, [share_object(frame.share(index))], episode_objects(frame, index), embed_objects(frame, index)
    )
    return _packed(frame, made)


def shared_objects(frame: Frame) -> tuple[WantedObject, ...]:
    """What is made of many episodes, of articles, or of the show alone."""
    pages = chain.from_iterable(pages_of(frame) for pages_of in _KINDS)
    return _once(_packed(frame, chain(frame.assets.objects, _pictures(frame.view), pages)))


def _pictures(view: View) -> Iterator[WantedObject]:
    yield picture_object(Picture(file=view.artwork, width=ICON))
    yield from _pictures_of([view.artwork, *(article.artwork for article in view.articles if article.artwork)])
    if view.logo:
        yield logo_object(view.logo)


def _pictures_of(artworks: Collection[FileRef]) -> Iterator[WantedObject]:
    return (picture_object(Picture(file=artwork, width=width)) for artwork in artworks for width in (LARGE, SMALL))


def _packed(frame: Frame, objects: Iterable[WantedObject]) -> tuple[WantedObject, ...]:
    return tuple(map(packed, objects) if frame.packs else objects)


def _once(objects: Iterable[WantedObject]) -> tuple[WantedObject, ...]:
    return tuple({wanted.key: wanted for wanted in objects}.values())


def _with_own_files(view: View) -> View:
    """Files that another server keeps have no key, and pages of ours ask no other server for them."""
    return view.model_copy(update={"episodes": each(view.episodes, _with_own)})


def _with_own(episode: Published) -> Published:
    files = (("notes", episode.notes), ("artwork", episode.artwork), ("transcript", episode.transcript))
    gone = {name: None for name, file in files if file and not file.key}
    return episode.model_copy(update=gone) if gone else episode
