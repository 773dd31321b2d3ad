"""A slow line to a server: what goes up trickles, as from a home, and comes down at once."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Lock, Thread
from urllib.parse import urlsplit

_BLOCK = 1 << 14
_BUFFER = 1 << 15
"""Small, so that little is taken for sent which is still on its way."""


class _Relay(BaseRequestHandler):
    """One connection, both ways."""

    server: SlowLine

    def handle(self) -> None:
        with socket.create_connection(self.server.upstream) as behind:
            Thread(target=self._down, args=(behind,), daemon=True).start()
            with suppress(OSError):
                while block := self.request.recv(_BLOCK):
                    self.server.wait_for(len(block))
                    behind.sendall(block)

    def _down(self, behind: socket.socket) -> None:
        with suppress(OSError):
            while block := behind.recv(_BLOCK):
                self.request.sendall(block)
            self.request.shutdown(socket.SHUT_RDWR)


class SlowLine(ThreadingTCPServer):
    """All connections share `bytes_per_s`, which may be changed at any time."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, upstream: tuple[str, int], bytes_per_s: float) -> None:
        super().__init__(("127.0.0.1", 0), _Relay)
        self.upstream, self.bytes_per_s = upstream, bytes_per_s
        self._lock = Lock()

    def server_bind(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        super().server_bind()

    def wait_for(self, length_bytes: int) -> None:
        with self._lock:
            time.sleep(length_bytes / self.bytes_per_s)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def slow_line(endpoint: str, bytes_per_s: float) -> Iterator[SlowLine]:
    """To the server at `endpoint`."""
    there = urlsplit(endpoint)
    line = SlowLine((there.hostname or "", there.port or 80), bytes_per_s)
    Thread(target=line.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield line
    finally:
        line.shutdown()
        line.server_close()
