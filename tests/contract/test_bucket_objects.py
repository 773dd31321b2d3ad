"""What every bucket does with objects: written, read, listed, copied, removed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pillarcast.errors import Conflict, NeedsOperator, PillarcastError
from tests.bucket_support.worlds import MIB, World, a_file, meta_of, noise

HOSTILE_KEYS = [
    "",
    "catalogue.json",
    "publicity/x",
    "public/",
    "public/../private/x",
    "public/./x",
    "public//x",
    "public/a\\b",
    "public/x/",
    "public/line\nbreak",
    "private/" + "x" * 1024,
]


def test_an_object_is_read_as_it_was_written(world: World) -> None:
    body = b"an episode"
    before = datetime.now(UTC) - timedelta(seconds=2)
    put = world.bucket.put("private/one", body, meta_of(body))

    fetched = world.again().fetch("private/one")

    assert fetched is not None
    assert fetched[0] == body
    assert (put.key, put.length_bytes, put.sha256) == ("private/one", len(body), meta_of(body).sha256)
    assert (fetched[1].etag, fetched[1].media_type) == (put.etag, "audio/mpeg")
    assert before <= put.modified_at <= datetime.now(UTC) + timedelta(seconds=2)
    assert world.bucket.head("private/one") == fetched[1]


def test_what_is_not_there_is_none(world: World) -> None:
    assert world.bucket.head("private/nothing") is None
    assert world.bucket.fetch("private/nothing") is None
    assert list(world.bucket.keys("private/")) == []


def test_an_object_may_be_empty(world: World, tmp_path: Path) -> None:
    world.bucket.put("private/empty", b"", meta_of(b""))
    world.bucket.upload("public/empty.mp3", a_file(tmp_path, b""), meta_of(b""))
    world.bucket.download("public/empty.mp3", tmp_path / "back")

    fetched = world.bucket.fetch("private/empty")
    assert fetched is not None
    assert fetched[0] == b""
    assert (tmp_path / "back").read_bytes() == b""


def test_removing_twice_is_no_error(world: World) -> None:
    world.bucket.put("private/one", b"1", meta_of(b"1"))
    world.bucket.remove("private/one")
    world.bucket.remove("private/one")
    assert world.bucket.head("private/one") is None


def test_keys_ascend_and_stay_below_their_prefix(world: World) -> None:
    names = ["private/b", "private/a/2", "private/a-1", "public/z", "public/ä ö", "private/a/10"]
    for name in names:
        world.bucket.put(name, name.encode(), meta_of(name.encode()))

    found = [stored.key for stored in world.bucket.keys("")]

    assert found == sorted(names, key=str.encode)
    assert [stored.key for stored in world.bucket.keys("private/a/")] == ["private/a/10", "private/a/2"]
    assert [stored.key for stored in world.bucket.keys("private/a")] == ["private/a-1", "private/a/10", "private/a/2"]
    assert {stored.length_bytes for stored in world.bucket.keys("public/z")} == {8}


@pytest.mark.s3
def test_more_keys_than_one_page_of_s3_holds(s3_world: World) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: s3_world.bucket.put(f"private/n/{number:04}", b"", meta_of(b"")), range(1001)))
    assert len(list(s3_world.bucket.keys("private/n/"))) == 1001


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_a_key_that_stores_read_differently_is_refused(world: World, key: str) -> None:
    with pytest.raises(PillarcastError):
        world.bucket.put(key, b"", meta_of(b""))
    with pytest.raises(PillarcastError):
        world.bucket.head(key)


def test_keys_of_every_script_and_sign(world: World) -> None:
    for key in ("public/Räuber & Söhne?#%41+ =.mp3", "public/日本語", "public/con", 'public/a"b:c|d*'):
        world.bucket.put(key, key.encode(), meta_of(key.encode()))
        fetched = world.bucket.fetch(key)
        assert fetched is not None
        assert fetched[0] == key.encode()
        assert [stored.key for stored in world.bucket.keys(key)] == [key]


def test_a_copy_has_the_bytes_of_one_and_the_headers_of_the_other(world: World) -> None:
    body = noise(3 * MIB)
    world.bucket.put("private/files/x", body, meta_of(body, media_type="application/octet-stream"))

    copied = world.bucket.copy("private/files/x", "public/media/x.mp3", meta_of(body, "x.mp3"))
    again = world.bucket.copy("private/files/x", "public/media/x.mp3", meta_of(body, "x.mp3"))

    assert (copied.sha256, copied.media_type, copied.length_bytes) == (meta_of(body).sha256, "audio/mpeg", len(body))
    assert again == copied
    fetched = world.bucket.fetch("public/media/x.mp3")
    assert fetched is not None
    assert fetched[0] == body


def test_a_copy_of_nothing_or_of_something_else_is_refused(world: World) -> None:
    world.bucket.put("private/x", b"other", meta_of(b"other"))
    with pytest.raises(Conflict):
        world.bucket.copy("private/nothing", "public/x", meta_of(b"wanted"))
    with pytest.raises((NeedsOperator, Conflict)):
        world.bucket.copy("private/x", "public/x", meta_of(b"wanted"))
    assert world.bucket.head("public/x") is None


def test_bytes_that_are_not_those_announced_are_refused(world: World, tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        world.bucket.put("private/x", b"found", meta_of(b"announced"))
    with pytest.raises(Conflict):
        world.bucket.upload("private/x", a_file(tmp_path, b"found"), meta_of(b"announced"))
    assert world.bucket.head("private/x") is None


def test_an_upload_repeated_changes_nothing(world: World, tmp_path: Path) -> None:
    body = noise(2 * MIB)
    path = a_file(tmp_path, body)
    first = world.bucket.upload("public/x.mp3", path, meta_of(body))
    seen: list[tuple[int, int]] = []

    second = world.again().upload("public/x.mp3", path, meta_of(body), lambda done, total: seen.append((done, total)))

    assert second == first
    assert seen == [(len(body), len(body))]


def test_other_headers_for_the_same_bytes(world: World, tmp_path: Path) -> None:
    body = noise(MIB)
    path = a_file(tmp_path, body)
    world.bucket.upload("public/x", path, meta_of(body))
    changed = world.bucket.upload("public/x", path, replace(meta_of(body), media_type="audio/ogg"))
    assert changed.media_type == "audio/ogg"


def test_a_file_that_is_gone_is_named(world: World, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match=r"master\.mp3"):
        world.bucket.upload("public/x", tmp_path / "master.mp3", meta_of(b""))


def test_a_download_appears_whole_and_tells_its_progress(world: World, tmp_path: Path) -> None:
    body = noise(5 * MIB + 7)
    world.bucket.put("private/x", body, meta_of(body))
    seen: list[tuple[int, int]] = []

    world.bucket.download("private/x", tmp_path / "deep" / "x", lambda done, total: seen.append((done, total)))

    assert (tmp_path / "deep" / "x").read_bytes() == body
    assert seen[-1] == (len(body), len(body))
    assert seen == sorted(seen)
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["x"]


def test_a_download_of_nothing_leaves_nothing(world: World, tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        world.bucket.download("private/nothing", tmp_path / "x")
    assert not (tmp_path / "x").exists()
