"""When a feed last changed (RSS lastBuildDate): a date that moves with what the feed says, and with nothing else.

The catalogue keeps since when each document says what it says. A document that says something else is dated anew: by
its newest episode where that is new, so that a show that only publishes needs no clock, else by the moment of the plan.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from pillarcast.model.catalogue import BuiltFeed
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.render.feed_channel import frequency_of, trailers_of
from pillarcast.render.feed_links import show_artwork_url

_UNSAID_OF_SHOW = {"artwork"}
_UNSAID_OF_FEED = {"guid", "max_episodes", "archives", "compressed_copy", "blog", "second", "subscriber"}
"""Settings that a feed does not say; what they do shows elsewhere. A field that is forgotten here counts as said."""
_MOMENT = timedelta(seconds=1)


def built_feed(view: View, key: str, content: str, newest_at: datetime | None) -> BuiltFeed:
    """What the catalogue should keep of the document at `key`, which says `content` now."""
    before = view.built.get(key)
    if before is None:
        return BuiltFeed(content=content, at=newest_at)
    if before.content == content:
        return before
    return BuiltFeed(content=content, at=_later(before.at, newest_at, view.now))


def header_content(view: View) -> tuple[object, ...]:
    """All that a channel says of its show, in whatever form; it names every trailer."""
    about, feed = view.show.show, view.show.feed
    return (
        about.model_dump_json(exclude=_UNSAID_OF_SHOW),
        feed.model_dump_json(exclude=_UNSAID_OF_FEED),
        "" if feed.update_frequency else frequency_of(view.show.schedule),
        view.show_guid,
        view.addresses,
        show_artwork_url(view),
        [_trailer(one) for one in trailers_of(view.episodes)],
    )


def _later(before: datetime | None, newest_at: datetime | None, now: datetime | None) -> datetime | None:
    """Never the same date again, whatever the clock says."""
    if before is None:
        return newest_at or now
    if newest_at is not None and newest_at > before:
        return newest_at
    return max(before + _MOMENT, now.replace(microsecond=0)) if now is not None else before + _MOMENT


def _trailer(published: Published) -> tuple[object, ...]:
    return (published.episode.title, published.episode.season, published.published_at, published.enclosure)
