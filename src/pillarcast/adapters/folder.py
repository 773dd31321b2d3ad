"""A bucket that is a folder: for tests, for export, and for machines without an S3 server."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import BinaryIO
from uuid import uuid4

from filelock import FileLock, Timeout

from pillarcast.adapters.bucket_keys import ANYTHING, KeySpace, check_hash, check_kept, opened, sha256_of
from pillarcast.adapters.folder_labels import Label, Labels, key_of_path, portable_path
from pillarcast.errors import Conflict, NeedsOperator, PillarcastError, Unreachable, Unsupported
from pillarcast.ports import Absent, Condition, ObjectMeta, Progress, Stored, Unchanged, silent

_CHUNK_BYTES = 1 << 20
_LOCK_S = 60


class FolderBucket:
    """Objects are files below `root/public` and `root/private`; how they are served stands in `root/.labels`.

    Every change happens under one lock of the folder, by temporary file, fsync and rename: who reads sees the old
    object or the new one. A file that somebody put there by hand is an object without a `sha256` of ours.
    """

    def __init__(self, root: Path, prefix: str = "") -> None:
        self.root = root
        self._space = KeySpace(prefix)
        self._labels = Labels(root)
        self._turn = Lock()

    @property
    def has_compare_and_swap(self) -> bool:
        return True

    @property
    def serves_encoded(self) -> bool:
        """A folder may be copied to any web server, which knows nothing of our labels."""
        return False

    def head(self, key: str) -> Stored | None:
        label = self.label(key)
        return _stored(key, label) if label else None

    def label(self, key: str) -> Label | None:
        """How the object is served; read again under the lock where a writer may be between file and label."""
        path = self.path(key)
        with _translated(key):
            label = self._labels.of(path)
            if label and not label.sha256:
                with self._lock():
                    label = self._labels.of(path)
        return label

    def fetch(self, key: str) -> tuple[bytes, Stored] | None:
        path = self.path(key)
        if not self.root.is_dir():  # who reads makes no folder: the show's own may have been taken away
            return None
        with _translated(key), self._lock():
            label = self._labels.of(path)
            body = path.read_bytes() if label else b""
        if label is None:
            return None
        check_kept(key, label.sha256, sha256_of(body))
        return body, _stored(key, label)

    def download(self, key: str, path: Path, progress: Progress = silent) -> None:
        with _translated(key), self._scratch(path.parent, path.name) as temporary:
            label = self.label(key)
            if label is None:
                raise Conflict(key, "it is not in the bucket")
            with self.path(key).open("rb") as source:
                found = _written(temporary, _chunks(source, label.length_bytes, progress))
            check_kept(key, label.sha256, found)
            temporary.replace(path)

    def keys(self, prefix: str) -> Iterator[Stored]:
        for listed in self._space.listed(prefix):
            for place in self._below(listed):
                key = self._space.key(place)
                stored = self.head(key)
                if stored:
                    yield stored

    def put(self, key: str, body: bytes, meta: ObjectMeta, condition: Condition = ANYTHING) -> Stored:
        check_hash(key, meta.sha256, sha256_of(body))
        return self._commit(key, iter([body]), meta, condition)

    def upload(self, key: str, path: Path, meta: ObjectMeta, progress: Progress = silent) -> Stored:
        with opened(path) as source:
            length_bytes = os.fstat(source.fileno()).st_size
            label = self.label(key)
            if label and label.meta == meta and label.length_bytes == length_bytes:
                progress(length_bytes, length_bytes)
                return _stored(key, label)
            return self._commit(key, _chunks(source, length_bytes, progress), meta, ANYTHING)

    def copy(self, source: str, key: str, meta: ObjectMeta) -> Stored:
        if self.head(source) is None:
            raise Conflict(source, "it is not in the bucket")
        return self.upload(key, self.path(source), meta)

    def remove(self, key: str) -> None:
        path = self.path(key)
        with _translated(key), self._lock():
            if path.is_file():
                path.unlink()
            self._labels.forget(path)

    def path(self, key: str) -> Path:
        """The file that holds the object."""
        return self.root / portable_path(self._space.place(key))

    def _commit(self, key: str, chunks: Iterator[bytes], meta: ObjectMeta, condition: Condition) -> Stored:
        """Writes beside the tree first, so that the lock is held for the rename only."""
        path = self.path(key)
        with _translated(key), self._scratch(self.root / ".writing", path.name) as temporary:
            found = _written(temporary, chunks)
            check_hash(key, meta.sha256, found)
            with self._lock():
                _check_condition(key, self._labels.of(path), condition)
                path.parent.mkdir(parents=True, exist_ok=True)
                return _stored(key, self._labels.put(temporary, path, meta, found))

    def _below(self, listed: str) -> list[str]:
        base = self.root / portable_path(listed.rpartition("/")[0])
        files = (Path(folder) / name for folder, _, names in os.walk(base) for name in names)
        places = (key_of_path(file.relative_to(self.root).as_posix()) for file in files)
        return sorted((place for place in places if place.startswith(listed)), key=str.encode)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One thread of this process at a time asks for it: who asks in vain sleeps a while before the next time."""
        self.root.mkdir(parents=True, exist_ok=True)
        lock = self.root / ".lock"
        if not self._turn.acquire(timeout=_LOCK_S):
            raise Timeout(str(lock))
        try:
            with FileLock(lock, timeout=_LOCK_S):
                yield
        finally:
            self._turn.release()

    @contextmanager
    def _scratch(self, folder: Path, name: str) -> Iterator[Path]:
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / f".{name[:80]}.{uuid4().hex}.part"
        try:
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)


def _stored(key: str, label: Label) -> Stored:
    modified_at = datetime.fromtimestamp(label.modified_ns / 1e9, UTC)
    return Stored(key, label.length_bytes, label.etag, label.sha256, label.media_type, modified_at, label.origin)


def _check_condition(key: str, label: Label | None, condition: Condition) -> None:
    match condition:
        case Absent() if label:
            raise Conflict(key, "somebody else wrote it first", "It is tried again later.")
        case Unchanged(etag=etag) if label is None or label.etag != etag:
            raise Conflict(key, "somebody else changed it first", "It is tried again later.")
        case _:
            return


def _chunks(source: BinaryIO, total_bytes: int, progress: Progress) -> Iterator[bytes]:
    done = 0
    while chunk := source.read(_CHUNK_BYTES):
        yield chunk
        done += len(chunk)
        progress(done, max(done, total_bytes))
    if not done:
        progress(0, total_bytes)


def _written(path: Path, chunks: Iterator[bytes]) -> str:
    """Writes to the disk itself, not only to its cache; the hash of what was written."""
    digest = sha256()
    with path.open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


_BY_ERRNO: dict[int, Callable[[str], PillarcastError]] = {
    errno.ENOSPC: lambda key: NeedsOperator(key, "the disk is full", "Make room, then try again."),
    errno.EDQUOT: lambda key: NeedsOperator(key, "the quota of the disk is used up", "Make room, then try again."),
    errno.ENOTDIR: lambda key: Unsupported(key, "a folder cannot hold a key below another key", "Use an S3 bucket."),
    errno.EISDIR: lambda key: Unsupported(key, "a folder cannot hold a key above another key", "Use an S3 bucket."),
    errno.EEXIST: lambda key: Unsupported(key, "a folder cannot hold a key below another key", "Use an S3 bucket."),
    errno.ENAMETOOLONG: lambda key: Unsupported(key, "the file system takes no name of this length", "Shorten it."),
}


@contextmanager
def _translated(key: str) -> Iterator[None]:
    try:
        yield
    except Timeout as error:
        raise Unreachable(key, "another program holds the folder's lock", "It is tried again later.") from error
    except OSError as error:
        known = _BY_ERRNO.get(error.errno or 0)
        what = f"the folder cannot be used: {error.strerror}"
        raise (known(key) if known else NeedsOperator(key, what, "Check the folder and its rights.")) from error
