"""Artwork in Ghost, which cannot list its pictures: found by the posts that show it, or where it would be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pillarcast.adapters.ghost_api import GhostApi
from pillarcast.adapters.http import Http
from pillarcast.adapters.http_artwork import fetched
from pillarcast.model.post import PostArtwork

_SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png"}


def image_url(api: GhostApi, artwork: PostArtwork) -> str:
    """The picture's address in Ghost, uploaded when it is not there yet."""
    name = f"pillarcast-{artwork.sha256[:32]}{_SUFFIX.get(artwork.media_type, '')}"
    return _shown(api, name) or _stored(api, name) or _uploaded(api, name, artwork)


def is_ours(url: str) -> bool:
    """False for a picture that the owner chose by hand."""
    return "/pillarcast-" in url


def _shown(api: GhostApi, name: str) -> str:
    posts = api.posts(f"feature_image:~'{name}'")
    return str(posts[0]["feature_image"]) if posts else ""


def _stored(api: GhostApi, name: str) -> str:
    """Ghost files pictures by the month of their upload: this one is there when only its answer was lost."""
    now = datetime.now(UTC)
    for day in (now, now - timedelta(days=1)):
        url = f"{api.home}/content/images/{day:%Y/%m}/{name}"
        if Http(api.subject).get(url).status == 200:
            return url
    return ""


def _uploaded(api: GhostApi, name: str, artwork: PostArtwork) -> str:
    url = api.upload((name, fetched(api.subject, artwork), artwork.media_type))
    return url if url.endswith(f"/{name}") else _stored(api, name) or url
