"""Wanting: everything that should stand in the bucket. Touches nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.copies import copies_of, copy_of
from pillarcast.model.entries import Entries
from pillarcast.model.view import View
from pillarcast.model.wanted import Wanted
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.subscribing import private_objects
from pillarcast.render.feed import feeds
from pillarcast.render.feed_chapters import chapters_object
from pillarcast.render.pages.frame import Frame
from pillarcast.render.site import frame_of, own_objects, shared_objects


@dataclass(frozen=True)
class Wanting:
    """What the public should see of a catalogue. Episodes go by their index in `live`, the newest is 0."""

    studio: Studio
    view: View
    live: Entries[Entry]

    @property
    def packs(self) -> bool:
        return self.view.show.site.compressed and self.studio.bucket.serves_encoded

    @cached_property
    def frame(self) -> Frame:
        return frame_of(self.view, self.studio.templates, packs=self.packs)

    def own(self, index: int) -> Iterator[Wanted]:
        """What is made of one episode and its neighbours alone."""
        yield from copies_of(self.live[index])
        yield from own_objects(self.frame, index)
        if self.view.episodes[index].episode.chapters:
            yield chapters_object(self.view.episodes[index])

    def objects(self, passed_over: Collection[int] = ()) -> Iterator[Wanted]:
        """Everything, but for what is made of the episodes at `passed_over` alone."""
        yield copy_of(self.view.artwork, "artwork", "the show's artwork")
        for article in self.view.articles:
            if article.artwork:
                yield copy_of(article.artwork, article.slug, article.title)
        yield from shared_objects(self.frame)
        for index in range(len(self.live)):
            if index not in passed_over:
                yield from self.own(index)
        yield from feeds(self.view)
        yield from private_objects(self.studio, self.view)


def wanted_objects(studio: Studio, view: View, catalogue: Catalogue) -> Iterator[Wanted]:
    """Everything that should stand in the bucket for the public and for the feed's parts."""
    return Wanting(studio, view, catalogue.live).objects()
