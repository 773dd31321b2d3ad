"""What a server says of a failure, cut to one line of a message and without secrets."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Collection, Iterator
from html import escape, unescape
from typing import Any
from urllib.parse import quote, quote_plus

_LONGEST = 200
_TAG = re.compile(r"<[^>]*>")


_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
"""What would steer a terminal, or turn a line of a log around."""
_SHORTEST_SECRET = 4


def said_by(status: int, body: bytes, secrets: Collection[str] = ()) -> str:
    """`HTTP 400: The title is missing (rest_invalid_param)`; the words of WordPress, Ghost, or OAuth servers.

    `secrets` are blotted out before the words are cut: a part of one would be left otherwise.
    """
    try:
        words = " ".join(_words(json.loads(body)))
    except (ValueError, RecursionError):
        words = ""
    line = " ".join(_UNFIT.sub(" ", _TAG.sub("", unescape(words))).split())
    plain = without_secrets(line, secrets)[:_LONGEST].rstrip(".")
    return f"HTTP {status}: {plain}" if plain else f"HTTP {status}"


def forms_of(secret: str) -> frozenset[str]:
    """A secret as servers repeat it: as it is, without its blanks, escaped for addresses and pages, in base64."""
    bare = secret.strip()
    if len(bare) < _SHORTEST_SECRET:
        return frozenset()
    raw = bare.encode()
    coded = {base64.b64encode(raw).decode(), base64.urlsafe_b64encode(raw).decode()}
    spelt = {bare, "".join(bare.split()), quote(bare, safe=""), quote_plus(bare), escape(bare), json.dumps(bare)[1:-1]}
    return frozenset(spelt | coded | {form.rstrip("=") for form in coded})


def without_secrets(words: str, secrets: Collection[str]) -> str:
    """`words` with all of `secrets` blotted out, the longest first, for servers that repeat what they were sent."""
    for secret in sorted(secrets, key=len, reverse=True):
        words = words.replace(secret, "***")
    return words


def _words(answer: Any) -> Iterator[str]:
    match answer:
        case {"message": str(message), "code": str(code)}:
            yield f"{message.rstrip('.')} ({code})"
        case {"errors": [{"message": str(message), **rest}, *_]}:
            yield message
            yield str(rest.get("context") or "")
        case {"error_description": str(message)} | {"error": str(message)}:
            yield message
        case _:
            return
