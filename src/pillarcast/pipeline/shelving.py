"""Shelving: which episodes need nothing, told by one seal for 64 of them. Touches nothing.

A seal is a digest of all that the objects of those episodes are made from: their entries as the catalogue holds them,
their neighbours, what they share with the whole show, and our own code. While it is the same, the receipts that were
put away under it are those that a comparison would find again. Whatever changes a receipt takes it from its shelf.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pillarcast.model.base import digest
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.plan import inputs_of
from pillarcast.model.shelf import SHELF, Receipts, Shelf, Written
from pillarcast.pipeline.lines import stamp
from pillarcast.pipeline.own_code import code_digest
from pillarcast.pipeline.wanting import Wanting
from pillarcast.render.feed import PARTS
from pillarcast.render.feed_pages import fragment_object, page_of

LEFT_OUT = {"episodes", "articles", "upcoming", "built", "now", "pages"}
"""What of a view does not matter to an episode that has a later one; but whether there are articles does."""


@dataclass(frozen=True)
class Shelving:
    """The catalogue with its shelves as they should be, the inputs of their pages of the feed, who lies on them."""

    catalogue: Catalogue
    pages: dict[str, str]
    indices: frozenset[int]


def shelved(wanting: Wanting, catalogue: Catalogue) -> Shelving:
    """Opens every shelf whose seal is no longer right, and puts away what needs nothing."""
    sealed = dict(_sealed(wanting))
    standing = catalogue.opened([seal for seal in catalogue.settled if seal not in sealed])
    receipts = standing.receipts
    shelves = {seal: standing.settled.get(seal) or _filled(wanting, receipts, one) for seal, one in sealed.items()}
    filled = {seal: shelf for seal, shelf in shelves.items() if shelf}
    pages = {_page_key(wanting, sealed[seal]): shelf.page for seal, shelf in filled.items()}
    indices = frozenset(index for seal in filled for index in sealed[seal])
    return Shelving(_with_shelves(standing, filled), pages, indices)


def _sealed(wanting: Wanting) -> Iterator[tuple[str, range]]:
    """The seal of each full shelf, and the indices of its episodes. The newest episode speaks of what is to come, and
    is on none."""
    view, live = wanting.view, wanting.live
    cards = live.cards
    bare = view.model_dump_json(exclude=LEFT_OUT)
    shared = digest(code_digest(), sorted(wanting.studio.templates.items()), wanting.packs, bare, bool(view.articles))
    for stop in range(len(live), SHELF, -SHELF):
        one = range(stop - SHELF, stop)
        later = one.start - 1
        while later >= 0 and cards[later].published_at == cards[one.start].published_at:
            later -= 1
        if later >= 0:
            stamps = " ".join(map(stamp, live.kept[later : stop + 1]))
            yield digest(shared, str(one.start - later), str(len(live) == stop), stamps), one


def _filled(wanting: Wanting, receipts: Receipts, indices: range) -> Shelf | None:
    """None where something of these episodes has still to be done. Another shelf may have the picture of one, too."""
    found: dict[str, Written] = {}
    for thing in (thing for index in indices for thing in wanting.own(index)):
        receipt = receipts.get(thing.key)
        if receipt is None or receipt.inputs != inputs_of(thing):
            return None
        found[thing.key] = receipt
    fragment = page_of(wanting.view.episodes, indices.start)
    return Shelf.of(fragment_object(fragment, wanting.view, PARTS).inputs, found)


def _with_shelves(catalogue: Catalogue, filled: dict[str, Shelf]) -> Catalogue:
    put_away = {key for seal, shelf in filled.items() if seal not in catalogue.settled for key in shelf.keys}
    if not put_away:
        return catalogue
    loose = {key: written for key, written in catalogue.written.items() if key not in put_away}
    return catalogue.model_copy(update={"written": loose, "settled": filled})


def _page_key(wanting: Wanting, indices: range) -> str:
    return f"{PARTS}{page_of(wanting.view.episodes, indices.start).name}.xml"
