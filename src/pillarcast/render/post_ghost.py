"""A post as Ghost keeps it: a Lexical document of its own audio card and HTML cards, which it leaves as they are."""

from __future__ import annotations

import json
from typing import Any

from pillarcast.model.post import Post
from pillarcast.render.post_body import GHOST_PLAYER
from pillarcast.render.wording import up_to_word

LONGEST_EXCERPT = 300
"""Characters that Ghost takes for an excerpt."""


def lexical_of(body: str, post: Post) -> str:
    """The document as JSON; the audio card stands where the template left its comment."""
    before, _, after = body.partition(GHOST_PLAYER)
    player = [_audio_card(post)] if post.audio_url and GHOST_PLAYER in body else []
    children = [*_html_card(before), *player, *_html_card(after)]
    root = {"children": children, "direction": None, "format": "", "indent": 0, "type": "root", "version": 1}
    return json.dumps({"root": root}, ensure_ascii=False)


def excerpt_of(summary: str) -> str:
    """At most as long as Ghost takes it, cut between words."""
    text = " ".join(summary.split())
    if len(text) <= LONGEST_EXCERPT:
        return text
    return up_to_word(text[: LONGEST_EXCERPT - 1]).rstrip(" ,;:") + "…"


def _audio_card(post: Post) -> dict[str, Any]:
    return {
        "type": "audio",
        "version": 1,
        "src": post.audio_url,
        "title": post.title,
        "duration": post.duration_s,
        "mimeType": post.audio_type,
        "thumbnailSrc": "",
    }


def _html_card(text: str) -> list[dict[str, Any]]:
    return [{"type": "html", "version": 1, "html": text.strip()}] if text.strip() else []
