"""The player for other people's pages, and the oEmbed answer by which their software finds it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from html import escape

from pillarcast.model.base import digest
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import Parts, WantedObject
from pillarcast.render.pages.frame import Frame, Page, Words
from pillarcast.render.pages.paths import embed_key, oembed_key
from pillarcast.render.pages.player import foreign_origins, player_words, share_of

EMBED_SIZE = (640, 200)
"""Width and height in pixels that the player asks for where it is embedded."""


def embed_objects(frame: Frame) -> Iterator[WantedObject]:
    for episode in frame.view.episodes:
        words = {"episode": player_words(frame.view, episode), "foreign_origins": foreign_origins(episode)}
        title = f"player of “{episode.episode.title}”"
        yield frame.wanted(Page(embed_key(episode.slug), "embed.html", title, words))
        yield _oembed(frame.view, episode)


def _oembed(view: View, episode: Published) -> WantedObject:
    """Source: https://oembed.com, section 2.3.4; a static answer for its one address."""
    words = _words(view, episode)
    return WantedObject(
        key=oembed_key(episode.slug),
        media_type="application/json",
        inputs=digest(words),
        render=partial(_render, words),
        title=f"oEmbed of “{episode.episode.title}”",
    )


def _render(words: Words, _parts: Parts) -> bytes:
    return json.dumps(words, ensure_ascii=False).encode()


def _words(view: View, episode: Published) -> Words:
    width, height = EMBED_SIZE
    own, about = episode.episode, view.show.show
    address = escape(view.addresses.of(embed_key(episode.slug)))
    return {
        "version": "1.0",
        "type": "rich",
        "title": own.title,
        "author_name": about.host,
        "provider_name": about.title,
        "provider_url": view.addresses.home,
        "thumbnail_url": view.addresses.of(share_of(view, episode).key),
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "html": f'<iframe src="{address}" width="{width}" height="{height}" title="{escape(own.title)}"></iframe>',
        "width": width,
        "height": height,
    }
