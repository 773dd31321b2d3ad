"""The whole feed by feedgen and our extension, as a judge of what is stitched from kept parts."""

from __future__ import annotations

from collections.abc import Sequence

from pillarcast.model.view import View
from pillarcast.render.feed import newest
from pillarcast.render.feed_document import FEEDGEN, Place, Prose, Surroundings, entry_of, feed_generator
from pillarcast.render.feed_links import setting_of


def by_feedgen(view: View, prose: Sequence[Prose]) -> bytes:
    """All fields of ours, by feedgen and our extension, from nothing."""
    setting = setting_of(view)
    with FEEDGEN:
        place = Place(view.addresses.feed, newest(view), Surroundings(newest(view)))
        generator = feed_generator(view, place)
        for one, said in zip(view.episodes, prose, strict=True):
            generator.add_entry(entry_of(one, said, setting), order="append")
        whole: bytes = generator.rss_str()
    return whole
