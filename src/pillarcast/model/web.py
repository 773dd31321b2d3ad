"""Addresses in front matter: what browsers and apps follow leads to the web, and runs nothing."""

from __future__ import annotations

import re

from pydantic import BaseModel

_WEB = re.compile(r"https?://[^\s<>\"\\\x00-\x20/?#]+[^\s<>\"\\\x00-\x20]*", re.IGNORECASE)
_RUNS = re.compile(r"\s*(?:javascript|vbscript|data|file|blob)\s*:", re.IGNORECASE)
_FOLLOWED = {"url", "image", "link", "feed_url", "account_url", "image_url", "chapters_url", "comments_url"}


def check_addresses(name: str, value: object) -> None:
    """ValueError for an address below the field `name` that is none of the web; `uri` may have another scheme."""
    if isinstance(value, tuple):
        for one in value:
            check_addresses("", one)
    elif isinstance(value, BaseModel):
        for inner in type(value).model_fields:
            check_addresses(inner, getattr(value, inner))
    elif isinstance(value, str) and value:
        if name in _FOLLOWED and not _WEB.fullmatch(value):
            raise ValueError(f"{value[:60]!r} is no address of the web; it begins with https:// and has no blanks")
        if name == "uri" and _RUNS.match(value):
            raise ValueError(f"{value[:60]!r} is no address that may be followed")
