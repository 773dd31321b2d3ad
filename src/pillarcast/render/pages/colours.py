"""Colours that can be read: whatever accent a show picks, text keeps the contrast of WCAG 2.2, 1.4.3."""

from __future__ import annotations

import colorsys

ENOUGH = 4.5
_STEPS = 100


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2 between two colours `#rrggbb`, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, *backgrounds: str) -> str:
    """`colour`, made darker or lighter no more than it takes to be read on all `backgrounds`; its hue stays."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in _rgb(colour)))
    end = 0.0 if _luminance(backgrounds[0]) > 0.18 else 1.0
    steps = (lightness + (end - lightness) * step / _STEPS for step in range(_STEPS + 1))
    shades = (_hex(colorsys.hls_to_rgb(hue, step, saturation)) for step in steps)
    return next(shade for shade in shades if min(contrast(shade, ground) for ground in backgrounds) >= ENOUGH)


def on(colour: str) -> str:
    """White or black, whichever reads better on `colour`: one of them always reaches WCAG's 4.5."""
    return max(("#ffffff", "#000000"), key=lambda text: contrast(text, colour))


def mixed(colour: str, other: str, share: float) -> str:
    """`share` (0 to 1) of `other` in `colour`."""
    parts = (round(own * (1 - share) + foreign * share) for own, foreign in zip(_rgb(colour), _rgb(other), strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
