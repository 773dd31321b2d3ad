"""Small pictures made from artwork, so that a page weighs little: one file for each artwork and width."""

from __future__ import annotations

import io
from functools import partial

from PIL import Image, ImageOps

from pillarcast.errors import ArtworkRefused
from pillarcast.model.base import FileRef, Value, digest
from pillarcast.model.wanted import FOR_EVER, Parts, Step, WantedObject

LARGE, SMALL, ICON = 480, 160, 64
"""Widths in pixels, for 280, 80 and 32 CSS pixels; sharp on a fine screen, light on any."""

_HEAVIEST = {LARGE: 13_000, SMALL: 5_000, ICON: 2_000}
_QUALITIES = (78, 68, 58, 48, 38, 28, 18)
_LARGEST = 50_000_000
_VERSION = 1


class Picture(Value):
    """A small picture of `file`, `width` pixels square."""

    file: FileRef
    width: int

    @property
    def key(self) -> str:
        return picture_key(self.file.sha256, self.width)


def picture_key(sha256: str, width: int) -> str:
    return f"public/pictures/{sha256[:24]}-{width}-{_VERSION}.webp"


def picture_object(picture: Picture) -> WantedObject:
    return WantedObject(
        key=picture.key,
        media_type="image/webp",
        inputs=digest(_VERSION, picture.file.sha256, picture.width),
        render=partial(_render, picture),
        needs=(picture.file.key,),
        cache_control=FOR_EVER,
        step=Step.PARTS,
        title=f"a small picture of {picture.file.name or 'the artwork'}",
    )


def opened(file: FileRef, parts: Parts, mode: str = "RGB") -> Image.Image:
    """The picture, upright. ArtworkRefused when it cannot be read."""
    try:
        image = Image.open(io.BytesIO(parts[file.key]), formats=("JPEG", "PNG"))
        if image.width * image.height > _LARGEST:
            raise ArtworkRefused(file.name or file.key, "has more than 50 megapixels", "Export it with 3000 by 3000.")
        return ImageOps.exif_transpose(image).convert(mode)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ArtworkRefused(
            file.name or file.key, "cannot be read as a picture", "Export it again as JPEG or PNG."
        ) from error


def _render(picture: Picture, parts: Parts) -> bytes:
    """WebP, as good as fits into the weight that a page has for it."""
    square = ImageOps.fit(opened(picture.file, parts), (picture.width, picture.width), Image.Resampling.LANCZOS)
    body = b""
    for quality in _QUALITIES:
        buffer = io.BytesIO()
        square.save(buffer, "WEBP", quality=quality, method=6)
        body = buffer.getvalue()
        if len(body) <= _HEAVIEST[picture.width]:
            break
    return body
