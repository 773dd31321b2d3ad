"""Books: every 8 pages (512 episodes) of a feed bound to one object, so that a long feed is made of few.

They are counted from the oldest page. A book changes when an episode in it does, and is bound out of its pages then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pillarcast.model.base import digest
from pillarcast.model.wanted import PRIVATE, WantedObject
from pillarcast.render.feed_pages import Fragment
from pillarcast.render.gzip_stitch import Piece, joined

BOOK = 8
"""Pages in a book."""


@dataclass(frozen=True)
class Bound:
    """`sources`, in the order of the feed, hold the bytes of all parts: `books` in the place of their pages."""

    books: tuple[WantedObject, ...]
    sources: tuple[WantedObject, ...]


def bound(shown: Sequence[Fragment], parts: Sequence[WantedObject]) -> Bound:
    """The parts of the fragments that a feed shows; where it shows only some pages of a book, they stay single."""
    by_number = defaultdict(list)
    for fragment, part in zip(shown, parts, strict=True):
        if fragment.is_page:
            by_number[int(fragment.name.rpartition("/")[2]) // BOOK].append(part)
    books = [_book(number, pages) for number, pages in by_number.items() if len(pages) == BOOK]
    book_of = {page: book for book in books for page in book.needs}
    sources = {source.key: source for part in parts for source in [book_of.get(part.key, part)]}
    return Bound(tuple(books), tuple(sources.values()))


def _book(number: int, pages: Sequence[WantedObject]) -> WantedObject:
    first, keys = pages[0], tuple(page.key for page in pages)
    folder, _, name = first.key.rpartition("/pages/")
    suffix = f".{name.rpartition('.')[2]}"
    bind = _BINDINGS[suffix]
    return WantedObject(
        key=f"{folder}/books/{number:05}{suffix}",
        media_type=first.media_type,
        inputs=digest([page.inputs for page in pages]),
        render=lambda bodies: bind([bodies[key] for key in keys]),
        needs=keys,
        cache_control=PRIVATE,
        step=first.step,
        title=first.title,
    )


def _bind_deflated(bodies: Sequence[bytes]) -> bytes:
    return joined(map(Piece.from_bytes, bodies)).to_bytes()


_BINDINGS: dict[str, Callable[[Sequence[bytes]], bytes]] = {".xml": b"".join, ".deflate": _bind_deflated}
