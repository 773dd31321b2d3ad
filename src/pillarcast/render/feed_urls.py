"""Addresses as feeds write them, and the name that feeds of ours go by."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

GENERATOR = "pillarcast"


def encoded(url: str) -> str:
    """Blanks and other letters than ASCII percent-encoded, as every app and browser does before it asks."""
    return quote(url.strip(), safe="!#$%&'()*+,/:;=?@[]~")


def is_web_address(url: str) -> bool:
    """A full http or https address, as apps can ask for it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(char.isspace() for char in url)


def is_insecure(url: str) -> bool:
    """Served in clear to the public; a server of this machine is none."""
    host = urlsplit(url).hostname or "" if url.startswith("http://") and is_web_address(url) else ""
    return bool(host) and host not in ("localhost", "127.0.0.1", "::1")


def suffix_of(url: str) -> str:
    """The extension of the file that a URL names, in lower case, without its point."""
    path = urlsplit(url).path if is_web_address(url) else url
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""
