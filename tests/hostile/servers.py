"""Servers that do not mean well."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

Behave = Callable[["Request"], None]
DRIPS, DRIP_S = 400, 0.05
BOMB = gzip.compress(bytes(200_000_000), 1)


@dataclass
class Server:
    """`sent` counts what the other side let itself be sent; `seen` has (path, Authorization) of each request."""

    behave: Behave
    url: str = ""
    sent: int = 0
    seen: list[tuple[str, str | None]] = field(default_factory=list)


class Request(BaseHTTPRequestHandler):
    server: _Running

    def do_GET(self) -> None:
        house = self.server.house
        house.seen.append((self.path, self.headers.get("Authorization")))
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.close_connection = True
        with suppress(OSError):
            house.behave(self)

    do_POST = do_PUT = do_HEAD = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

    def give(self, part: bytes) -> None:
        self.wfile.write(part)
        self.server.house.sent += len(part)

    def head(self, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_words: object) -> None:
        """Quiet."""


class _Running(ThreadingHTTPServer):
    daemon_threads = True
    house: Server

    def handle_error(self, *_: object) -> None:
        """Broken connections are what it is for."""


@contextmanager
def serving(behave: Behave, certificate: Path | None = None) -> Iterator[Server]:
    house = Server(behave)
    running = _Running(("127.0.0.1", 0), Request)
    running.house = house
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        running.socket = context.wrap_socket(running.socket, server_side=True)
    house.url = f"http{'s' if certificate else ''}://127.0.0.1:{running.server_port}"
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield house
    finally:
        running.shutdown()
        running.server_close()


def answer(status: int, body: bytes = b"{}", **headers: str) -> Behave:
    def behave(request: Request) -> None:
        request.head(status, Content_Length=str(len(body)), **headers)
        request.give(body)

    return behave


def drip(request: Request) -> None:
    """A byte now and then, each in time, the whole never; without a length, so that any end looks like the end."""
    request.head()
    _drip(request)


def drip_within_a_length(request: Request) -> None:
    request.head(Content_Length="1000000")
    _drip(request)


def drip_headers(request: Request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _drip(request)


def endless(request: Request) -> None:
    request.head()
    while True:
        request.give(bytes(65536))


def endless_redirect(request: Request) -> None:
    request.head(302, Location="/on")
    while True:
        request.give(bytes(65536))


def endless_headers(request: Request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        request.give(b"X-More: " + b"x" * 1000 + b"\r\n")


def bomb(request: Request) -> None:
    """200 MB of nothing in 200 KB."""
    request.head(Content_Encoding="gzip", Content_Length=str(len(BOMB)))
    request.give(BOMB)


def _drip(request: Request) -> None:
    for _ in range(DRIPS):
        request.give(b"x")
        request.wfile.flush()
        time.sleep(DRIP_S)
