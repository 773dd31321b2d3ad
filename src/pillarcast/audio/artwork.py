"""Artwork brought to what directories and players take: a square RGB JPEG of 1400 to 3000 px, under 500 KB."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

from PIL import Image, ImageOps

from pillarcast.errors import ArtworkRefused

SMALLEST_PX, LARGEST_PX, MOST_BYTES = 1400, 3000, 500_000
"""Apple's limits of size; embedded artwork beyond half a megabyte delays the first second of play."""

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF")
_MOST_PIXELS = 50_000_000
_QUALITIES = (90, 85, 80, 72, 64, 55)
_DPI = (72, 72)
_MEND = f"Export it as a square JPEG or PNG, {SMALLEST_PX} to {LARGEST_PX} px wide."


def fit_artwork(picture: bytes, subject: str) -> bytes:
    """The JPEG. ArtworkRefused for what is no picture, not square, too small, or a bomb of pixels."""
    image = _checked(picture, subject)
    try:
        _shrink(image)
        image = _flattened(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise ArtworkRefused(subject, "the picture is damaged or incomplete", _MEND) from error
    for jpeg in _attempts(image):
        if len(jpeg) < MOST_BYTES:
            return jpeg
    raise ArtworkRefused(subject, f"cannot be brought under {MOST_BYTES // 1000} KB", "Use a calmer picture.")


def _checked(picture: bytes, subject: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(picture), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise ArtworkRefused(subject, "says that it is too large to open", _MEND) from error
    except (OSError, ValueError, SyntaxError) as error:
        raise ArtworkRefused(subject, "is not a picture that we can read", _MEND) from error
    width, height = image.size
    if width * height > _MOST_PIXELS:
        raise ArtworkRefused(subject, f"is {width} × {height} px, too large to open", _MEND)
    if abs(width - height) > max(width, height) // 100:
        raise ArtworkRefused(subject, f"is {width} × {height} px, not square", "Crop it to a square.")
    if min(width, height) < SMALLEST_PX:
        raise ArtworkRefused(subject, f"is only {width} × {height} px", _MEND)
    return image


def _shrink(image: Image.Image) -> None:
    """In place and before anything is done to it: each step over all pixels would take a copy of all of them."""
    if min(image.size) > LARGEST_PX and image.mode != "P":
        largest = LARGEST_PX + LARGEST_PX // 50  # not square to the pixel
        image.thumbnail((largest, largest), Image.Resampling.LANCZOS)


def _flattened(image: Image.Image) -> Image.Image:
    """RGB on white, square, not above the largest size."""
    if image.mode.startswith("I"):  # grey of 16 bits, of which Pillow would make white of all but the darkest
        image = image.point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        layered = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)
    side = min(*image.size, LARGEST_PX)
    return ImageOps.fit(image.convert("RGB"), (side, side), Image.Resampling.LANCZOS)


def _attempts(image: Image.Image) -> Iterator[bytes]:
    """Ever smaller: first by quality, then by size."""
    for side in dict.fromkeys(min(image.width, limit) for limit in (LARGEST_PX, 2400, 2000, SMALLEST_PX)):
        sized = image if side == image.width else image.resize((side, side), Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            sized.save(buffer, "JPEG", quality=quality, optimize=True, dpi=_DPI)
            yield buffer.getvalue()
