"""A session that a server cannot hold, flood, or lead where it was not sent.

`requests` bounds only the wait for the next bytes, so a server that sends one a second holds its reader for ever; it
reads the whole body of a redirect; and it goes wherever a redirect leads. Here an exchange as a whole has an end,
redirects are few and read by nobody, and a session may be kept out of the network that this machine stands in.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.cookiejar import DefaultCookiePolicy
from ipaddress import ip_address
from threading import Timer
from typing import Any, ClassVar
from urllib.parse import urljoin, urlsplit
from weakref import WeakKeyDictionary

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from pillarcast.errors import Unsupported

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}

Place = tuple[str, int]
"""Host and port."""


class BoundedSession(requests.Session):
    """One exchange at a time. With `inside` it reaches addresses of the public network only, and those places."""

    def __init__(self, inside: frozenset[Place] | None = None, *, trust_env: bool = False) -> None:
        super().__init__()
        self.trust_env = trust_env
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self._lines: WeakKeyDictionary[Any, socket.socket] = WeakKeyDictionary()
        self._inside = inside
        for scheme in ("http://", "https://"):
            self.mount(scheme, _Adapter(self))

    @contextmanager
    def ending_after(self, seconds: float) -> Iterator[None]:
        """Breaks the exchange off then: a read that waits ends as if the other side had hung up."""
        timer = Timer(seconds, self._break_off)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self._forget()

    def ask(self, method: str, url: str, headers: Mapping[str, str], timeout: tuple[float, float]) -> requests.Response:
        """The answer, its body unread, after a few redirects, which are its `history`; a login in `url` goes to its own
        host alone."""
        steps: list[requests.Response] = []
        for _ in range(MOST_REDIRECTS + 1):
            answer = self.request(method, url, headers=headers, timeout=timeout, stream=True, allow_redirects=False)
            if answer.status_code not in REDIRECTS or "Location" not in answer.headers:
                answer.history = steps
                return answer
            answer.close()
            steps.append(answer)
            url = followed(url, answer.headers["Location"])
        raise requests.TooManyRedirects(f"more than {MOST_REDIRECTS} redirects")

    def merge_environment_settings(self, url: Any, *given: Any, **named: Any) -> Any:
        """Never a proxy for what runs on this machine: it would reach another one, and passwords go there in clear."""
        merged: Any = super().merge_environment_settings(url, *given, **named)
        if is_loopback(urlsplit(url).hostname):
            merged["proxies"] = {}
        return merged

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None: `requests` would read the whole body of a redirect, even of one that it is not to follow."""

    def admit(self, connection: HTTPConnection, line: socket.socket) -> None:
        """Looks where a new connection really leads, whatever the name service said before."""
        peer = line.getpeername()[0]
        place = (str(connection.host).strip("[]").lower(), int(connection.port or 0))
        if self._inside is not None and place not in self._inside and not _is_outside(peer):
            line.close()
            what = f"leads to {peer}, an address inside your own network"
            raise Unsupported(str(connection.host), what, "Only an address that you give yourself may lie there.")
        self._lines[connection] = line.dup()

    def _break_off(self) -> None:
        for line in tuple(self._lines.values()):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _forget(self) -> None:
        """Of connections that are closed nothing may stay open here."""
        for connection in [known for known in tuple(self._lines) if known.sock is None]:
            self._lines.pop(connection).close()


def place_of(url: str) -> Place:
    """Where an address leads. ValueError for one that is none."""
    parts = urlsplit(url)
    return (parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0))


def is_loopback(host: str | None) -> bool:
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return host == "localhost" or (host or "").endswith(".localhost")


def followed(url: str, location: str) -> str:
    """Where a redirect leads. `requests.exceptions.InvalidSchema` for what is no web address, or no longer https."""
    target = urljoin(url, location)
    before, after = urlsplit(url).scheme, urlsplit(target).scheme
    if after not in _PORTS or (before == "https" and after != "https"):
        raise requests.exceptions.InvalidSchema(f"a redirect from {before} to {after or 'nowhere'}")
    return target


def without_login(url: str) -> str:
    """`url` for messages: what stands before the host may be a password."""
    before, mark, after = url.partition("://")
    host, slash, rest = after.partition("/")
    return f"{before}{mark}{host.rpartition('@')[2]}{slash}{rest}" if mark else url


def _is_outside(peer: str) -> bool:
    address = ip_address(peer.partition("%")[0])
    real = getattr(address, "ipv4_mapped", None) or address
    return bool(real.is_global and not real.is_multicast)


class _Watched(HTTPConnection):
    """Shows its session each new connection."""

    session: ClassVar[BoundedSession]

    def _new_conn(self) -> socket.socket:
        line: socket.socket = super()._new_conn()
        self.session.admit(self, line)
        return line


class _Adapter(HTTPAdapter):
    def __init__(self, session: BoundedSession) -> None:
        super().__init__(max_retries=0)
        told = {"session": session}
        plain = type("Plain", (_Watched,), told)
        locked = type("Locked", (_Watched, HTTPSConnection), told)
        self.poolmanager.pool_classes_by_scheme = {
            "http": type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("LockedPool", (HTTPSConnectionPool,), {"ConnectionCls": locked}),
        }
