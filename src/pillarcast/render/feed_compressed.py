"""`feed.xml.gz` beside the feed: what is sealed is deflated once and kept, so a new episode compresses little."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pillarcast.model.base import digest
from pillarcast.model.wanted import PRIVATE, Parts, Step, WantedObject
from pillarcast.render.feed_document import END
from pillarcast.render.gzip_stitch import LEVEL, Piece, deflate, stitch

FORMAT = "1"


def deflated_object(part: WantedObject) -> WantedObject:
    """A sealed part, deflated; it stands beside the part under its name with `.deflate`."""
    return WantedObject(
        key=part.key.removesuffix(".xml") + ".deflate",
        media_type="application/octet-stream",
        inputs=digest(FORMAT, LEVEL, part.inputs),
        render=lambda bodies: deflate(bodies[part.key]).to_bytes(),
        needs=(part.key,),
        cache_control=PRIVATE,
        step=Step.PAGES,
        title="part of the compressed feed",
    )


def compressed_object(feed: WantedObject, header: Callable[[], bytes], parts: Sequence[WantedObject]) -> WantedObject:
    """The gzip copy of `feed` out of its parts in their order, deflated or not. One gzip member."""

    def render(bodies: Parts) -> bytes:
        return stitch(_pieces(header(), [(part.key, bodies[part.key]) for part in parts]))

    return WantedObject(
        key=f"{feed.key}.gz",
        media_type="application/gzip",
        inputs=digest(FORMAT, LEVEL, feed.inputs, [part.key for part in parts]),
        render=render,
        needs=tuple(part.key for part in parts),
        step=Step.FEED,
        title="compressed feed",
    )


def _pieces(header: bytes, parts: Sequence[tuple[str, bytes]]) -> list[Piece]:
    """Neighbours that are not deflated yet are deflated as one: it is quicker and smaller."""
    pieces, plain = [], [header]
    for key, body in parts:
        if key.endswith(".deflate"):
            pieces += [*_deflated(plain), Piece.from_bytes(body)]
            plain = []
        else:
            plain.append(body)
    return [*pieces, *_deflated([*plain, END])]


def _deflated(plain: Sequence[bytes]) -> list[Piece]:
    return [deflate(b"".join(plain))] if plain else []
