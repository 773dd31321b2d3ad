"""Addresses as feeds write them, and the name that feeds of ours go by."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

GENERATOR = "pillarcast"


def encoded(url: str) -> str:
    """Blanks and other letters than ASCII percent-encoded, as every app and browser does before it asks; a host of
    other letters by its name for the network (RFC 3490)."""
    return quote(_with_ascii_host(url.strip()), safe="!#$%&'()*+,/:;=?@[]~")


def joined(base: str, address: str) -> str:
    """`address` as it is meant on a page at `base`; as it is, where one of them is none."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return address


def is_web_address(url: str) -> bool:
    """A full http or https address, as apps can ask for it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(char.isspace() for char in url)


def is_open_address(url: str) -> bool:
    """A web address without a login, which everybody may see."""
    return is_web_address(url) and "@" not in urlsplit(url).netloc


def is_insecure(url: str) -> bool:
    """Served in clear to the public; a server of this machine is none."""
    host = urlsplit(url).hostname or "" if url.startswith("http://") and is_web_address(url) else ""
    return bool(host) and host not in ("localhost", "127.0.0.1", "::1")


def suffix_of(url: str) -> str:
    """The extension of the file that a URL names, in lower case, without its point."""
    path = urlsplit(url).path if is_web_address(url) else url
    name = path.rpartition("/")[2]
    return name.rpartition(".")[2].lower() if "." in name else ""


def _with_ascii_host(url: str) -> str:
    try:
        place = urlsplit(url).netloc
        login, at, host = place.rpartition("@")
        name, colon, port = host.partition(":")
        return (
            url if name.isascii() else url.replace(place, f"{login}{at}{name.encode('idna').decode()}{colon}{port}", 1)
        )
    except ValueError:  # among them labels that no host may have
        return url
