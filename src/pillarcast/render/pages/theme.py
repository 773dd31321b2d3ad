"""The theme: what `[site]` of show.toml says, as CSS variables in light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pillarcast.model.show import Site
from pillarcast.render.pages.colours import mixed, on, readable


class Ground(NamedTuple):
    """What a page is printed on, and with how much of the accent its boxes are tinted."""

    paper: str
    card: str
    ink: str
    faint: str
    tinge: float


DAY = Ground("#fbf9f4", "#ffffff", "#1d1c1a", "#635f57", 0.08)
NIGHT = Ground("#15161a", "#1d1f24", "#ecebe6", "#a5a49d", 0.13)

_SERIF = '"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,"Book Antiqua",Georgia,serif'
_SANS = '-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",system-ui,sans-serif'
_ROUND = 'ui-rounded,"SF Pro Rounded","Hiragino Maru Gothic ProN",Quicksand,Nunito,"Varela Round",system-ui,sans-serif'

FONTS = {
    "system": (_SANS, f"Titles,{_SERIF}", _SANS),
    "serif": (_SERIF, f"Titles,{_SERIF}", _SANS),
    "rounded": (_ROUND, _ROUND, _ROUND),
}
"""For text, for titles, and for buttons and dates. `Titles` is the one family that the site brings along."""

FACES = {
    "titles-latin.woff2": "U+0020-007E,U+2013-2014,U+2018-2019,U+201C-201D,U+2026",
    "titles-accents.woff2": "U+00A0-00FF,U+0152-0153,U+201A,U+201E,U+2022,U+20AC",
    "titles-more.woff2": "U+0100-0151,U+0154-017F,U+0218-021B,U+0370-03FF,U+0400-045F,U+0490-0491",
}
"""The files of `Titles` and what letters each has; a browser loads only those that a page needs."""

_FACE = "@font-face{{font-family:Titles;src:url({url}) format('woff2');font-display:swap;unicode-range:{range}}}\n"


def theme_css(look: Site, font_urls: Mapping[str, str]) -> str:
    """The variables that the style sheet uses; every text colour keeps a contrast of 4.5 on its ground.

    `font_urls` leads from each file of `FACES` to its address, seen from the style sheet.
    """
    text, title, small = FONTS[look.font]
    faces = "".join(_FACE.format(url=font_urls[name], range=letters) for name, letters in FACES.items())
    light, dark = _colours(look.accent, DAY), _colours(readable(look.accent, NIGHT.paper), NIGHT)
    families = f"--text:{text};--title:{title};--small:{small};--serif:{_SERIF}"
    return (
        f"{faces}:root{{color-scheme:light dark;{families};{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def _colours(accent: str, ground: Ground) -> str:
    paper, card, ink = ground.paper, ground.card, ground.ink
    tint = mixed(paper, accent, ground.tinge)
    own = readable(accent, paper, card, tint)
    colours = {
        "paper": paper,
        "card": card,
        "tint": tint,
        "ink": ink,
        "faint": readable(ground.faint, paper, card, tint),
        "line": mixed(paper, ink, 0.14),
        "edge": mixed(paper, ink, 0.48),
        "accent": own,
        "on-accent": on(own),
    }
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())
