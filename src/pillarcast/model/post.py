"""A post: the page on a blog, of an episode or an article, in words that every engine understands."""

from __future__ import annotations

import re

from pillarcast.model.base import Instant, Value


class PostArtwork(Value):
    """`url` is public and never changes its content; `sha256` names it, so that an engine gets it once."""

    url: str
    sha256: str
    media_type: str
    alt: str = ""


class Post(Value):
    """`key` is the natural key, never shown to readers: adapters write it as a marker and find the post by it.

    `body_html` is sanitised HTML of the show notes and the programming note, without a player: each engine has
    a player of its own for `audio_url`. `published_at` is the slot, in the past or now.
    """

    key: str
    slug: str
    title: str
    summary: str
    body_html: str
    published_at: Instant
    canonical_url: str
    audio_url: str = ""
    audio_type: str = ""
    audio_length_bytes: int = 0
    duration_s: float = 0.0
    artwork: PostArtwork | None = None
    tags: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    is_draft: bool = False

    def may_be_at(self, slug: str) -> bool:
        """Whether that is its address, or the one that a blog makes of it while another post has it."""
        return re.fullmatch(rf"{re.escape(self.slug)}(-\d+)?", slug) is not None
