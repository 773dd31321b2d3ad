"""Whoever answers our requests can neither hold us, nor flood us, nor lead us where we were not sent."""

from __future__ import annotations

import base64
import subprocess
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from pillarcast.adapters.downloads import Downloads
from pillarcast.adapters.http import Http
from pillarcast.adapters.http_session import followed, without_login
from pillarcast.adapters.public import WebPublic
from pillarcast.errors import PillarcastError, SettingsError, Unsupported
from tests.hostile import servers
from tests.hostile.servers import DRIPS, answer, serving

MOST = 1_000_000
SECRET = "tall-secret-word"
LOGIN = f"Basic {SECRET}"

Ask = Callable[[str], object]
FACES: dict[str, Ask] = {
    "a blog": lambda url: Http("blog main", lambda: LOGIN, secret=SECRET, timeout_s=0.3, most_bytes=MOST).get(url),
    "a hub": lambda url: Http("hub", timeout_s=0.3, most_bytes=MOST).write("POST", url, data={"a": "b"}),
    "an import": lambda url: Downloads(url, pause_s=0, most_bytes=MOST, longest_fetch_s=1.2).fetch(url),
    "the public": lambda url: WebPublic(longest_s=1.2, most_bytes=MOST).get(url),
}
HOLDS = (servers.drip, servers.drip_within_a_length, servers.drip_headers)
FLOODS = (servers.endless, servers.endless_headers, servers.endless_redirect, servers.bomb)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("hold", HOLDS, ids=lambda hold: hold.__name__)
def test_nobody_holds_us_by_sending_a_byte_now_and_then(face: str, hold: servers.Behave) -> None:
    with serving(hold) as server:
        with pytest.raises(PillarcastError):
            FACES[face](server.url)
        assert 0 < server.sent < DRIPS / 2, "we left long before it ended"


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood.__name__)
def test_nobody_floods_us(face: str, flood: servers.Behave) -> None:
    with serving(flood) as server:
        tracemalloc.start()
        with pytest.raises(PillarcastError):
            FACES[face](server.url)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 10 * MOST


@pytest.mark.parametrize("face", ["a blog", "an import", "the public"])
def test_redirects_end(face: str) -> None:
    with serving(answer(302, Location="/again")) as server:
        with pytest.raises(PillarcastError):
            FACES[face](server.url)
        assert len(server.seen) == 6


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "javascript:1"])
def test_a_redirect_leads_to_the_web_or_nowhere(face: str, target: str) -> None:
    with serving(answer(302, Location=target)) as server, pytest.raises(PillarcastError):
        FACES[face](server.url)


def test_a_redirect_never_leaves_https() -> None:
    with pytest.raises(requests.exceptions.InvalidSchema):
        followed("https://blog.example.com/", "http://blog.example.com/")
    assert followed("http://blog.example.com/a", "https://blog.example.com/b") == "https://blog.example.com/b"
    assert followed("https://blog.example.com/a", "b?c") == "https://blog.example.com/b?c"


def test_credentials_stay_with_their_host_and_port_and_scheme(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with serving(answer(200)) as other:
        for behave, locked in ((answer(302, Location=other.url), None), (answer(302, Location=other.url), certificate)):
            with serving(behave, locked) as server:
                with pytest.raises(SettingsError, match="leads on to"):
                    FACES["a blog"](server.url)
                assert server.seen == [("/", LOGIN)]
        assert other.seen == []


@pytest.mark.parametrize("face", FACES)
def test_a_certificate_that_nobody_vouches_for_is_refused(face: str, tmp_path: Path) -> None:
    with serving(answer(200), self_signed(tmp_path)) as server:
        with pytest.raises(PillarcastError):
            FACES[face](server.url)
        assert server.seen == [], "nothing was sent"


def test_a_feed_leads_into_nobodys_own_network() -> None:
    """The place of the owner's address is asked, wherever it lies; everything else must lie in the public network."""
    with serving(answer(200, b"inside")) as inside:
        assert Downloads(inside.url, pause_s=0).fetch(f"{inside.url}/feed") == b"inside"
        for owners in ("", "feed.xml", "https://old.example.org/feed", "http://127.0.0.1:9/feed"):
            with pytest.raises(Unsupported, match="inside your own network"):
                Downloads(owners, pause_s=0).fetch(inside.url)
        leading = answer(302, Location=inside.url)
        with serving(leading) as outer, pytest.raises(Unsupported, match="inside your own network"):
            Downloads(outer.url, pause_s=0).fetch(outer.url)
        assert [path for path, _ in inside.seen] == ["/feed"]


@pytest.mark.parametrize("name", ["localhost", "127.1", "0", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1"])
def test_no_spelling_of_the_inside_gets_in(name: str) -> None:
    with serving(answer(200)) as inside:
        port = inside.url.rpartition(":")[2]
        with pytest.raises(PillarcastError):
            Downloads("https://old.example.org/", pause_s=0).fetch(f"http://{name}:{port}/")
        assert inside.seen == []


def test_a_login_in_an_address_is_sent_to_its_own_host_alone_and_never_shown() -> None:
    with serving(answer(404)) as other, serving(answer(302, Location=other.url)) as server:
        own = server.url.replace("http://", "http://ada:tall-secret-word@")
        with pytest.raises(PillarcastError) as caught:
            Downloads(own, pause_s=0).fetch(own)
        assert server.seen[0][1] is not None
        assert "secret" not in str(caught.value)
    assert without_login("https://a:b@c@host/path@x?y=@z") == "https://host/path@x?y=@z"
    assert without_login("episodes/feed.xml") == "episodes/feed.xml"


def test_a_server_that_repeats_the_secret_in_any_form_is_not_quoted() -> None:
    """Also where the words are cut: the cut falls into the middle of the secret here."""
    for said in (SECRET, f"{'x' * 190} {SECRET}", base64.b64encode(SECRET.encode()).decode(), f"&quot;{SECRET}"):
        body = f'{{"code": "x", "message": "{said}"}}'.encode()
        for status in (401, 429, 500):
            with serving(answer(status, body)) as server, pytest.raises(PillarcastError) as caught:
                FACES["a blog"](server.url)
            assert "secret" not in str(caught.value)
            assert "tall-" not in str(caught.value)
            assert "dGFs" not in str(caught.value)


def self_signed(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key, in one file."""
    path = folder / "certificate.pem"
    asked = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    told = ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*asked, *told, "-keyout", f"{path}", "-out", f"{path}.crt"], check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + Path(f"{path}.crt").read_bytes())
    return path
