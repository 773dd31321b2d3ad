"""Web servers that play a topic with its subscriber, and a hub that only counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit


@dataclass
class Ear:
    """Every request that came: method, path, query, headers and body; `status` is what it answers."""

    url: str = ""
    status: int = 202
    feed: bytes = b"<rss/>"
    links: str = ""
    heard: list[tuple[str, str, dict[str, list[str]], dict[str, str], bytes]] = field(default_factory=list)

    def posts(self, path: str) -> list[bytes]:
        return [body for method, at, _query, _headers, body in self.heard if (method, at) == ("POST", path)]


@contextmanager
def listening() -> Iterator[Ear]:
    ear = Ear()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = self._note(b"")
            challenge = query.get("hub.challenge", [""])[0]
            self._answer(200 if challenge or self.path == "/feed" else ear.status, challenge.encode() or ear.feed)

        def do_POST(self) -> None:
            self._note(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            self._answer(ear.status, b"")

        def _note(self, body: bytes) -> dict[str, list[str]]:
            at = urlsplit(self.path)
            query = parse_qs(at.query)
            ear.heard.append((self.command, at.path, query, {k.lower(): v for k, v in self.headers.items()}, body))
            return query

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if ear.links:
                self.send_header("Link", ear.links)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    ear.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield ear
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
