"""A bucket's public side over HTTP: exact keys, their media types, HEAD and byte ranges. Nothing else is there."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from pillarcast.model.view import View
from pillarcast.render.site import site_objects
from tests.site_support.showcase import Bucket

_RANGE = re.compile(r"bytes=(\d*)-(\d*)$")


def rendered(view: View, bucket: Bucket) -> dict[str, tuple[str, bytes]]:
    """All public objects of a show, by key: (media type, bytes)."""
    objects: dict[str, tuple[str, bytes]] = dict(bucket.public)
    bodies = dict(bucket.files)
    for wanted in sorted(site_objects(view), key=lambda wanted: wanted.step):
        body = wanted.render({key: bodies[key] for key in wanted.needs})
        objects[wanted.key] = (wanted.media_type, body)
        bodies[wanted.key] = body
    return objects


class _Reader(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    objects: ClassVar[dict[str, tuple[str, bytes]]] = {}
    base: ClassVar[str] = ""

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).removeprefix(self.base)
        found = self.objects.get(f"public{path}")
        if found is None or not self.path.startswith(self.base):
            found = self.objects.get("public/404.html", ("text/plain", b"no such key"))
            return self._answer(404, *found)
        return self._part(*found)

    do_HEAD = do_GET  # noqa: N815 - what the standard library calls

    def log_message(self, *_args: object) -> None:
        pass

    def _part(self, media_type: str, body: bytes) -> None:
        asked = _RANGE.match(self.headers.get("Range", ""))
        if asked is None:
            return self._answer(200, media_type, body)
        begin = int(asked[1]) if asked[1] else max(0, len(body) - int(asked[2] or 0))
        end = min(int(asked[2]), len(body) - 1) if asked[1] and asked[2] else len(body) - 1
        if begin > end:
            return self._answer(416, "text/plain", b"")
        span = f"bytes {begin}-{end}/{len(body)}"
        return self._answer(206, media_type, body[begin : end + 1], {"Content-Range": span})

    def _answer(self, status: int, media_type: str, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": media_type, "Accept-Ranges": "bytes", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            try:
                self.wfile.write(body)
            except ConnectionError:  # a browser stops reading audio when it has enough
                self.close_connection = True


@contextmanager
def serving(base: str = "/podcasts/public") -> Iterator[tuple[str, dict[str, tuple[str, bytes]]]]:
    """(the public URL, the objects that stand there; fill them)."""
    objects: dict[str, tuple[str, bytes]] = {}
    reader = type("Reader", (_Reader,), {"objects": objects, "base": base})
    server = ThreadingHTTPServer(("127.0.0.1", 0), reader)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base}", objects
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
