"""What the public gets, as a podcast app asks for it, and what it does not get."""

from __future__ import annotations

import gzip
from dataclasses import replace
from urllib.parse import quote

import pytest
import requests

from pillarcast.adapters.bucket_check import check_bucket
from pillarcast.ports import ObjectMeta
from tests.bucket_support.worlds import FOR_EVER, World, meta_of, noise

BODY = noise(100_000)
NAME = 'Räuber & „Söhne“; 041 "100 %" 日本.mp3'


@pytest.fixture
def episode(world: World) -> str:
    """The URL of a published episode."""
    world.bucket.put("public/media/x/041.mp3", BODY, meta_of(BODY, NAME))
    return f"{world.public_url}/media/x/041.mp3"


def get(url: str, method: str = "GET", **headers: str) -> requests.Response:
    return requests.request(method, url, headers={"Accept-Encoding": "identity", **headers}, timeout=10)


def test_an_app_gets_bytes_length_and_type(episode: str) -> None:
    whole, head = get(episode), get(episode, "HEAD")
    assert (whole.status_code, whole.content) == (200, BODY)
    for answer in (whole, head):
        assert answer.headers["Content-Length"] == str(len(BODY))
        assert answer.headers["Content-Type"] == "audio/mpeg"
        assert answer.headers["Cache-Control"] == FOR_EVER
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("asked", ["gzip", "identity"])
def test_a_packed_page_says_so_where_the_bucket_says_that_it_does(world: World, asked: str) -> None:
    page = b"<!doctype html>" + b"<p>Listen on this page.</p>" * 200
    packed = gzip.compress(page, mtime=0)
    meta = replace(meta_of(packed), media_type="text/html", encoding="gzip")
    world.bucket.put("public/index.html", packed, meta)
    stored = world.bucket.head("public/index.html")
    assert stored is not None
    if not world.bucket.serves_encoded:
        assert stored.encoding == ""
        return
    answer = get(f"{world.public_url}/index.html", **{"Accept-Encoding": asked})
    assert (stored.encoding, stored.length_bytes, stored.sha256) == ("gzip", len(packed), meta.sha256)
    assert (answer.content, answer.headers["Content-Type"]) == (page, "text/html")
    if asked == "gzip":
        assert answer.headers["Content-Encoding"] == "gzip"
        assert int(answer.headers["Content-Length"]) == len(packed)


@pytest.mark.parametrize(
    ("wanted", "first", "after"),
    [("0-1", 0, 2), ("50000-50999", 50_000, 51_000), ("-1", 99_999, 100_000), ("99999-", 99_999, 100_000)],
)
def test_ranges(episode: str, wanted: str, first: int, after: int) -> None:
    answer = get(episode, Range=f"bytes={wanted}")
    assert answer.status_code == 206
    assert answer.content == BODY[first:after]
    assert answer.headers["Content-Range"] == f"bytes {first}-{after - 1}/{len(BODY)}"
    assert answer.headers["Content-Length"] == str(after - first)


def test_a_range_outside_is_416(episode: str) -> None:
    assert get(episode, Range="bytes=100000-").status_code == 416


def test_a_feed_that_did_not_change_is_304(episode: str) -> None:
    etag = get(episode, "HEAD").headers["ETag"]
    assert get(episode, **{"If-None-Match": etag}).status_code == 304


def test_a_folder_hears_of_what_an_app_or_a_proxy_has(folder_world: World) -> None:
    folder_world.bucket.put("public/media/x/041.mp3", BODY, meta_of(BODY, NAME))
    url = f"{folder_world.public_url}/media/x/041.mp3"
    etag = get(url, "HEAD").headers["ETag"]
    for known in (f"W/{etag}", f'"other", {etag}', "*"):
        assert get(url, **{"If-None-Match": known}).status_code == 304
    for had, status in ((etag, 206), ('"of another file"', 200), (get(url).headers["Last-Modified"], 206)):
        assert get(url, **{"Range": "bytes=10-", "If-Range": had}).status_code == status
    assert get(url, Range=f"bytes={'9' * 5000}-").status_code == 200


def test_a_download_keeps_its_name_in_any_script(episode: str) -> None:
    header = get(episode, "HEAD").headers["Content-Disposition"]
    assert header.isascii()
    assert "filename*=UTF-8''" + quote(NAME, safe="!#$&+-.^_`|~") in header


def test_players_of_other_sites_may_seek(episode: str) -> None:
    answer = get(episode, Origin="https://player.example", Range="bytes=0-1")
    assert answer.headers["Access-Control-Allow-Origin"] in {"*", "https://player.example"}


def test_a_page_needs_no_extension(world: World) -> None:
    page = b"<!doctype html><title>An episode</title>"
    world.bucket.put("public/episodes/social-media", page, ObjectMeta("text/html; charset=utf-8", "no-cache", ""))
    answer = get(f"{world.public_url}/episodes/social-media")
    assert (answer.content, answer.headers["Content-Type"]) == (page, "text/html; charset=utf-8")


def test_what_is_private_is_not_served(world: World) -> None:
    world.bucket.put("private/files/secret.mp3", BODY, meta_of(BODY))
    above, _, last = world.public_url.rpartition("/public")
    for url in (
        f"{above}/private{last}/files/secret.mp3",
        f"{world.public_url}/..%2Fprivate/files/secret.mp3",
        f"{world.public_url}/%2e%2e/private/files/secret.mp3",
        f"{above}/private{last}/files/",
        f"{world.public_url}/",
    ):
        for method in ("GET", "HEAD"):
            assert get(url, method).status_code in {400, 403, 404}, url


def test_a_good_bucket_passes_the_check(world: World) -> None:
    assert check_bucket(world.bucket, world.public_url) == ()
    assert list(world.bucket.keys("")) == []


def test_the_check_sees_a_wrong_public_address(world: World) -> None:
    problems = check_bucket(world.bucket, world.public_url + "/elsewhere")
    assert [problem.is_warning for problem in problems] == [False]
    dead = check_bucket(world.bucket, "http://127.0.0.1:9/podcasts/public")
    assert "does not answer" in dead[0].what
