"""A proxy on loopback that spoils one write: before it reaches the server, or after the server has done it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

SLOW_S = 6.0
NOTICE = b"<br />\n<b>Notice</b>: Undefined index in /plugins/broken.php on line 7<br />\n"
Reply = tuple[int, list[tuple[str, str]], bytes]


@dataclass
class LossyProxy:
    """`arm` names a fault of FAULTS and how many writes go well before it; `victim` is a process to kill.

    `dropped` are headers in lower case that never reach the server, as behind a web server that passes on too little.
    """

    upstream: str
    url: str = ""
    fault: str = ""
    skip: int = 0
    victim: int = 0
    dropped: frozenset[str] = frozenset()
    writes: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, fault: str, skip: int, victim: int = 0) -> None:
        self.fault, self.skip, self.victim = fault, skip, victim

    def was_struck(self) -> bool:
        """Whether the fault struck; clears it when it did not."""
        struck, self.fault = not self.fault, ""
        return struck

    def next_fault(self, method: str) -> str:
        """The fault for this request, if it is the one."""
        with self.lock:
            self.writes += method != "GET"
            if method == "GET" or not self.fault:
                return ""
            if self.skip:
                self.skip -= 1
                return ""
            fault, self.fault = self.fault, ""
            return fault


class _Handler(BaseHTTPRequestHandler):
    proxy: LossyProxy

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.proxy.next_fault(self.command)
        strike = FAULTS[fault] if fault else _pass
        strike(self, body)

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the names that http.server calls

    def forward(self, body: bytes) -> Reply:
        parts = urlsplit(self.proxy.upstream)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        dropped = self.proxy.dropped | {"host", "connection"}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
        connection.request(self.command, self.path, body, headers)
        answer = connection.getresponse()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP]
        reply = answer.status, kept, answer.read()
        connection.close()
        return reply

    def answer(self, reply: Reply, *, cut: bool = False) -> None:
        status, headers, body = reply
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = True

    def reset(self) -> None:
        """The connection ends with a reset, as when a router gives up."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_words: object) -> None:
        pass


_HOP_BY_HOP = ("transfer-encoding", "content-length", "connection", "keep-alive")
_HTML = [("Content-Type", "text/html")]


def _pass(handler: _Handler, body: bytes) -> None:
    handler.answer(handler.forward(body))


def _reset_before(handler: _Handler, _body: bytes) -> None:
    handler.reset()


def _reset_after(handler: _Handler, body: bytes) -> None:
    handler.forward(body)
    handler.reset()


def _lost(handler: _Handler, body: bytes) -> None:
    handler.forward(body)
    handler.close_connection = True


def _cut(handler: _Handler, body: bytes) -> None:
    handler.answer(handler.forward(body), cut=True)


def _too_many(handler: _Handler, _body: bytes) -> None:
    handler.answer((429, [*_HTML, ("Retry-After", "2")], b"Too many requests"))


def _unavailable(handler: _Handler, _body: bytes) -> None:
    handler.answer((503, _HTML, b"<h1>Briefly unavailable</h1>"))


def _bad_gateway_after(handler: _Handler, body: bytes) -> None:
    handler.forward(body)
    handler.answer((502, _HTML, b"<h1>Bad gateway</h1>"))


def _notice(handler: _Handler, body: bytes) -> None:
    status, headers, answer = handler.forward(body)
    handler.answer((status, headers, NOTICE + answer))


def _slow(handler: _Handler, body: bytes) -> None:
    reply = handler.forward(body)
    time.sleep(SLOW_S)
    handler.answer(reply)


def _killed_before(handler: _Handler, _body: bytes) -> None:
    os.kill(handler.proxy.victim, signal.SIGKILL)
    handler.reset()


def _killed_after(handler: _Handler, body: bytes) -> None:
    handler.forward(body)
    os.kill(handler.proxy.victim, signal.SIGKILL)
    handler.reset()


FAULTS: dict[str, Callable[[_Handler, bytes], None]] = {
    "connection reset before": _reset_before,
    "connection reset after": _reset_after,
    "answer lost": _lost,
    "answer cut in half": _cut,
    "429 with Retry-After": _too_many,
    "503 in HTML": _unavailable,
    "502 after it was done": _bad_gateway_after,
    "PHP notice in front of JSON": _notice,
    "answer slower than the time-out": _slow,
    "our process killed before": _killed_before,
    "our process killed after": _killed_after,
}


@contextmanager
def lossy_proxy(upstream: str, dropped: frozenset[str] = frozenset()) -> Iterator[LossyProxy]:
    proxy = LossyProxy(upstream, dropped=dropped)
    handler = type("Handler", (_Handler,), {"proxy": proxy})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
