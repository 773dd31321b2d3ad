"""Files on their way into the bucket: hashed, named by their content, uploaded once, read back."""

from __future__ import annotations

import hashlib
from pathlib import Path

from filelock import FileLock

from pillarcast.errors import NotVerified, Problem
from pillarcast.model.addresses import private_key
from pillarcast.model.base import FileRef
from pillarcast.model.wanted import PRIVATE
from pillarcast.pipeline.studio import Studio
from pillarcast.ports import ObjectMeta, Progress, Stored

_CHUNK = 1 << 20


def keep_bytes(studio: Studio, body: bytes, media_type: str, name: str) -> FileRef:
    """A small file into the bucket, under embargo. Keeping it twice is keeping it once."""
    ref = bytes_ref(body, media_type, name)
    if not _is_there(studio.bucket.head(ref.key), ref):
        studio.bucket.put(ref.key, body, ObjectMeta(media_type, PRIVATE, ref.sha256))
        check_stored(studio.bucket.head(ref.key), ref)
    return ref


def keep_file(studio: Studio, path: Path, ref: FileRef, origin: str = "") -> FileRef:
    """A file of any size into the bucket, under embargo; resumed where an earlier upload stopped."""
    if not _is_there(studio.bucket.head(ref.key), ref):
        meta = ObjectMeta(ref.media_type, PRIVATE, ref.sha256, origin=origin)
        studio.bucket.upload(ref.key, path, meta, _telling(studio, f"upload {path.name}"))
        check_stored(studio.bucket.head(ref.key), ref)
    return ref


def bytes_ref(body: bytes, media_type: str, name: str) -> FileRef:
    sha256 = hashlib.sha256(body).hexdigest()
    return FileRef(
        key=private_key(sha256, media_type, Path(name).suffix.lower()),
        sha256=sha256,
        length_bytes=len(body),
        media_type=media_type,
        name=name,
    )


def file_ref(path: Path, media_type: str) -> FileRef:
    """The reference of a file as it is now; reads it once."""
    sha = hashlib.sha256()
    length = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            sha.update(chunk)
            length += len(chunk)
    sha256 = sha.hexdigest()
    key = private_key(sha256, media_type, path.suffix.lower())
    return FileRef(key=key, sha256=sha256, length_bytes=length, media_type=media_type, name=path.name)


def fetch_file(studio: Studio, ref: FileRef) -> Path:
    """The file in the work folder, downloaded when it is not there already; by one run of several at once."""
    path = studio.work / "files" / ref.key.rpartition("/")[2]
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(path.with_name(f".{path.name}.lock")):
        if not (path.is_file() and path.stat().st_size == ref.length_bytes and file_ref(path, "").sha256 == ref.sha256):
            studio.bucket.download(ref.key, path, _telling(studio, f"fetch {ref.name or path.name}"))
    return path


def _telling(studio: Studio, what: str) -> Progress:
    return lambda done, total: studio.progress(what, done / max(total, 1))


def check_stored(stored: Stored | None, ref: FileRef, encoding: str = "") -> None:
    """Read back what was written. NotVerified where the bucket holds something else, or hides how it is packed."""
    if encoding and stored and stored.encoding != encoding:
        what = "the bucket does not tell browsers that it is compressed"
        raise NotVerified([Problem(ref.name or ref.key, what, "Set `compressed = false` in [site] of show.toml.")])
    if not _is_there(stored, ref):
        found = f"{stored.length_bytes} bytes" if stored else "nothing"
        what = f"{found} arrived of {ref.length_bytes} bytes"
        raise NotVerified([Problem(ref.name or ref.key, what, "Run it again; the upload is repeated.")])


def _is_there(stored: Stored | None, ref: FileRef) -> bool:
    return stored is not None and stored.length_bytes == ref.length_bytes and stored.sha256 == ref.sha256
