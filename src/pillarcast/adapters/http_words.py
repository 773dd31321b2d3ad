"""What a server says of a failure, cut to one line of a message and without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

_LONGEST = 200
_TAG = re.compile(r"<[^>]*>")


def said_by(status: int, body: bytes) -> str:
    """`HTTP 400: The title is missing (rest_invalid_param)`; the words of WordPress, Ghost, or OAuth servers."""
    try:
        words = " ".join(_words(json.loads(body)))
    except ValueError:
        words = ""
    plain = " ".join(_TAG.sub("", unescape(words)).split())[:_LONGEST].rstrip(".")
    return f"HTTP {status}: {plain}" if plain else f"HTTP {status}"


def without_secrets(words: str, secret: str) -> str:
    """`words` with the secret blotted out, for servers that repeat what they were sent."""
    return words.replace(secret, "***") if secret else words


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
