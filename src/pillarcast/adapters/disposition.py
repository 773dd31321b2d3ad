"""The header that gives a download its name, in any script (RFC 6266, RFC 8187)."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

_ATTR_CHARS = "!#$&+-.^_`|~"  # RFC 8187, section 3.2.1


def content_disposition(file_name: str) -> str:
    """`inline`, so that a browser plays what it can; empty for an empty name.

    The ASCII form is for old clients; a path in the name is dropped, as RFC 6266 (4.3) asks of receivers.
    """
    name = re.sub(r"[\x00-\x1f\x7f]", "", file_name.replace("\\", "/").rpartition("/")[2]).strip()
    name = name.encode("utf-8", "replace").decode()
    if not name:
        return ""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'["%;]', "", plain).strip()
    if plain == name:
        return f'inline; filename="{plain}"'
    fallback = (
        plain if plain.rpartition(".")[0].strip() else f"download{plain[plain.rfind('.') :] if '.' in plain else ''}"
    )
    return f"inline; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe=_ATTR_CHARS)}"
