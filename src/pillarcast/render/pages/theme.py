"""The theme: what `[site]` of show.toml says, as CSS variables in light and dark."""

from __future__ import annotations

from pillarcast.model.show import Site
from pillarcast.render.pages.colours import mixed, on, readable

PAPER, CARD, INK, FAINT = "#fbf9f4", "#ffffff", "#1d1c1a", "#635f57"
NIGHT, NIGHT_CARD, NIGHT_INK, NIGHT_FAINT = "#15161a", "#1d1f24", "#ecebe6", "#a5a49d"

_SERIF = '"Iowan Old Style","Palatino Linotype",Palatino,"URW Palladio L",P052,"Book Antiqua",Georgia,serif'
_SANS = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",sans-serif'
_ROUND = 'ui-rounded,"SF Pro Rounded","Hiragino Maru Gothic ProN",Quicksand,Nunito,"Varela Round",system-ui,sans-serif'

FONTS = {"system": (_SANS, _SERIF), "serif": (_SERIF, _SERIF), "rounded": (_ROUND, _ROUND)}
"""For text, and for titles."""


def theme_css(look: Site) -> str:
    """The variables that the style sheet uses; every text colour keeps a contrast of 4.5 on its ground."""
    text, title = FONTS[look.font]
    light = _colours(look.accent, PAPER, CARD, INK, FAINT)
    dark = _colours(look.accent, NIGHT, NIGHT_CARD, NIGHT_INK, NIGHT_FAINT)
    return (
        f":root{{color-scheme:light dark;--text:{text};--title:{title};{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )


def _colours(accent: str, paper: str, card: str, ink: str, faint: str) -> str:
    tint = mixed(paper, accent, 0.08)
    own = readable(accent, paper, card, tint)
    colours = {
        "paper": paper,
        "card": card,
        "tint": tint,
        "ink": ink,
        "faint": faint,
        "line": mixed(paper, ink, 0.14),
        "edge": mixed(paper, ink, 0.48),
        "accent": own,
        "on-accent": on(own),
    }
    return ";".join(f"--{name}:{colour}" for name, colour in colours.items())
