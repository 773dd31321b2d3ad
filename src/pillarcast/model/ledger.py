"""The ledger: what listeners' apps were told of each episode; what has no line in it no feed named yet."""

from __future__ import annotations

from collections.abc import Iterable

from pillarcast.model.addresses import Addresses
from pillarcast.model.card import Card
from pillarcast.model.catalogue import Catalogue, Entry, LedgerLine
from pillarcast.model.importing import is_imported


def untold(catalogue: Catalogue) -> tuple[Entry, ...]:
    """Live episodes without a line, the newest first."""
    told = {line.guid for line in catalogue.ledger}
    new = catalogue.kept.where(lambda card: card.guid not in told)
    return tuple(new.live)


def unfinished(catalogue: Catalogue) -> tuple[Entry, ...]:
    """Episodes that a run put on air and whose publish never came to its end, the oldest first: whichever run
    finishes one is the one that airs it.

    Not those that moved in: they were on air elsewhere, and have no line before our first feed.
    """
    return tuple(entry for entry in untold(catalogue) if entry.master and not is_imported(entry))[::-1]


def with_lines(catalogue: Catalogue, cards: Iterable[Card], addresses: Addresses) -> Catalogue:
    """The catalogue once apps were told of those live episodes as they are now; every other line stays."""
    lines = {line.guid: line for line in catalogue.ledger}
    for card in cards:
        if card.has_audio and card.published_at:
            known, now = lines.get(card.guid), (card.audio_url(addresses), card.length_bytes, card.published_at)
            if known is None or (known.url, known.length_bytes, known.published_at) != now:
                url, length_bytes, at = now
                lines[card.guid] = LedgerLine(guid=card.guid, url=url, length_bytes=length_bytes, published_at=at)
    return catalogue.model_copy(update={"ledger": tuple(lines.values())})
