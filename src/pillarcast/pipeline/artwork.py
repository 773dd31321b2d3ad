"""The show's own artwork, as directories and players take it."""

from __future__ import annotations

from functools import lru_cache
from mimetypes import guess_type

from pillarcast.audio.tagging import fit_artwork
from pillarcast.errors import ArtworkRefused
from pillarcast.pipeline.reading import TextFile
from pillarcast.pipeline.studio import Studio


def show_pictures(studio: Studio) -> tuple[TextFile, ...]:
    """Artwork and, where there is one, logo."""
    logo = site_logo(studio)
    return (show_artwork(studio), logo) if logo else (show_artwork(studio),)


def site_logo(studio: Studio) -> TextFile | None:
    """The picture beside the show's name; ArtworkRefused where show.toml names one that is not there."""
    name = studio.show.site.logo
    if not name:
        return None
    path = studio.project / name
    if not path.is_file():
        raise ArtworkRefused("show.toml", f"`site.logo`: there is no file {name}", "Put it beside show.toml.")
    return TextFile(path.read_bytes(), guess_type(path.name)[0] or "image/png", path.name)


def show_artwork(studio: Studio) -> TextFile:
    """ArtworkRefused where show.toml names a picture that is not there or that directories would refuse."""
    path = studio.project / studio.show.show.artwork
    if not path.is_file():
        raise ArtworkRefused("show.toml", f"`show.artwork`: there is no file {path.name}", "Put it beside show.toml.")
    return TextFile(_fitted(path.read_bytes(), path.name), "image/jpeg", "artwork.jpg")


@lru_cache(maxsize=2)
def _fitted(picture: bytes, name: str) -> bytes:
    """A run asks for it a dozen times, and a large one takes long."""
    return fit_artwork(picture, name)
