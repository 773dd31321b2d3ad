"""Teasers: what a list shows of an episode or an article."""

from __future__ import annotations

from pillarcast.model.addresses import article_key, page_key
from pillarcast.model.base import FileRef, Instant, Value
from pillarcast.model.episode import EpisodeKind
from pillarcast.model.published import Published
from pillarcast.model.view import PublishedArticle, View
from pillarcast.render.pages.pictures import SMALL, Picture

_KINDS = {EpisodeKind.FULL: "", EpisodeKind.TRAILER: "Trailer", EpisodeKind.BONUS: "Bonus"}


class Teaser(Value):
    """`label` is such as `Episode 41`; `picture` is empty for an article without artwork."""

    key: str
    title: str
    summary: str
    published_at: Instant
    label: str = ""
    duration_s: float = 0
    picture: str = ""


def teaser_of(view: View, episode: Published) -> Teaser:
    return Teaser(
        key=page_key(episode.slug),
        title=episode.episode.title,
        summary=episode.episode.summary,
        published_at=episode.published_at,
        label=label_of(episode),
        duration_s=episode.duration_s,
        picture=Picture(file=artwork_of(view, episode), width=SMALL).key,
    )


def article_teaser_of(article: PublishedArticle) -> Teaser:
    return Teaser(
        key=article_key(article.slug),
        title=article.title,
        summary=article.summary,
        published_at=article.published_at,
        label="Article",
    )


def label_of(episode: Published) -> str:
    """`Episode 41`, `Bonus`, `Trailer`, or nothing for an episode without number."""
    own, kind = episode.episode, _KINDS[episode.episode.kind]
    number = own.number_text or (str(own.number) if own.number else "")
    return kind or (f"Episode {number}" if number else "")


def artwork_of(view: View, episode: Published) -> FileRef:
    """The episode's own artwork, or else the show's."""
    return episode.artwork or view.artwork
