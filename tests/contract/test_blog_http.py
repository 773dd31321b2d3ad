"""HTTP with bounds: each failure becomes one of our errors, and a lost answer after a write is ambiguous."""

from __future__ import annotations

import socket
import struct
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pillarcast.adapters.downloads import Downloads
from pillarcast.adapters.http import Http
from pillarcast.adapters.http_words import said_by
from pillarcast.errors import AccessDenied, Ambiguous, PillarcastError, SettingsError, Unreachable, Unsupported

SECRET = "tall-secret-word"
Behave = Callable[[BaseHTTPRequestHandler], None]


class Server:
    """Does what `behave` says; notes the Authorization header of each request."""

    def __init__(self, behave: Behave) -> None:
        self.seen: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def serve(self) -> None:
                outer.seen.append(self.headers.get("Authorization"))
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                behave(self)

            do_GET = do_POST = serve  # noqa: N815 - the names that http.server calls

            def log_message(self, *_words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def serving(behave: Behave) -> Iterator[Server]:
    running = Server(behave)
    threading.Thread(target=running.server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield running
    finally:
        running.server.shutdown()
        running.server.server_close()


def reply(status: int, body: bytes = b"{}", **headers: str) -> Behave:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def reset(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def sleep(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(1.5)


def short(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"{")


def http(**changes: float) -> Http:
    return Http("blog main", lambda: f"Basic {SECRET}", secret=SECRET, timeout_s=changes.pop("timeout_s", 0.5))


LOSSES = {
    "reset": reset,
    "slow": sleep,
    "cut short": short,
    "408": reply(408),
    "429": reply(429, b"<h1>Slow down</h1>", Retry_After="7"),
    "500": reply(500, b"<h1>Oops</h1>"),
    "503": reply(503),
}


@pytest.mark.parametrize("loss", LOSSES)
def test_a_lost_answer_is_ambiguous_after_a_write_only(loss: str) -> None:
    with serving(LOSSES[loss]) as server:
        with pytest.raises(Unreachable):
            http().get(server.url)
        with pytest.raises(Ambiguous, match="may have happened"):
            http().write("POST", server.url, json={})
        assert len(server.seen) == 2, "nothing is repeated here: only a look-up tells whether it may be"


@pytest.mark.parametrize("body", [b"<br />Notice{}", b"", b'{"id":'])
def test_an_answer_that_cannot_be_read_says_nothing(body: bytes) -> None:
    with serving(reply(201, body)) as server:
        answer = http().write("POST", server.url, json={})
        with pytest.raises(Ambiguous, match="something else than JSON"):
            answer.json()
        with pytest.raises(Unreachable):
            http().get(server.url).json()


def test_a_server_that_is_not_there_got_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Unreachable, match="Nothing was sent"):
            http().write("POST", url, json={})


def test_retry_after_is_told() -> None:
    with serving(LOSSES["429"]) as server, pytest.raises(Unreachable, match="wait 7 s"):
        http().get(server.url)


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_repeats_what_the_server_says_but_no_secret(status: int) -> None:
    body = f'{{"code": "nope", "message": "You sent {SECRET}."}}'.encode()
    with serving(reply(status, body)) as server, pytest.raises(AccessDenied) as caught:
        http().write("POST", server.url, json={})
    assert "You sent ***" in str(caught.value)
    assert SECRET not in str(caught.value)


def test_credentials_do_not_follow_to_another_host() -> None:
    with serving(reply(200)) as other:
        away = reply(302, Location=other.url.replace("127.0.0.1", "localhost") + "/wp-json/")
        with serving(away) as server:
            with pytest.raises(SettingsError, match="leads on to http://localhost"):
                http().get(server.url)
            with pytest.raises(SettingsError, match="leads on to"):
                http().write("POST", server.url, json={})
            assert Http("artwork").get(server.url).status == 200, "without credentials it is followed"
        assert other.seen == [None]


def test_redirects_end() -> None:
    with serving(reply(302, Location="/again")) as server:
        with pytest.raises(Unsupported, match="redirects more than"):
            http().get(server.url)
        assert len(server.seen) == 6


@pytest.mark.parametrize("location", ["http://[::1", "http://127.0.0.1:99999/", "http://127.0.0.1:abc/"])
def test_a_redirect_to_what_is_no_address_is_told(location: str) -> None:
    with serving(reply(302, Location=location)) as server:
        for ask in (http().get, lambda url: http().write("POST", url, json={})):
            with pytest.raises(Unsupported, match="redirects to what is no address"):
                ask(server.url)


@pytest.mark.parametrize("secret", ["first-half\nsecond-half", "first-half-✓"])
def test_a_secret_that_cannot_be_sent_is_not_quoted(secret: str) -> None:
    with serving(reply(200)) as server, pytest.raises(SettingsError, match="cannot be sent") as caught:
        Http("blog main", lambda: f"Bearer {secret}", secret=secret).get(server.url)
    assert "first-half" not in "".join(traceback.format_exception(caught.value.with_traceback(None)))
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("url", ["https://[::1", "https://blog.example.com:99999/"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(SettingsError, match="its address is no URL"):
        http().get(url)
    with pytest.raises(Unsupported, match="is no address"):
        Downloads(url)


def test_a_redirect_on_the_same_host_keeps_its_credentials() -> None:
    def once(handler: BaseHTTPRequestHandler) -> None:
        (reply(200) if handler.path == "/there" else reply(301, Location="/there"))(handler)

    with serving(once) as server:
        assert http().get(server.url).status == 200
        assert server.seen == [f"Basic {SECRET}"] * 2


def test_an_answer_has_a_largest_size() -> None:
    with serving(reply(200, b"x" * 200_000)) as server, pytest.raises(Unreachable, match="more than 1000 bytes"):
        Http("blog main", most_bytes=1000).get(server.url)


@pytest.mark.parametrize("url", ["http://blog.example.com/", "http://10.0.0.7/"])
def test_a_password_is_never_sent_in_clear(url: str) -> None:
    with pytest.raises(SettingsError, match="in clear"):
        http().get(url)


def test_no_credentials_come_from_a_netrc_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ada password other\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    with serving(reply(200)) as server:
        Http("artwork").get(server.url)
        http().get(server.url)
        assert server.seen == [None, f"Basic {SECRET}"]


def test_an_address_that_is_none_is_a_matter_of_settings() -> None:
    with pytest.raises(PillarcastError, match="no URL"):
        Http("blog main").get("blog.example.com")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"code":"rest_x","message":"No <b>title</b>."}', "HTTP 400: No title (rest_x)"),
        (b'{"errors":[{"message":"Bad.","context":"Too long."}]}', "HTTP 400: Bad. Too long"),
        (b'{"error":"invalid_request"}', "HTTP 400: invalid_request"),
        (b"<html>", "HTTP 400"),
        (b"\xff", "HTTP 400"),
    ],
)
def test_what_a_server_says_becomes_one_line(body: bytes, words: str) -> None:
    assert said_by(400, body) == words
