"""Style and scripts: one object each, named by its content, so that caches may keep it for ever."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files

from pillarcast.model.base import digest
from pillarcast.model.show import Site
from pillarcast.model.wanted import FOR_EVER, Parts, Step, WantedObject
from pillarcast.render.pages.theme import FACES, FONTS, theme_css

_AROUND_MARKS = re.compile(r"\s*([{};,])\s*|(?<=[a-z]:) ")
_COMMENT_LINE = re.compile(r"^(//|/\*.*\*/$|/\*\*|\*( |/|$))")


SOURCES = ("style.css", "listen.css", "lists.css", "player.js", "transcript.js", "search.js")
"""`style` is for every page, `listen` for those with a player, `lists` for those with lists."""

_NAMES = {"css": "style", "js": "script", "woff2": "font"}


@dataclass(frozen=True)
class Assets:
    """Keys by the name of the file without its suffix, as pages link them, and the objects behind them."""

    keys: Mapping[str, str]
    objects: tuple[WantedObject, ...]


def assets_of(look: Site, own: Mapping[str, str]) -> Assets:
    """`own` are the owner's templates: of these names they stand in the place of ours, as they are."""
    fonts = {name: _font(name) for name in FACES}
    theme = theme_css(look, {name: font.key.rpartition("/")[2] for name, font in fonts.items()})
    made = {name: _source(name, theme if name == "style.css" else "", own) for name in SOURCES}
    keys = {name.partition(".")[0]: wanted.key for name, wanted in made.items()}
    keys["font"] = fonts["titles-latin.woff2"].key if "Titles" in FONTS[look.font][1] else ""
    return Assets(keys, (*fonts.values(), *made.values()))


def _source(name: str, before: str, own: Mapping[str, str]) -> WantedObject:
    text = before + (own[name] if name in own else _lean(name))
    suffix = name.partition(".")[2]
    return _asset(text.encode(), suffix, "text/css" if suffix == "css" else "text/javascript")


@cache
def _font(name: str) -> WantedObject:
    return _asset(files("pillarcast.render").joinpath("templates", "fonts", name).read_bytes(), "woff2", "font/woff2")


@cache
def _lean(name: str) -> str:
    """Ours without indentation and comments: scripts stay line by line, style loses the space around its marks."""
    source = files("pillarcast.render").joinpath("templates", name).read_text(encoding="utf-8")
    lines = (line.strip() for line in source.splitlines())
    kept = "\n".join(line for line in lines if line and not _COMMENT_LINE.match(line))
    return _AROUND_MARKS.sub(r"\1", kept).replace(";}", "}") if name.endswith(".css") else kept


def _asset(body: bytes, suffix: str, media_type: str) -> WantedObject:
    name = digest(body)
    return WantedObject(
        key=f"public/assets/{name[:20]}.{suffix}",
        media_type=media_type,
        inputs=name,
        render=partial(_as_it_is, body),
        cache_control=FOR_EVER,
        step=Step.PARTS,
        title=f"the site's {_NAMES[suffix]}",
        is_for_browsers=suffix != "woff2",
    )


def _as_it_is(body: bytes, _parts: Parts) -> bytes:
    return body
