"""Structured words for search engines: schema.org's PodcastSeries, PodcastEpisode and Article as JSON-LD."""

from __future__ import annotations

from typing import Any

from pillarcast.model.addresses import media_key
from pillarcast.model.imported import known_duration_s
from pillarcast.model.published import Published
from pillarcast.model.view import PublishedArticle, View
from pillarcast.render.pages.engine import iso_duration

_CONTEXT: dict[str, Any] = {"@context": "https://schema.org"}


def series_schema(view: View) -> dict[str, Any]:
    about, addresses = view.show.show, view.addresses
    return _CONTEXT | {
        "@type": "PodcastSeries",
        "@id": f"{addresses.home}#show",
        "name": about.title,
        "description": about.description,
        "url": addresses.home,
        "webFeed": addresses.feed,
        "inLanguage": about.language,
        "author": {"@type": "Person", "name": about.host},
        "image": addresses.of(media_key(view.artwork.sha256, "artwork", view.artwork.media_type)),
    }


def episode_schema(view: View, episode: Published, share_key: str) -> dict[str, Any]:
    own = episode.episode
    schema: dict[str, Any] = _CONTEXT | {
        "@type": "PodcastEpisode",
        "name": own.title,
        "description": own.summary,
        "url": episode.page_url,
        "datePublished": episode.published_at.isoformat(),
        "inLanguage": view.show.show.language,
        "image": view.addresses.of(share_key),
        "associatedMedia": _audio(episode),
        "partOfSeries": _series(view),
    }
    if known_duration_s(episode.duration_s):
        schema["timeRequired"] = schema["associatedMedia"]["duration"]
    if own.number:
        schema["episodeNumber"] = own.number
    if own.season:
        schema["partOfSeason"] = {"@type": "PodcastSeason", "seasonNumber": own.season}
    if own.people:
        schema["actor"] = [{"@type": "Person", "name": person.name} for person in own.people]
    return schema


def article_schema(view: View, article: PublishedArticle) -> dict[str, Any]:
    return _CONTEXT | {
        "@type": "Article",
        "headline": article.title,
        "description": article.summary,
        "url": article.page_url,
        "datePublished": article.published_at.isoformat(),
        "inLanguage": view.show.show.language,
        "author": {"@type": "Person", "name": view.show.show.host},
    }


def _audio(episode: Published) -> dict[str, Any]:
    audio = {
        "@type": "AudioObject",
        "contentUrl": episode.enclosure.url,
        "encodingFormat": episode.enclosure.media_type,
        "contentSize": str(episode.enclosure.length_bytes),
    }
    duration_s = known_duration_s(episode.duration_s)
    return audio | {"duration": iso_duration(duration_s)} if duration_s else audio


def _series(view: View) -> dict[str, Any]:
    about, addresses = view.show.show, view.addresses
    return {"@type": "PodcastSeries", "name": about.title, "url": addresses.home, "webFeed": addresses.feed}
