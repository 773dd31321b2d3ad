"""Packed by gzip: what only browsers ask for, which all read it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from pillarcast.model.wanted import Parts, WantedObject

Render = Callable[[Parts], bytes]


def packed(wanted: WantedObject) -> WantedObject:
    """As it is, where it is packed already or not only for browsers."""
    if wanted.encoding or not wanted.is_for_browsers:
        return wanted
    return replace(wanted, **packing(wanted.inputs, wanted.render))


def packing(inputs: str, render: Render) -> dict[str, Any]:
    """The fields of a WantedObject that are others once it is packed."""
    return {"inputs": f"{inputs}.gzip", "render": partial(_gzip, render), "encoding": "gzip"}


def _gzip(render: Render, parts: Parts) -> bytes:
    return gzip.compress(render(parts), 9, mtime=0)
