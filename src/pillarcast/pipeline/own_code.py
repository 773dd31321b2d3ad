"""Our own code, as one digest: what was found out by other code has to be found out again."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import VERSION

from pillarcast.model.base import digest

_CODE = ("model", "render", "pipeline")


def code_digest() -> str:
    """Changes with each line of code and each template that says what should stand, and with how JSON is read."""
    return _FOUND


def _found() -> str:
    package = files("pillarcast")
    return digest(VERSION, *(source.read_bytes() for name in _CODE for source in _sources(package.joinpath(name))))


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for found in sorted(folder.iterdir(), key=lambda found: found.name):
        if not found.is_dir():
            yield found
        elif found.name != "__pycache__":
            yield from _sources(found)


_FOUND = _found()
"""Of the code that runs: later other code may lie there."""
