"""Large files: in parts, resumed where they broke off, whoever was killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from pillarcast.adapters.s3 import S3Bucket, S3Place
from pillarcast.adapters.s3_copy import copy_object
from pillarcast.adapters.s3_parts import PART_BYTES, part_bytes
from pillarcast.adapters.s3_upload import WORKERS
from pillarcast.adapters.seaweed import SeaweedServer
from pillarcast.errors import Conflict
from tests.bucket_support.slow_line import slow_line
from tests.bucket_support.worlds import MIB, World, a_file, meta_of, noise

pytestmark = pytest.mark.s3

KEY = "public/media/abc/041.mp3"
BODY = noise(17 * MIB)
META = meta_of(BODY, "041.mp3")
PARTS = 3

UPLOAD_UNTIL_KILLED = """
import json, sys, time
from pathlib import Path
from pillarcast.adapters.s3 import S3Bucket, S3Place
from pillarcast import ports

def first_part(**_):
    print("a part is there", flush=True)
    time.sleep(600)

place, key, path, meta = json.load(sys.stdin)
bucket = S3Bucket(S3Place(**place))
bucket.store.client.meta.events.register("after-call.s3.UploadPart", first_part)
bucket.upload(key, Path(path), ports.ObjectMeta(**meta))
"""


@pytest.fixture
def bucket(s3_world: World) -> S3Bucket:
    assert isinstance(s3_world.bucket, S3Bucket)
    return s3_world.bucket


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return a_file(tmp_path, BODY)


def sent_parts(bucket: S3Bucket) -> list[int]:
    """The numbers of the parts that are sent from now on."""
    numbers: list[int] = []

    def note(params: dict[str, Any], **_: object) -> None:
        numbers.append(params["query_string"]["partNumber"])

    bucket.store.client.meta.events.register("before-call.s3.UploadPart", note)
    return numbers


def begun(bucket: S3Bucket) -> list[str]:
    place = bucket.store.at(KEY)
    answer = bucket.store.client.list_multipart_uploads(Bucket=place["Bucket"], Prefix=place["Key"])
    return [upload["UploadId"] for upload in answer.get("Uploads", [])]


def test_parts_progress_and_the_whole(bucket: S3Bucket, tmp_path: Path) -> None:
    body = noise(40 * MIB, seed=40)
    meta, seen = meta_of(body), []
    numbers = sent_parts(bucket)

    stored = bucket.upload(KEY, a_file(tmp_path, body), meta, lambda done, total: seen.append((done, total)))

    assert sorted(numbers) == [1, 2, 3, 4, 5]
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == ((0, len(body)), (len(body), len(body)))
    assert (stored.length_bytes, stored.sha256, stored.media_type) == (len(body), meta.sha256, "audio/mpeg")
    assert begun(bucket) == []
    bucket.download(KEY, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == body


@pytest.mark.parametrize("length_bytes", [5 * MIB, 20 * MIB], ids=["one request", "parts"])
def test_progress_moves_while_a_request_takes_its_time(bucket: S3Bucket, tmp_path: Path, length_bytes: int) -> None:
    """On a slow line all parts that are under way end at the same moment, minutes after they began."""
    body, seen = noise(length_bytes), []

    def note(done: int, total: int) -> None:
        seen.append(done / total)
        assert threading.current_thread() is threading.main_thread()

    with slow_line(bucket.place.endpoint, bytes_per_s=length_bytes / 3) as line:
        place = replace(bucket.place, endpoint=line.url)
        S3Bucket(place).upload(KEY, a_file(tmp_path, body), meta_of(body), note)
    assert seen == sorted(seen)
    assert seen[-1] == 1
    assert len({round(part, 2) for part in seen if 0.5 < part < 1}) >= 3


@pytest.mark.parametrize("verify_checksums", [True, False], ids=["sha256", "md5"])
def test_an_upload_that_was_killed_goes_on_with_its_parts(
    bucket: S3Bucket, master: Path, *, verify_checksums: bool
) -> None:
    bucket = S3Bucket(replace(bucket.place, verify_checksums=verify_checksums))
    kill_after_first_part(bucket.place, master)
    assert bucket.head(KEY) is None
    assert len(begun(bucket)) == 1
    numbers = sent_parts(bucket)

    stored = bucket.upload(KEY, master, META)

    assert len(numbers) < PARTS
    assert (stored.length_bytes, stored.sha256) == (len(BODY), META.sha256)
    assert begun(bucket) == []
    assert [found.key for found in bucket.keys("")] == [KEY]
    fetched = bucket.fetch(KEY)
    assert fetched is not None
    assert fetched[0] == BODY


def test_an_upload_of_an_earlier_version_of_the_file_is_not_gone_on_with(bucket: S3Bucket, master: Path) -> None:
    kill_after_first_part(bucket.place, master)
    changed = BODY[: -1 * MIB] + noise(MIB, seed=1)  # most of its parts would fit
    master.write_bytes(changed)
    numbers = sent_parts(bucket)

    stored = bucket.upload(KEY, master, meta_of(changed, "other.mp3", "audio/ogg"))

    assert sorted(numbers) == [1, 2, 3]
    assert (stored.sha256, stored.media_type) == (meta_of(changed).sha256, "audio/ogg")
    assert bucket.head(KEY) == stored


def test_two_uploads_of_the_same_file_at_once(s3_world: World, master: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        uploads = [pool.submit(lambda: s3_world.again().upload(KEY, master, META)) for _ in range(2)]
    assert [upload.result().sha256 for upload in uploads] == [META.sha256] * 2
    fetched = s3_world.bucket.fetch(KEY)
    assert fetched is not None
    assert fetched[0] == BODY


@pytest.mark.parametrize("end", ["joined", "given up", "given up three times"])
def test_an_upload_that_somebody_else_ends_meanwhile(
    s3_world: World, bucket: S3Bucket, tmp_path: Path, end: str
) -> None:
    """We began it; another process finds it, and is through with it while most of our parts are still to come."""
    body = noise((WORKERS + 3) * PART_BYTES)
    path, meta = a_file(tmp_path, body), meta_of(body)
    left = [3 if "three" in end else 1]

    def join() -> None:
        assert s3_world.again().upload(KEY, path, meta).sha256 == meta.sha256

    def give_up() -> None:
        place = bucket.store.at(KEY)
        for upload_id in begun(bucket):
            bucket.store.client.abort_multipart_upload(**place, UploadId=upload_id)

    def once_a_pass(done: int, _total: int) -> None:
        if done >= PART_BYTES and left[0] and begun(bucket):
            left[0] -= 1
            (join if end == "joined" else give_up)()

    stored = bucket.upload(KEY, path, meta, once_a_pass)

    assert left == [0]
    assert (stored.length_bytes, stored.sha256) == (len(body), meta.sha256)
    assert begun(bucket) == []
    assert [found.key for found in bucket.keys("")] == [KEY]
    fetched = bucket.fetch(KEY)
    assert fetched is not None
    assert fetched[0] == body


def test_a_file_that_changes_meanwhile_is_not_stored(bucket: S3Bucket, master: Path) -> None:
    def spoil(_done: int, _total: int) -> None:
        with master.open("r+b") as file:
            file.seek(-1, os.SEEK_END)
            file.write(b"!")

    grown = BODY + noise(8 * PART_BYTES)
    master.write_bytes(grown)
    with pytest.raises(Conflict, match="changed while"):
        bucket.upload(KEY, master, meta_of(grown), spoil)
    assert list(bucket.keys("")) == []
    assert begun(bucket) == []


def test_memory_does_not_grow_with_the_file(bucket: S3Bucket, tmp_path: Path) -> None:
    """Ratio only: twice the file, the same memory."""
    peaks = []
    for mib in (48, 96):
        body = bytes(mib * MIB)
        path, meta = a_file(tmp_path, body), meta_of(body)
        del body
        tracemalloc.start()
        bucket.upload(f"public/{mib}", path, meta)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3
    assert peaks[1] < 3 * (WORKERS + 1) * PART_BYTES


def test_a_server_that_is_killed_in_between_is_waited_for(tmp_path: Path, master: Path) -> None:
    """Its warden starts it again; the parts that it has are kept."""
    with SeaweedServer(tmp_path / "s3", s3_port=0) as server:
        bucket = S3Bucket(server.place)
        time.sleep(2.5)  # a server that dies younger is not started again
        killed: list[int] = []

        def kill_once(done: int, _total: int) -> None:
            if done and not killed:
                killed.append(int((server.home / "server.pid").read_text()))
                os.kill(killed[0], signal.SIGKILL)

        stored = bucket.upload(KEY, master, META, kill_once)

        assert killed
        assert (stored.length_bytes, stored.sha256) == (len(BODY), META.sha256)
        fetched = bucket.fetch(KEY)
        assert fetched is not None
        assert fetched[0] == BODY


def test_a_killed_upload_goes_on_after_a_restart_of_the_server(tmp_path: Path, master: Path) -> None:
    with SeaweedServer(tmp_path / "s3", s3_port=0) as server:
        kill_after_first_part(server.place, master)
    with server:
        bucket = S3Bucket(server.place)
        numbers = sent_parts(bucket)
        assert bucket.upload(KEY, master, META).sha256 == META.sha256
        assert len(numbers) < PARTS


def test_a_copy_larger_than_one_request_takes(bucket: S3Bucket, tmp_path: Path) -> None:
    body = noise(21 * MIB, seed=21)
    bucket.upload("private/files/x", a_file(tmp_path, body), meta_of(body, media_type="application/octet-stream"))
    copied = copy_object(bucket.store, "private/files/x", KEY, meta_of(body), limit_bytes=20 * MIB)
    assert (copied.sha256, copied.media_type, copied.length_bytes) == (meta_of(body).sha256, "audio/mpeg", len(body))
    fetched = bucket.fetch(KEY)
    assert fetched is not None
    assert fetched[0] == body


@pytest.mark.parametrize("length_bytes", [0, PART_BYTES, 79 << 30, 80 << 30, 5 << 40])
def test_no_file_has_more_parts_than_s3_takes(length_bytes: int) -> None:
    size = part_bytes(length_bytes)
    assert PART_BYTES <= size <= 5 << 30
    assert size % MIB == 0
    assert -(-length_bytes // size) <= 10_000


def kill_after_first_part(place: S3Place, path: Path) -> None:
    """Whichever part is through first: the last one is the smallest."""
    with subprocess.Popen(
        [sys.executable, "-c", UPLOAD_UNTIL_KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdin
            assert process.stdout
            json.dump([asdict(place), KEY, str(path), asdict(META)], process.stdin)
            process.stdin.close()
            assert process.stdout.readline()
        finally:
            process.kill()
