"""The show's own artwork, as directories and players take it."""

from __future__ import annotations

from pillarcast.audio.tagging import fit_artwork
from pillarcast.errors import ArtworkRefused
from pillarcast.pipeline.reading import TextFile
from pillarcast.pipeline.studio import Studio


def show_artwork(studio: Studio) -> TextFile:
    """ArtworkRefused where show.toml names a picture that is not there or that directories would refuse."""
    path = studio.project / studio.show.show.artwork
    if not path.is_file():
        raise ArtworkRefused("show.toml", f"`show.artwork`: there is no file {path.name}", "Put it beside show.toml.")
    return TextFile(fit_artwork(path.read_bytes(), path.name), "image/jpeg", "artwork.jpg")
