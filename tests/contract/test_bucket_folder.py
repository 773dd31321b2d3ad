"""What only a folder can meet: files put there by hand, a full disk, a kill between two renames, other processes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pillarcast.adapters.folder import FolderBucket
from pillarcast.adapters.folder_labels import key_of_path, portable_path
from pillarcast.errors import Conflict, Unsupported
from pillarcast.ports import Absent, Unchanged
from tests.bucket_support.worlds import MIB, a_file, meta_of, noise

COUNT = """
import sys
from pathlib import Path
from pillarcast.adapters.folder import FolderBucket
from pillarcast.errors import Conflict
from pillarcast.ports import ObjectMeta, Unchanged

bucket, meta = FolderBucket(Path(sys.argv[1])), ObjectMeta("text/plain", "", "")
for _ in range(10):
    while True:
        body, stored = bucket.fetch("private/count")
        try:
            bucket.put("private/count", str(int(body) + 1).encode(), meta, Unchanged(stored.etag))
            break
        except Conflict:
            pass
"""
FILL = """
import sys
from pathlib import Path
from pillarcast.adapters.folder import FolderBucket
from pillarcast.errors import NeedsOperator
from pillarcast.ports import ObjectMeta

bucket, meta = FolderBucket(Path(sys.argv[1])), ObjectMeta("audio/mpeg", "", "")
bucket.put("private/before", b"before", meta)
try:
    bucket.put("private/big", bytes(4 << 20), meta)
except NeedsOperator as error:
    print(error)
assert bucket.head("private/big") is None
assert not list((bucket.root / ".writing").iterdir())
bucket.remove("private/before")
bucket.put("private/after", b"after", meta)
print(bucket.fetch("private/after")[0])
"""
ON_A_SMALL_DISK = 'mount -t tmpfs -o size=2m none "$1" && exec "$2" -c "$3" "$1"'


@pytest.fixture
def bucket(tmp_path: Path) -> FolderBucket:
    return FolderBucket(tmp_path / "bucket")


def test_processes_count_together(bucket: FolderBucket) -> None:
    bucket.put("private/count", b"0", meta_of(b"0"), Absent())
    programs = [subprocess.Popen([sys.executable, "-c", COUNT, str(bucket.root)]) for _ in range(4)]
    assert [program.wait(60) for program in programs] == [0, 0, 0, 0]
    fetched = bucket.fetch("private/count")
    assert fetched is not None
    assert fetched[0] == b"40"


def test_a_file_put_there_by_hand_is_an_object_without_our_hash(bucket: FolderBucket) -> None:
    path = bucket.root / "public" / "robots.txt"
    path.parent.mkdir(parents=True)
    path.write_text("User-agent: *")
    stored = bucket.head("public/robots.txt")
    assert stored is not None
    assert (stored.sha256, stored.media_type, stored.length_bytes) == ("", "text/plain", 13)
    assert [found.key for found in bucket.keys("public/")] == ["public/robots.txt"]
    with pytest.raises(Conflict):
        bucket.put("public/robots.txt", b"", meta_of(b""), Absent())
    bucket.put("public/robots.txt", b"", meta_of(b""), Unchanged(stored.etag))


def test_a_file_that_was_edited_by_hand_has_another_etag(bucket: FolderBucket) -> None:
    before = bucket.put("private/notes", b"before", meta_of(b"before"))
    (bucket.root / "private" / "notes").write_bytes(b"edited")
    with pytest.raises(Conflict):
        bucket.put("private/notes", b"after", meta_of(b"after"), Unchanged(before.etag))


def test_a_copied_bucket_is_the_same_show(bucket: FolderBucket, tmp_path: Path) -> None:
    """Also where the tool that copied it did not keep times."""
    before = bucket.put("public/episodes/one", b"<html>", meta_of(b"<html>", media_type="text/html"))
    shutil.copytree(bucket.root, tmp_path / "copy", copy_function=shutil.copyfile)
    after = FolderBucket(tmp_path / "copy").head("public/episodes/one")
    assert after is not None
    assert (after.etag, after.sha256, after.media_type) == (before.etag, before.sha256, "text/html")


def test_a_kill_between_file_and_label_leaves_an_object_that_is_written_again(bucket: FolderBucket) -> None:
    bucket.put("public/feed.xml", b"old", meta_of(b"old"))
    label = bucket.root / ".labels" / "public" / "feed.xml.json"
    old = label.read_text()
    bucket.put("public/feed.xml", b"new", meta_of(b"new"))
    label.write_text(old)

    stored = bucket.head("public/feed.xml")

    assert stored is not None
    assert stored.sha256 == ""
    again = bucket.put("public/feed.xml", b"new", meta_of(b"new"), Unchanged(stored.etag))
    assert bucket.head("public/feed.xml") == again


def test_a_spoiled_label_is_no_label(bucket: FolderBucket) -> None:
    bucket.put("private/x", b"x", meta_of(b"x"))
    for spoiled in ("", "{", "[]", json.dumps({"sha256": "lies"})):
        (bucket.root / ".labels" / "private" / "x.json").write_text(spoiled)
        stored = bucket.head("private/x")
        assert stored is not None
        assert stored.sha256 == ""


def test_a_key_cannot_stand_below_another(bucket: FolderBucket) -> None:
    bucket.put("public/a", b"", meta_of(b""))
    with pytest.raises(Unsupported, match="S3"):
        bucket.put("public/a/b", b"", meta_of(b""))
    bucket.put("public/c/d", b"", meta_of(b""))
    with pytest.raises(Unsupported, match="S3"):
        bucket.put("public/c", b"", meta_of(b""))
    assert bucket.head("public/c") is None
    assert bucket.head("public/a/b") is None


def test_a_show_with_a_prefix_stands_apart(tmp_path: Path) -> None:
    john, mary = (FolderBucket(tmp_path, prefix) for prefix in ("john", "mary"))
    john.put("public/feed.xml", b"john", meta_of(b"john"))
    assert (tmp_path / "public" / "john" / "feed.xml").read_bytes() == b"john"
    assert mary.head("public/feed.xml") is None
    assert [stored.key for stored in john.keys("")] == ["public/feed.xml"]


def test_progress_ends_at_the_length(bucket: FolderBucket, tmp_path: Path) -> None:
    body, seen = noise(3 * MIB + 1), []
    bucket.upload("public/x", a_file(tmp_path, body), meta_of(body), lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(body), len(body))
    assert seen == sorted(seen)


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("unshare"), reason="needs unshare of Linux")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    apart = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*apart, 'mount -t tmpfs none "$1"', "-", folder], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let us mount a small disk")
    command = [*apart, ON_A_SMALL_DISK, "-", str(folder), sys.executable, FILL]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "private/big: the disk is full. Make room, then try again." in done.stdout
    assert "b'after'" in done.stdout


@pytest.mark.parametrize(
    "key",
    ["public/con", "public/aux.mp3", "public/100%", 'public/a:b"c', "public/dot.", "public/räume/日本", "private/a b "],
)
def test_every_key_has_a_file_name_of_its_own(key: str) -> None:
    path = portable_path(key)
    assert key_of_path(path) == key
    assert not set(path) & set('<>:"|?*')
    assert not path.endswith((".", " "))
