"""A front before the real S3 server that makes it misbehave as stores and networks do."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

from pillarcast.adapters.s3_place import S3Place, connect

Fault = Callable[["Visit"], bool]
"""Looks at a request before it is passed on; True where it has answered, or broken off, by itself."""


class Visit(BaseHTTPRequestHandler):
    """One request. It is passed on as it is, the signed Host included."""

    protocol_version = "HTTP/1.1"
    server: Front

    def handle_one_request(self) -> None:
        self.close_connection = True
        super().handle_one_request()

    def do_GET(self) -> None:
        self._visit()

    do_PUT = do_POST = do_DELETE = do_HEAD = do_GET  # noqa: N815 - names of the base class

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Quiet."""

    def _visit(self) -> None:
        self.body = self._whole_body()
        self.server.seen.append(f"{self.command} {self.path}")
        if not self.server.fault(self):
            self.answer(*self.forward())

    def _whole_body(self) -> bytes:
        if self.headers.get("Expect"):
            self.send_response_only(100)
            self.end_headers()
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = bytearray()
        while length := int(self.rfile.readline(), 16):
            body += self.rfile.read(length)
            self.rfile.readline()
        self.rfile.readline()
        del self.headers["Transfer-Encoding"]
        self.headers["Content-Length"] = str(len(body))
        return bytes(body)

    def handle_expect_100(self) -> bool:
        """Said when the body is read."""
        return True

    def forward(self) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(self.server.upstream, timeout=60)
        try:
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, text in self.headers.items():
                if name.lower() not in {"connection", "expect"}:
                    connection.putheader(name, text)
            connection.endheaders(self.body)
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, text in headers:
            if name.lower() not in {"connection", "transfer-encoding"}:
                self.send_header(name, text)
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def refuse(self, status: int, code: str) -> bool:
        body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
        self.answer(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))], body)
        return True

    def break_off(self) -> bool:
        self.connection.shutdown(socket.SHUT_RDWR)
        return True


class Front(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream: str, fault: Fault, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.upstream = upstream
        self.fault = fault
        self.seen: list[str] = []

    def handle_error(self, *_: object) -> None:
        """Broken connections are what it is for."""


@contextmanager
def front(endpoint: str, fault: Fault, tls: ssl.SSLContext | None = None) -> Iterator[tuple[str, list[str]]]:
    """(endpoint of the front, the requests that it saw); over https with `tls`."""
    server = Front(urlsplit(endpoint).netloc, fault, tls)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}", server.seen
    finally:
        server.shutdown()
        server.server_close()


def times(count: int, fault: Fault, applies: Callable[[Visit], bool]) -> Fault:
    """The fault for the first `count` requests to which it applies."""
    left, lock = [count], Lock()

    def limited(visit: Visit) -> bool:
        if not applies(visit):
            return False
        with lock:
            left[0] -= 1
            if left[0] < 0:
                return False
        return fault(visit)

    return limited


def lost_answer(visit: Visit) -> bool:
    """The store has done it; nobody hears of it."""
    visit.forward()
    return visit.break_off()


def without_conditions(place: S3Place) -> Fault:
    """A store that takes every PUT and ignores its condition, as some do."""
    client = connect(place)

    def fault(visit: Visit) -> bool:
        if visit.command != "PUT" or not (visit.headers["If-None-Match"] or visit.headers["If-Match"]):
            return False
        key = urlsplit(visit.path).path.removeprefix(f"/{place.bucket}/")
        noted = {name[11:]: text for name, text in visit.headers.items() if name.lower().startswith("x-amz-meta-")}
        answer = client.put_object(
            Bucket=place.bucket,
            Key=key,
            Body=visit.body,
            ContentType=visit.headers["Content-Type"],
            Metadata={name.lower(): text for name, text in noted.items()},
        )
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        visit.answer(200, [(name, text) for name, text in headers.items() if name != "content-length"], b"")
        return True

    return fault
