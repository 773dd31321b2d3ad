"""Large objects into files: resumed by ranges, hashed, and under their name only when whole."""

from __future__ import annotations

import os
import time
from hashlib import file_digest
from pathlib import Path

from pillarcast.adapters.bucket_keys import check_kept
from pillarcast.adapters.folder_labels import sync_folder
from pillarcast.adapters.s3_errors import translated
from pillarcast.adapters.s3_store import Store
from pillarcast.errors import Conflict, NeedsOperator, Unreachable
from pillarcast.ports import Progress, Stored

_CHUNK_BYTES = 1 << 20
_PAUSES_S = (1.0, 3.0, 9.0)


def download_object(store: Store, key: str, path: Path, progress: Progress) -> None:
    """The part that is there stays beside `path` when it breaks off; a later call goes on with it."""
    found = store.find(key)
    if found is None:
        raise Conflict(store.named(key), "it is not in the bucket", "Store it again.")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name[:80]}.{found.stored.etag[:40]}.part")
    was_resumed = partial.exists()
    _fetch_rest(store, found.stored, partial, progress)
    if was_resumed and _digest(partial) != found.stored.sha256:
        partial.unlink()
        _fetch_rest(store, found.stored, partial, progress)
    try:
        check_kept(store.named(key), found.stored.sha256, _digest(partial))
    except NeedsOperator:
        partial.unlink()
        raise
    partial.replace(path)
    sync_folder(path.parent)


def _fetch_rest(store: Store, stored: Stored, partial: Path, progress: Progress) -> None:
    for pause_s in _PAUSES_S:
        try:
            return _fetch_once(store, stored, partial, progress)
        except Unreachable:
            time.sleep(pause_s)
    return _fetch_once(store, stored, partial, progress)


def _fetch_once(store: Store, stored: Stored, partial: Path, progress: Progress) -> None:
    total_bytes = stored.length_bytes
    with partial.open("ab") as file:
        done = file.tell()
        if done > total_bytes:
            file.truncate(0)
            done = 0
        progress(done, total_bytes)
        if done < total_bytes:
            with translated(store.named(stored.key)):
                answer = store.client.get_object(
                    **store.at(stored.key), Range=f"bytes={done}-", IfMatch=f'"{stored.etag}"'
                )
                for chunk in answer["Body"].iter_chunks(_CHUNK_BYTES):
                    file.write(chunk)
                    done += len(chunk)
                    progress(done, total_bytes)
        file.flush()
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
