"""Style and scripts: one object each, named by its content, so that caches may keep it for ever."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from pillarcast.model.base import digest
from pillarcast.model.show import Site
from pillarcast.model.wanted import FOR_EVER, Parts, Step, WantedObject
from pillarcast.render.pages.theme import theme_css

_COMMENT_LINE = re.compile(r"^(//|/\*.*\*/$|/\*\*|\*( |/|$))")


@dataclass(frozen=True)
class Assets:
    """The keys that pages link, and the objects behind them."""

    style: str
    player: str
    search: str
    objects: tuple[WantedObject, ...]


def assets_of(look: Site) -> Assets:
    made = (
        _asset(theme_css(look) + _lean("style.css"), "css", "text/css"),
        _asset(_lean("player.js"), "js", "text/javascript"),
        _asset(_lean("search.js"), "js", "text/javascript"),
    )
    return Assets(made[0].key, made[1].key, made[2].key, made)


@cache
def source_of(name: str) -> str:
    """A file of the package's templates."""
    return files("pillarcast.render").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _lean(name: str) -> str:
    """Without indentation and comment lines: what is left is what runs, line by line."""
    lines = (line.strip() for line in source_of(name).splitlines())
    return "\n".join(line for line in lines if line and not _COMMENT_LINE.match(line)) + "\n"


def _asset(text: str, suffix: str, media_type: str) -> WantedObject:
    name = digest(text)
    return WantedObject(
        key=f"public/assets/{name[:20]}.{suffix}",
        media_type=media_type,
        inputs=name,
        render=partial(_bytes, text),
        cache_control=FOR_EVER,
        step=Step.PARTS,
        title=f"the site's {'style' if suffix == 'css' else 'script'}",
    )


def _bytes(text: str, _parts: Parts) -> bytes:
    return text.encode()
