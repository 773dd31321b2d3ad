"""Artwork as the public gets it, for engines that keep a copy of their own."""

from __future__ import annotations

import hashlib

from pillarcast.adapters.http import Http
from pillarcast.errors import Unreachable
from pillarcast.model.post import PostArtwork


def fetched(subject: str, artwork: PostArtwork) -> bytes:
    """The bytes of a public picture. Unreachable while the public does not see the right ones."""
    answer = Http(subject).get(artwork.url)
    if answer.status != 200 or hashlib.sha256(answer.body).hexdigest() != artwork.sha256:
        what = f"the artwork at {artwork.url} is not there as it was published (HTTP {answer.status})"
        raise Unreachable(subject, what, "It is tried again.")
    return answer.body
