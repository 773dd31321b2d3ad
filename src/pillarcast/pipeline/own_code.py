"""Our own code, as one digest: what was found out by other code has to be found out again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from pillarcast.model.base import digest

_CODE = ("model", "render", "pipeline")


@cache
def code_digest() -> str:
    """Changes with each line of code and each template that says what should stand."""
    package = files("pillarcast")
    return digest(*(source.read_bytes() for name in _CODE for source in _sources(package.joinpath(name))))


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for found in sorted(folder.iterdir(), key=lambda found: found.name):
        if found.is_dir():
            yield from _sources(found)
        elif not found.name.endswith(".pyc"):
            yield found
