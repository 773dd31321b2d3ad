"""What was begun and not finished, as the catalogue alone tells: any publish does the rest."""

from __future__ import annotations

from collections.abc import Iterator

from pillarcast.model.addresses import MEDIA, article_key, page_key
from pillarcast.model.card import Card
from pillarcast.model.catalogue import ArticleEntry, Catalogue
from pillarcast.model.ledger import unfinished


def is_left_open(catalogue: Catalogue) -> bool:
    """Whether a publish was begun and not finished: its episode is no longer due, and not in the feed either. Or an
    episode was taken out, or put back, and no publish came after it.

    Media that were replaced stay, and nobody looks at them again: what is in doubt of them alone is no work left.
    """
    in_doubt = (key for key, receipt in catalogue.written.items() if not receipt.inputs and not key.startswith(MEDIA))
    left = (in_doubt, unfinished(catalogue), _still_shown(catalogue), _not_shown_again(catalogue))
    return any(True for things in left for _ in things)


def _still_shown(catalogue: Catalogue) -> Iterator[str]:
    """Pages of pieces that were taken out; not those at whose address another one is by now."""
    pieces: tuple[Card | ArticleEntry, ...] = (*catalogue.kept.cards, *catalogue.articles)
    gone = [piece for piece in pieces if piece.retracted_at and piece.published_at]
    if not gone:
        return
    receipts = catalogue.receipts
    standing = {(type(piece), piece.slug) for piece in pieces if not piece.retracted_at}
    for piece in gone:
        key = page_key(piece.slug) if isinstance(piece, Card) else article_key(piece.slug)
        if (type(piece), piece.slug) not in standing and key in receipts:
            yield key


def _not_shown_again(catalogue: Catalogue) -> Iterator[str]:
    """Pages of live episodes that apps were told of once; before a first publish of an imported show nobody was."""
    receipts, told = catalogue.receipts, {line.guid for line in catalogue.ledger}
    for card in catalogue.live.cards:
        if card.guid in told and page_key(card.slug) not in receipts:
            yield page_key(card.slug)
