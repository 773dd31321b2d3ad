"""A real web server that plays the old host of a show: it knows ranges, and breaks off when told to."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class OldHost:
    """`files` by path, with their media types; `breaks` says after how many bytes a path breaks off, once.

    What is `packed` is sent as gzip, whatever is asked for.
    """

    files: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    breaks: dict[str, int] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    packed: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def put(self, path: str, body: bytes, media_type: str) -> str:
        self.files[path] = (body, media_type)
        return f"{self.url}{path}"


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, host: OldHost, *args: Any) -> None:
        self._host = host
        super().__init__(*args)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self._host.asked.append((self.path, self.headers.get("Range", "")))
        if self.path in self._host.redirects:
            self.send_response(301)
            self.send_header("Location", self._host.redirects[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path not in self._host.files:
            self.send_error(404)
            return
        body, media_type = self._host.files[self.path]
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        first = self._first(tag)
        if first < len(body):
            self._send(body, media_type, first, tag)
        else:
            self.send_error(416)

    def _send(self, body: bytes, media_type: str, first: int, tag: str) -> None:
        is_packed = self.path in self._host.packed and not first
        part = gzip.compress(body) if is_packed else body[first:]
        self.send_response(206 if first else 200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("ETag", tag)
        if is_packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if self.command == "HEAD":
            return
        self.wfile.write(part[: self._host.breaks.pop(self.path, len(part))])
        self.close_connection = True

    def _first(self, tag: str) -> int:
        wanted = self.headers.get("Range", "")
        if not wanted or self.headers.get("If-Range") != tag:
            return 0
        return int(wanted.removeprefix("bytes=").rstrip("-"))

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def old_host() -> Iterator[OldHost]:
    host = OldHost()

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Answers, host))
    host.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
