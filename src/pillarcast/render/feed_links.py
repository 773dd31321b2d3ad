"""The addresses that a feed names: artwork, transcripts, chapters."""

from __future__ import annotations

from pillarcast.model.addresses import Addresses, media_key
from pillarcast.model.base import FileRef, Value
from pillarcast.model.episode import Person
from pillarcast.model.published import Published
from pillarcast.model.view import View

SHOW_ARTWORK = "artwork"
"""What the show's own picture is called in its public key."""


class Setting(Value):
    """All that an item takes from its show: where it stands, and what holds unless the episode says otherwise."""

    addresses: Addresses
    is_explicit: bool = False
    people: tuple[Person, ...] = ()


def setting_of(view: View) -> Setting:
    about = view.show.show
    return Setting(addresses=view.addresses, is_explicit=about.explicit, people=about.people)


def file_url(file: FileRef, slug: str, addresses: Addresses) -> str:
    return addresses.of(media_key(file.sha256, slug, file.media_type))


def show_artwork_url(view: View) -> str:
    return file_url(view.artwork, SHOW_ARTWORK, view.addresses)


def episode_artwork_url(published: Published, addresses: Addresses) -> str:
    """Empty where the episode has none of its own."""
    if published.artwork is not None:
        return file_url(published.artwork, published.slug, addresses)
    return published.episode.image_url


def chapters_key(slug: str) -> str:
    return f"public/episodes/{slug}.chapters.json"
