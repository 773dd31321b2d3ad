"""The template engine: our templates, and over each of them the owner's own of the same name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, DictLoader, PackageLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from pillarcast.errors import SettingsError
from pillarcast.model.base import digest
from pillarcast.model.chapters import render_stamp
from pillarcast.render.pages.waveform import waveform_path
from pillarcast.render.wording import date_words, duration_words

_SOURCES = (".py", ".html", ".xml", ".css", ".js")
_BESIDE = ("notes", "plain", "programming_note", "subscribing", "wording")


def rendered(name: str, words: Mapping[str, Any], own: Mapping[str, str], zone: ZoneInfo) -> str:
    """The template `name` filled with `words`. SettingsError when a template of the owner's cannot be rendered."""
    try:
        template = _environment(tuple(sorted(own.items())), zone).get_template(name)
        return template.render(words)
    except TemplateError as error:
        if not own:
            raise
        raise SettingsError(
            f"templates/{getattr(error, 'name', None) or name}",
            f"the template cannot be rendered: {error}",
            "Mend it, or delete it: then the built-in one is used.",
        ) from error


def templates_digest(own: Mapping[str, str]) -> str:
    """Changes with each template and each line of code that makes pages, so that pages are then written again."""
    return digest(_package_digest(), sorted(own.items()))


@cache
def _package_digest() -> str:
    package = files("pillarcast.render")
    folders = [source for name in ("pages", "templates") for source in package.joinpath(name).iterdir()]
    sources = [source for source in folders if source.name.endswith(_SOURCES)]
    sources += [package.joinpath(f"{name}.py") for name in _BESIDE]
    return digest(*(source.read_bytes() for source in sorted(sources, key=lambda source: source.name)))


@cache
def _environment(own: tuple[tuple[str, str], ...], zone: ZoneInfo) -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=ChoiceLoader([DictLoader(dict(own)), PackageLoader("pillarcast.render", "templates")]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "stamp": render_stamp,
        "duration": duration_words,
        "iso_duration": iso_duration,
        "day": partial(_day, zone),
        "html": Markup,
        "wave": waveform_path,
        "json_ld": _json_ld,
    }
    environment.tests["web"] = _is_web
    return environment


def _is_web(url: object) -> bool:
    """Whether an address of the owner's or a guest's may be a link."""
    return str(url).startswith(("https://", "http://"))


def iso_duration(seconds: float) -> str:
    """ISO 8601: `PT38M12S`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"PT{minutes}M{rest}S"


def _day(zone: ZoneInfo, moment: datetime) -> str:
    return date_words(moment, zone)


def _json_ld(value: Any) -> Markup:
    """JSON that may stand in a script element: no `<` can end it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704 - nothing in it can end the element
