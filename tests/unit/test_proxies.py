"""Behind a proxy: what lies outside goes through it, what lies on this machine never does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from pillarcast.adapters.http import Http
from pillarcast.adapters.public import WebPublic


class Told(ThreadingHTTPServer):
    """Answers everything, and keeps what it was asked: the whole address where it is asked as a proxy."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Visit)
        self.seen: list[tuple[str, str]] = []
        self.url = f"http://127.0.0.1:{self.server_port}"


class Visit(BaseHTTPRequestHandler):
    server: Told

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers.get("Authorization", "")))
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Quiet."""


@contextmanager
def told() -> Iterator[Told]:
    with Told() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with told() as server:
        monkeypatch.setenv("HTTP_PROXY", server.url)
        monkeypatch.setenv("http_proxy", server.url)
        yield server


def test_the_public_is_asked_through_the_proxy(proxy: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the login that this machine has for the host: the public has none."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine podcast.invalid login anna password geheim\n", "utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    assert WebPublic().get("http://podcast.invalid/feed.xml").body == b"{}"
    assert proxy.seen == [("http://podcast.invalid/feed.xml", "")]


def test_nothing_of_this_machine_goes_through_the_proxy(proxy: Told) -> None:
    """Above all no password, which goes to a blog on this machine in clear."""
    with told() as here:
        Http("blog", lambda: "Basic c2VjcmV0", secret="secret").get(f"{here.url}/api")
        WebPublic().get(f"{here.url}/feed.xml")
        assert here.seen == [("/api", "Basic c2VjcmV0"), ("/feed.xml", "")]
    assert proxy.seen == []
