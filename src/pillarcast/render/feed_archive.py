"""RFC 5005 archive documents: four sealed pages each, so that apps find what the feed no longer shows.

Source: RFC 5005, section 4. An archive never changes with a new episode, therefore it names no next one.
"""

from __future__ import annotations

from collections.abc import Sequence

from pillarcast.model.view import View
from pillarcast.render.feed_document import Surroundings
from pillarcast.render.feed_pages import PAGE, Fragment, fragments

PAGES = 4


def unarchived(count: int) -> int:
    """How many of the newest episodes stand in no archive; the feed must show at least these."""
    return count % (PAGES * PAGE)


def archive_key(feed_key: str, number: int) -> str:
    return f"{feed_key.removesuffix('.xml')}-archive-{number:04}.xml"


def archives(view: View) -> list[list[Fragment]]:
    """The pages of each archive, newest first; the oldest archive first."""
    pages = [fragment for fragment in fragments(view.episodes, len(view.episodes)) if fragment.is_page][::-1]
    complete = len(pages) // PAGES * PAGES
    return [pages[start : start + PAGES][::-1] for start in range(0, complete, PAGES)]


def around_archive(view: View, feed_key: str, number: int, pages: Sequence[Fragment]) -> Surroundings:
    of = view.addresses.of
    links = [("current", of(feed_key))]
    if number:
        links.append(("prev-archive", of(archive_key(feed_key, number - 1))))
    return Surroundings(pages[0].episodes[0].published_at, tuple(links), is_archive=True)


def links_to_archives(view: View, feed_key: str) -> tuple[tuple[str, str], ...]:
    """What the feed itself says of its archives."""
    count = len(archives(view))
    return (("prev-archive", view.addresses.of(archive_key(feed_key, count - 1))),) if count else ()
