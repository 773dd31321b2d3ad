"""Teasers: what a list shows of an episode or an article."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pillarcast.model.addresses import article_key, page_key
from pillarcast.model.base import FileRef
from pillarcast.model.episode import EpisodeKind
from pillarcast.model.imported import known_duration_s
from pillarcast.model.published import Published
from pillarcast.model.view import PublishedArticle, View
from pillarcast.render.pages.pictures import SMALL, Picture

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


def teaser_of(episode: Published) -> Teaser:
    return Teaser(
        key=page_key(episode.slug),
        title=episode.episode.title,
        summary=episode.episode.summary,
        published_at=episode.published_at,
        number=number_of(episode),
        label=_KINDS[episode.episode.kind],
        duration_s=known_duration_s(episode.duration_s),
        picture=Picture(file=episode.artwork, width=SMALL).key if episode.artwork else "",
    )


def article_teaser_of(article: PublishedArticle) -> Teaser:
    return Teaser(
        key=article_key(article.slug),
        title=article.title,
        summary=article.summary,
        published_at=article.published_at,
        label="Article",
        picture=Picture(file=article.artwork, width=SMALL).key if article.artwork else "",
    )


def label_of(episode: Published) -> str:
    """`Episode 41`, `Bonus`, `Trailer`, or nothing for an episode without number."""
    number = number_of(episode)
    return _KINDS[episode.episode.kind] or (f"Episode {number}" if number else "")


def number_of(episode: Published) -> str:
    return episode.episode.number_text or str(episode.episode.number or "")


def artwork_of(view: View, episode: Published) -> FileRef:
    """The episode's own artwork, or else the show's."""
    return episode.artwork or view.artwork
