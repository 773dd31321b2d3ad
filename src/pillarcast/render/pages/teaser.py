"""Teasers: what a list shows of an episode or an article."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from pillarcast.model.addresses import article_key, page_key
from pillarcast.model.base import FileRef
from pillarcast.model.card import Card
from pillarcast.model.episode import EpisodeKind
from pillarcast.model.imported import known_duration_s
from pillarcast.model.published import Published
from pillarcast.model.view import PublishedArticle, View
from pillarcast.render.pages.pictures import SMALL, picture_key

_VERSION = 1
"""Of what is made of a face: the words of a teaser and of its label, its links, and its place in a list."""
_KINDS = {EpisodeKind.FULL: "", EpisodeKind.TRAILER: "Trailer", EpisodeKind.BONUS: "Bonus"}


class Teaser(NamedTuple):
    """`number` stands in the margin, `label` before the date; `picture` is empty without artwork of its own."""

    key: str
    title: str
    summary: str
    published_at: datetime
    number: str = ""
    label: str = ""
    duration_s: float = 0
    picture: str = ""


Listed = Card | PublishedArticle
"""What may stand in a list."""


def faces_of(listed: Iterable[Listed]) -> tuple[object, ...]:
    """Changes with whatever a list shows of them: also with how their pictures are called, and with our own words."""
    return _VERSION, picture_key("", SMALL), *map(_face_of, listed)


def _face_of(listed: Listed) -> object:
    return listed.face if isinstance(listed, Card) else teaser_of(listed)


def order_of(listed: Listed) -> tuple[datetime, str]:
    """By which lists of both are sorted."""
    if isinstance(listed, Card):
        return listed.aired_at, page_key(listed.slug)
    return listed.published_at, article_key(listed.slug)


def teaser_of(listed: Listed) -> Teaser:
    if not isinstance(listed, Card):
        return _article_teaser(listed)
    return Teaser(
        key=page_key(listed.slug),
        title=listed.title,
        summary=listed.summary,
        published_at=listed.aired_at,
        number=number_of(listed),
        label=_KINDS[listed.kind],
        duration_s=known_duration_s(listed.duration_s),
        picture=picture_key(listed.artwork.sha256, SMALL) if listed.artwork else "",
    )


def _article_teaser(article: PublishedArticle) -> Teaser:
    return Teaser(
        key=article_key(article.slug),
        title=article.title,
        summary=article.summary,
        published_at=article.published_at,
        label="Article",
        picture=picture_key(article.artwork.sha256, SMALL) if article.artwork else "",
    )


def label_of(card: Card) -> str:
    """`Episode 41`, `Bonus`, `Trailer`, or nothing for an episode without number."""
    number = number_of(card)
    return _KINDS[card.kind] or (f"Episode {number}" if number else "")


def number_of(card: Card) -> str:
    return card.number_text or str(card.number or "")


def artwork_of(view: View, episode: Published) -> FileRef:
    """The episode's own artwork, or else the show's."""
    return episode.artwork or view.artwork
