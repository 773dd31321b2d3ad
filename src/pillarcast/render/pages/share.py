"""The share image: what a link to an episode looks like where people post it. Artwork, title and waveform."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib.resources import files

from PIL import Image, ImageDraw, ImageFont, ImageOps

from pillarcast.model.base import FileRef, digest
from pillarcast.model.imported import known_duration_s
from pillarcast.model.published import Published
from pillarcast.model.view import View
from pillarcast.model.wanted import FOR_EVER, Parts, Step, WantedObject
from pillarcast.render.pages.colours import readable
from pillarcast.render.pages.pictures import opened
from pillarcast.render.pages.teaser import artwork_of, label_of
from pillarcast.render.pages.theme import NIGHT
from pillarcast.render.pages.waveform import HEIGHT, bars_of
from pillarcast.render.wording import duration_words

SIZE = (1200, 630)
"""What Open Graph readers show whole."""

_VERSION = 2
_MARGIN, _SIDE = 60, 510
_LEFT = _MARGIN + _SIDE + 60
_WIDTH = SIZE[0] - _LEFT - _MARGIN
_TITLE_SIZES = (76, 66, 56, 48, 40)
_TITLE_HEIGHT = 330
_BARS = 48


@dataclass(frozen=True)
class ShareImage:
    """Everything that the picture shows; `accent` is `#rrggbb`."""

    slug: str
    title: str
    show: str
    line: str
    artwork: FileRef
    peaks: str
    accent: str

    @cached_property
    def key(self) -> str:
        return f"public/share/{self.slug}-{self.inputs[:10]}.jpg"

    @cached_property
    def inputs(self) -> str:
        words = (self.slug, self.title, self.show, self.line, self.peaks, self.accent)
        return digest(_VERSION, words, self.artwork.sha256)


def share_of(view: View, episode: Published) -> ShareImage:
    duration_s = known_duration_s(episode.duration_s)
    parts = (label_of(episode.card), duration_words(duration_s) if duration_s else "")
    return ShareImage(
        slug=episode.slug,
        title=episode.episode.title,
        show=view.show.show.title,
        line=" · ".join(part for part in parts if part),
        artwork=artwork_of(view, episode),
        peaks=episode.peaks,
        accent=view.show.site.accent,
    )


def share_object(share: ShareImage) -> WantedObject:
    return WantedObject(
        key=share.key,
        media_type="image/jpeg",
        inputs=share.inputs,
        render=partial(_render, share),
        needs=(share.artwork.key,),
        cache_control=FOR_EVER,
        step=Step.PARTS,
        title=f"share image of “{share.title}”",
    )


def _render(share: ShareImage, parts: Parts) -> bytes:
    accent = readable(share.accent, NIGHT.paper)
    image = Image.new("RGB", SIZE, NIGHT.paper)
    draw = ImageDraw.Draw(image)
    image.paste(_rounded(opened(share.artwork, parts)), (_MARGIN, _MARGIN), _mask())
    _text(draw, (_LEFT, _MARGIN + 4), share.show, 28, accent)
    _title(draw, share.title)
    _text(draw, (_LEFT, SIZE[1] - _MARGIN - 110), share.line, 26, NIGHT.faint)
    _waveform(draw, share.peaks, accent)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=84, optimize=True, progressive=True)
    return buffer.getvalue()


def _rounded(artwork: Image.Image) -> Image.Image:
    return ImageOps.fit(artwork, (_SIDE, _SIDE), Image.Resampling.LANCZOS)


def _mask() -> Image.Image:
    """Drawn four times as large, so that the corners are smooth."""
    mask = Image.new("L", (_SIDE * 4, _SIDE * 4), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, _SIDE * 4 - 1, _SIDE * 4 - 1), 48, fill=255)
    return mask.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS)


def _waveform(draw: ImageDraw.ImageDraw, peaks: str, colour: str) -> None:
    middle, pitch = SIZE[1] - _MARGIN - 36, _WIDTH / _BARS
    for index, bar in enumerate(bars_of(peaks, _BARS)):
        left, half = _LEFT + index * pitch, max(2.0, bar / HEIGHT * 36)
        draw.rounded_rectangle((left, middle - half, left + pitch * 0.55, middle + half), 3, fill=colour)


def _title(draw: ImageDraw.ImageDraw, title: str) -> None:
    """As large as it fits; a title in a script that the font lacks is left to the page that carries the picture."""
    if not _is_drawable(title):
        return
    for size in _TITLE_SIZES:
        lines = _wrapped(draw, title, size)
        if len(lines) * size * 1.2 <= _TITLE_HEIGHT:
            break
    else:
        lines = lines[: int(_TITLE_HEIGHT / (size * 1.2))]
        lines[-1] += "…"
    for number, line in enumerate(lines):
        draw.text((_LEFT, _MARGIN + 62 + number * size * 1.2), line, font=_font(size), fill=NIGHT.ink)


def _wrapped(draw: ImageDraw.ImageDraw, text: str, size: int) -> list[str]:
    """Lines by words; a word that is wider than a line is parted."""
    lines = [""]
    for word in _fitting(draw, text, size):
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=_font(size)) <= _WIDTH:
            lines[-1] = longer
        else:
            lines.append(word)
    return [line for line in lines if line]


def _fitting(draw: ImageDraw.ImageDraw, text: str, size: int) -> Iterator[str]:
    for word in text.split():
        begin = 0
        for end in range(1, len(word) + 1):
            if draw.textlength(word[begin:end], font=_font(size)) > _WIDTH:
                yield word[begin : end - 1]
                begin = end - 1
        yield word[begin:]


def _text(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str) -> None:
    """One line, cut where the picture ends."""
    if not _is_drawable(text):
        return
    while draw.textlength(text, font=_font(size)) > _WIDTH:
        text = text.rstrip("…")[:-1] + "…"
    draw.text(at, text, font=_font(size), fill=colour)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = files("pillarcast.render").joinpath("templates", "fonts", "titles.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(font), size, layout_engine=ImageFont.Layout.BASIC)


def _is_drawable(text: str) -> bool:
    """Whether the font has every letter: what it lacks looks like what no font has."""
    font = _font(24)
    missing = bytes(font.getmask("\U0010fffd"))
    return all(char.isspace() or bytes(font.getmask(char)) != missing for char in set(text))
