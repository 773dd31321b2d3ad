"""Artwork in a WordPress library: uploaded once, found again by the hash in its name."""

from __future__ import annotations

from pillarcast.adapters.http_artwork import fetched
from pillarcast.adapters.wordpress_api import Json, WordPressApi
from pillarcast.model.post import PostArtwork

MEDIA = "wp/v2/media"
_SUFFIX = {"image/jpeg": ".jpg", "image/png": ".png"}


def media_id(api: WordPressApi, artwork: PostArtwork) -> int:
    """The number of that picture in the library, uploaded when it is not there yet."""
    slug = f"pillarcast-{artwork.sha256[:32]}"
    found = _found(api, slug)
    if not found:
        made = _upload(api, slug, artwork)
        found = _found(api, slug) or [made]
        if made["id"] != found[0]["id"]:
            api.remove(f"{MEDIA}/{made['id']}")
    return _whole(api, found[0])


def is_ours(api: WordPressApi, number: int) -> bool:
    """False for a picture that the owner chose by hand."""
    media = api.find(f"{MEDIA}/{number}")
    return media is None or str(media["slug"]).startswith("pillarcast-")


def _found(api: WordPressApi, slug: str) -> list[Json]:
    media: list[Json] = api.get(MEDIA, slug=slug, orderby="id", order="asc")
    return media


def _upload(api: WordPressApi, slug: str, artwork: PostArtwork) -> Json:
    name = slug + _SUFFIX.get(artwork.media_type, "")
    fields = {"slug": slug, "title": artwork.alt or slug, "alt_text": artwork.alt}
    return api.upload(fields, (name, fetched(api.subject, artwork), artwork.media_type))


def _whole(api: WordPressApi, media: Json) -> int:
    """Has its smaller sizes made where an upload was interrupted before."""
    number = int(media["id"])
    if not (media.get("media_details") or {}).get("width"):
        api.send(f"{MEDIA}/{number}/post-process", {"action": "create-image-subsizes"})
    return number
