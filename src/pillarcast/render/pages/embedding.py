"""The player for other people's pages, and the oEmbed answer by which their software finds it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from html import escape

from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import Parts, WantedObject
from pillarcast.render.pages.frame import Frame, Page, Words
from pillarcast.render.pages.paths import embed_key, oembed_key
from pillarcast.render.pages.player import foreign_origins, player_words

EMBED_SIZE = (640, 200)
"""Width and height in pixels that the player asks for where it is embedded."""


def embed_objects(frame: Frame, index: int) -> Iterator[WantedObject]:
    """Those of the episode at `index`."""
    yield frame.wanted(_player(frame, index))
    yield _oembed(frame, index)


def _player(frame: Frame, index: int) -> Page:
    episode = frame.view.episodes[index]
    title = f"player of “{episode.episode.title}”"
    read, inputs = partial(_player_words, frame.view, episode), (frame.about, frame.told(index))
    return Page(embed_key(episode.slug), "embed.html", title, read=read, inputs=inputs)


def _player_words(view: View, episode: Published, _parts: Parts) -> Words:
    return {"episode": player_words(view, episode), "foreign_origins": foreign_origins(episode)}


def _oembed(frame: Frame, index: int) -> WantedObject:
    """Source: https://oembed.com, section 2.3.4; a static answer for its one address."""
    episode = frame.view.episodes[index]
    return WantedObject(
        key=oembed_key(episode.slug),
        media_type="application/json",
        inputs=frame.digest((frame.about, frame.told(index))),
        render=partial(_render, frame, index),
        title=f"oEmbed of “{episode.episode.title}”",
    )


def _render(frame: Frame, index: int, _parts: Parts) -> bytes:
    words = _words(frame.view, frame.view.episodes[index], frame.share(index).key)
    return json.dumps(words, ensure_ascii=False).encode()


def _words(view: View, episode: Published, share_key: str) -> Words:
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
        "thumbnail_url": view.addresses.of(share_key),
        "thumbnail_width": 1200,
        "thumbnail_height": 630,
        "html": f'<iframe src="{address}" width="{width}" height="{height}" title="{escape(own.title)}"></iframe>',
        "width": width,
        "height": height,
    }
