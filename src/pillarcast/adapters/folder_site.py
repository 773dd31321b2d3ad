"""The public side of a folder bucket: its `public/` over HTTP on loopback, as an S3 store would serve it."""

from __future__ import annotations

import re
from contextlib import suppress
from email.utils import formatdate
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import BinaryIO, Self
from urllib.parse import unquote, urlsplit

from pillarcast.adapters.disposition import content_disposition
from pillarcast.adapters.folder import FolderBucket
from pillarcast.adapters.folder_labels import Label
from pillarcast.errors import PillarcastError, Unreachable

_CHUNK_BYTES = 1 << 18


class FolderSite:
    """A context in which `public_url` is answered. `port` 0 takes a free one; a busy port is Unreachable."""

    def __init__(self, bucket: FolderBucket, port: int = 0) -> None:
        self._bucket = bucket
        self._port = port
        self._server: ThreadingHTTPServer | None = None

    @property
    def public_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/public"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        if self._server is None:
            try:
                self._server = ThreadingHTTPServer(("127.0.0.1", self._port), partial(_Answer, self._bucket))
            except OSError as error:
                mend = "Close what uses this port, or set another."
                raise Unreachable(f"port {self._port}", "it is in use", mend) from error
            self._port = self._server.server_port
            serve = partial(self._server.serve_forever, poll_interval=0.05)
            Thread(target=serve, name="folder site", daemon=True).start()
        return self

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Answer(BaseHTTPRequestHandler):
    """GET and HEAD, one range, conditional by ETag; everything that is not in `public/` is not there."""

    protocol_version = "HTTP/1.1"
    server_version = "pillarcast"
    sys_version = ""

    def __init__(self, bucket: FolderBucket, *args: object) -> None:
        self._bucket = bucket
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        with suppress(ConnectionError):
            self._answer(has_body=True)

    def do_HEAD(self) -> None:
        with suppress(ConnectionError):
            self._answer(has_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """The terminal belongs to the program."""

    def _answer(self, *, has_body: bool) -> None:
        key = unquote(urlsplit(self.path).path).lstrip("/")
        label = self._public_label(key)
        if label is None:
            self._refuse(HTTPStatus.NOT_FOUND)
        elif _is_known(self.headers.get("If-None-Match", ""), label.etag):
            self.send_response(HTTPStatus.NOT_MODIFIED)
            self._send_headers(label, {})
        else:
            self._serve(key, label, has_body=has_body)

    def _serve(self, key: str, label: Label, *, has_body: bool) -> None:
        wanted = _range(self._asked_range(label), label.length_bytes)
        if wanted is None:
            self._refuse(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, f"bytes */{label.length_bytes}")
            return
        first, after, is_part = wanted
        self.send_response(HTTPStatus.PARTIAL_CONTENT if is_part else HTTPStatus.OK)
        part = {"Content-Range": f"bytes {first}-{after - 1}/{label.length_bytes}"} if is_part else {}
        self._send_headers(label, {"Content-Length": str(after - first), **part})
        if has_body:
            with self._bucket.path(key).open("rb") as file:
                self._send(file, first, after)

    def _asked_range(self, label: Label) -> str:
        """None where what the listener has the beginning of is another file (RFC 9110, section 13.1.5)."""
        known = (f'"{label.etag}"', _date(label))
        return self.headers.get("Range", "") if self.headers.get("If-Range", known[0]) in known else ""

    def _public_label(self, key: str) -> Label | None:
        if not key.startswith("public/"):
            return None
        with suppress(PillarcastError):
            return self._bucket.label(key)
        return None

    def _send_headers(self, label: Label, headers: dict[str, str]) -> None:
        served = {
            "Content-Type": label.media_type,
            "Cache-Control": label.cache_control,
            "Content-Disposition": content_disposition(label.file_name),
            "ETag": f'"{label.etag}"',
            "Last-Modified": _date(label),
            "Accept-Ranges": "bytes",
            "Access-Control-Allow-Origin": "*",
            **headers,
        }
        for name, text in served.items():
            if text:
                self.send_header(name, text)
        self.end_headers()

    def _send(self, file: BinaryIO, first: int, after: int) -> None:
        file.seek(first)
        while first < after and (chunk := file.read(min(_CHUNK_BYTES, after - first))):
            self.wfile.write(chunk)
            first += len(chunk)

    def _refuse(self, status: HTTPStatus, content_range: str = "") -> None:
        self.send_response(status)
        if content_range:
            self.send_header("Content-Range", content_range)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _date(label: Label) -> str:
    return formatdate(label.modified_ns / 1e9, usegmt=True)


def _is_known(header: str, etag: str) -> bool:
    """Whether one of the tags that are named is that of the file; proxies make weak ones of ours."""
    tags = (tag.strip().removeprefix("W/") for tag in header.split(","))
    return any(tag in ("*", f'"{etag}"') for tag in tags)


def _range(header: str, length_bytes: int) -> tuple[int, int, bool] | None:
    """(first, one after the last, whether it is a part), or None for a range outside (RFC 9110, section 14).

    What is no single range of bytes is answered whole, as the RFC allows.
    """
    match = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", header.strip())
    if not match or match[0] == "bytes=-":
        return 0, length_bytes, False
    first, last = match[1], match[2]
    if not first:
        begin, end = max(0, length_bytes - int(last)), length_bytes
    else:
        begin, end = int(first), min(int(last) + 1, length_bytes) if last else length_bytes
    return (begin, end, True) if begin < end else None
