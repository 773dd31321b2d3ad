"""Draws the artwork of the demo show: a row of pillars like the bars of a waveform, and one is the i of the title.

    python scripts/make_artwork.py [FILE]     default: artwork.jpg beside show.toml

A file name that ends in `.png` gives a PNG. The letters are Aileron (CC0), which comes with Pillow, made bolder by
a stroke and set letter by letter, so that the picture is the same on every machine.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE_PX = 3000
"""What Apple prefers; every other number here counts these pixels."""
OVERSAMPLING = 2

Colour = tuple[int, int, int]
PAPER: Colour = (246, 240, 228)
DUSK: Colour = (19, 49, 45)
EARTH: Colour = (12, 34, 32)
CAPTION: Colour = (139, 172, 160)

MARGIN = 230
GROUND = 2630
TITLE_SIZE = 562
BASELINES = (770, 1370)
STROKE = 18
TRACKING = 14
PILLAR_WIDTH = 214


@dataclass(frozen=True)
class Stone:
    """What a pillar is made of: shades of its capital and base, of its flutes, and of the grooves between them."""

    edge: Colour
    flute: Colour
    groove: Colour


GREEN = Stone(edge=(84, 138, 124), flute=(56, 106, 94), groove=(38, 80, 72))
GOLD = Stone(edge=(255, 214, 138), flute=(243, 184, 90), groove=(212, 146, 58))

HEIGHTS = (360, 620, 470, 860, 0, 700, 520)
"""From the ground to the capital, from left to right; the one without height is the i, as tall as the title asks."""


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "artwork.jpg"
    picture = artwork()
    if path.suffix == ".png":
        picture.save(path, optimize=True)
    else:
        picture.save(path, quality=88, subsampling=0, optimize=True, dpi=(72, 72))
    print(f"{path}: {SIZE_PX} x {SIZE_PX} px, {path.stat().st_size // 1000} KB")


def artwork() -> Image.Image:
    """RGB, `SIZE_PX` on each side."""
    canvas = Image.new("RGB", (SIZE_PX * OVERSAMPLING,) * 2, DUSK)
    brush = Brush(ImageDraw.Draw(canvas))
    brush.box((0, GROUND, SIZE_PX, SIZE_PX), EARTH)
    brush.write("Good", MARGIN, BASELINES[0])
    after_stand = brush.write("Stand", MARGIN, BASELINES[1])
    middle = after_stand + PILLAR_WIDTH / 2
    brush.write("ng", after_stand + PILLAR_WIDTH + TRACKING * 1.6, BASELINES[1])
    _row_of_pillars(brush, middle)
    brush.write("WITH HELEN MARLOWE", MARGIN, 2860, size=104, stroke=1, tracking=22, colour=CAPTION)
    return canvas.resize((SIZE_PX, SIZE_PX), Image.Resampling.LANCZOS)


def _row_of_pillars(brush: Brush, i_middle: float) -> None:
    lit = HEIGHTS.index(0)
    x_height = brush.height_of("n")
    step = (i_middle - MARGIN - PILLAR_WIDTH / 2) / lit
    for place, height in enumerate(HEIGHTS):
        middle = i_middle + (place - lit) * step
        if height:
            _pillar(brush, middle, GROUND - height, GREEN)
        else:
            _pillar(brush, middle, BASELINES[1] - x_height, GOLD)
    brush.disc(i_middle, BASELINES[1] - x_height - 150, 84, GOLD.edge)


def _pillar(brush: Brush, middle: float, top: float, stone: Stone) -> None:
    half = PILLAR_WIDTH / 2
    left, right = middle - half + 30, middle + half - 30
    brush.box((left, top + 40, right, GROUND - 40), stone.flute)
    groove = (right - left) / 7
    for place in (1, 3, 5):
        brush.box((left + place * groove, top + 104, left + (place + 1) * groove, GROUND - 70), stone.groove)
    brush.box((left - 14, top + 52, right + 14, top + 84), stone.groove)
    brush.box((middle - half, top, middle + half, top + 54), stone.edge)
    brush.box((middle - half, GROUND - 54, middle + half, GROUND), stone.edge)


@dataclass(frozen=True)
class Brush:
    """Draws in pixels of the finished picture on a canvas that is `OVERSAMPLING` times as large."""

    draw: ImageDraw.ImageDraw

    def box(self, box: tuple[float, float, float, float], colour: Colour) -> None:
        self.draw.rectangle([value * OVERSAMPLING for value in box], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        self.draw.circle((x * OVERSAMPLING, y * OVERSAMPLING), radius * OVERSAMPLING, fill=colour)

    def height_of(self, letter: str) -> float:
        """From the baseline to the top of a letter of the title, its stroke included."""
        top = _font(TITLE_SIZE).getbbox(letter, anchor="ls")[1]
        return STROKE - top / OVERSAMPLING

    def write(
        self,
        text: str,
        x: float,
        baseline: float,
        *,
        size: int = TITLE_SIZE,
        stroke: int = STROKE,
        tracking: float = TRACKING,
        colour: Colour = PAPER,
    ) -> float:
        """Letters from `x` on; returns where the next one would begin."""
        font = _font(size)
        pen = x * OVERSAMPLING - font.getbbox(text[0], anchor="ls")[0]
        for letter in text:
            self.draw.text(
                (pen, baseline * OVERSAMPLING), letter, colour, font, "ls",
                stroke_width=stroke * OVERSAMPLING, stroke_fill=colour,
            )  # fmt: skip
            pen += font.getlength(letter) + tracking * OVERSAMPLING
        return pen / OVERSAMPLING


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size * OVERSAMPLING)
    assert isinstance(font, ImageFont.FreeTypeFont), "Pillow was built without FreeType"
    return font


if __name__ == "__main__":
    main()
