"""The logo beside the show's name: small, in its own shape, with what is transparent in it."""

from __future__ import annotations

import io
from functools import partial

from PIL import Image

from pillarcast.model.base import FileRef, digest
from pillarcast.model.wanted import FOR_EVER, Parts, Step, WantedObject
from pillarcast.render.pages.pictures import opened

_BOX = (480, 72)
_VERSION = 1


def logo_key(file: FileRef) -> str:
    return f"public/pictures/{file.sha256[:24]}-logo-{_VERSION}.webp"


def logo_object(file: FileRef) -> WantedObject:
    return WantedObject(
        key=logo_key(file),
        media_type="image/webp",
        inputs=digest(_VERSION, file.sha256),
        render=partial(_render, file),
        needs=(file.key,),
        cache_control=FOR_EVER,
        step=Step.PARTS,
        title="the logo",
    )


def _render(file: FileRef, parts: Parts) -> bytes:
    logo = opened(file, parts, "RGBA")
    logo.thumbnail(_BOX, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    logo.save(buffer, "WEBP", quality=85, method=6)
    return buffer.getvalue()
