"""Pictures of pages, and how far two of them are apart."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser

KEPT_FOLDER = Path(__file__).parents[1] / "golden/site"
SIZES = {"phone": (390, 844), "narrow": (320, 640), "wide": (1280, 900)}
KEPT = tuple(
    f"{page}-{size}-{scheme}"
    for page in ("episode", "home", "archive")
    for size in ("phone", "wide")
    for scheme in ("light", "dark")
)
_SHRINK = 4
_NOTICEABLE = 40


def shot(browser: Browser, url: str, size: str, scheme: str = "light", *, is_whole: bool = False) -> bytes:
    """A PNG of what is seen first, or of the whole page."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    body = page.screenshot(full_page=is_whole)
    context.close()
    return body


def keep(name: str, body: bytes) -> None:
    """In 64 colours, which the eye forgives and the repository's size thanks."""
    KEPT_FOLDER.mkdir(parents=True, exist_ok=True)
    image = Image.open(io.BytesIO(body)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    image.save(KEPT_FOLDER / f"{name}.png", optimize=True)


def difference(name: str, body: bytes) -> float:
    """The share (0 to 1) of a kept picture that looks different; a pixel of text more or less does not count."""
    kept, now = (_small(Image.open(source)) for source in (KEPT_FOLDER / f"{name}.png", io.BytesIO(body)))
    if kept.size != now.size:
        return 1.0
    apart = ImageChops.difference(kept, now).convert("L").point(lambda value: 255 if value > _NOTICEABLE else 0)
    return apart.histogram()[255] / (apart.width * apart.height)


def _small(image: Image.Image) -> Image.Image:
    return image.convert("RGB").reduce(_SHRINK)
