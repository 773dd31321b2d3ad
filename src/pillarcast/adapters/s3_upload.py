"""Files of any size into the bucket: in parts, several at once, resumed where an earlier attempt broke off."""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Event, Lock
from typing import Any, BinaryIO

from pillarcast.adapters.bucket_keys import ANYTHING, check_hash, opened
from pillarcast.adapters.s3_begun import Begun, begin, find_begun, forget, note_key
from pillarcast.adapters.s3_errors import GoneUpload, translated
from pillarcast.adapters.s3_leaving import counted
from pillarcast.adapters.s3_parts import PART_BYTES, Part, composite_checksum, part_bytes, parts_of
from pillarcast.adapters.s3_put import put_object
from pillarcast.adapters.s3_store import Found, Sent, Store, bare, check_landed
from pillarcast.errors import Ambiguous, PillarcastError, TryAgain
from pillarcast.ports import ObjectMeta, Progress, Stored

WORKERS = 4
_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 15.0)
_ENDED_BY_OTHERS = 3
_TELL_EVERY_S = 0.5


def upload_file(store: Store, key: str, path: Path, meta: ObjectMeta, progress: Progress) -> Stored:
    """Leaves the parts in the store when it is interrupted; the next call for the same key goes on with them.

    At most WORKERS + 1 parts are in memory. Conflict where the file changed while it was read.
    """
    with opened(path) as file:
        length_bytes = os.fstat(file.fileno()).st_size
        standing = _standing(store, key, length_bytes, meta)
        if standing:
            progress(length_bytes, length_bytes)
            return standing
        if length_bytes <= PART_BYTES:
            with counted(lambda sent_bytes: progress(sent_bytes, length_bytes)):
                stored = put_object(store, key, file.read(), meta, ANYTHING)
            progress(length_bytes, length_bytes)
            return stored
        return _in_parts(store, key, file, meta, progress)


def _standing(store: Store, key: str, length_bytes: int, meta: ObjectMeta) -> Stored | None:
    """The object, where it stands there already just as it is wanted."""
    found = store.find(key)
    if found is None or found.stored.length_bytes != length_bytes or not found.is_served_as(meta):
        return None
    if length_bytes > PART_BYTES:
        forget(store, note_key(store, key, meta))  # left by who was killed after the last request
    return found.stored


def _in_parts(store: Store, key: str, file: BinaryIO, meta: ObjectMeta, progress: Progress) -> Stored:
    """Others may go on with an upload that we began, or we with theirs: whoever joins it ends it for all."""
    begun = find_begun(store, key, meta)
    for _ in range(_ENDED_BY_OTHERS):
        with suppress(GoneUpload):
            return _Transfer(store, key, meta, progress, begun or begin(store, key, meta)).run(file)
        standing = _standing(store, key, os.fstat(file.fileno()).st_size, meta)
        if standing:
            return standing
        begun = None  # it was given up, as by one whose copy of the file had changed
    return _Transfer(store, key, meta, progress, begin(store, key, meta)).run(file)


class _Transfer:
    """One pass over the file: sends the parts that the store has not, then joins them."""

    def __init__(self, store: Store, key: str, meta: ObjectMeta, progress: Progress, begun: Begun) -> None:
        self._store = store
        self._key = key
        self._meta = meta
        self._progress = progress
        self._begun = begun
        self._marks: dict[int, dict[str, Any]] = {}
        self._sent_bytes: dict[int, int] = {}
        self._total_bytes = 0
        self._lock = Lock()
        self._stopped = Event()

    def run(self, file: BinaryIO) -> Stored:
        file.seek(0)
        self._total_bytes = os.fstat(file.fileno()).st_size
        self._tell()
        digest = self._send_all(file)
        try:
            check_hash(self._store.named(self._key), self._meta.sha256, digest)
        except PillarcastError:
            self._abort()
            raise
        stored = self._join(digest).stored
        forget(self._store, self._begun.note)
        return stored

    def _send_all(self, file: BinaryIO) -> str:
        """The hash of the whole file, which is read once and in order."""
        digest = sha256()
        pending: set[Future[None]] = set()
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="upload") as pool:
            try:
                for part in parts_of(file, part_bytes(self._total_bytes)):
                    digest.update(part.body)
                    pending = self._room(pending, most=WORKERS - 1)
                    pending.add(pool.submit(self._bring, part))
                while pending:
                    pending = self._room(pending, most=0)
            except BaseException:
                self._stopped.set()
                pool.shutdown(cancel_futures=True)
                raise
        return digest.hexdigest()

    def _room(self, pending: set[Future[None]], most: int) -> set[Future[None]]:
        """Waits until at most `most` parts are under way. Progress is told here, by the thread of the caller."""
        while len(pending) > most:
            done, pending = wait(pending, timeout=_TELL_EVERY_S, return_when=FIRST_COMPLETED)
            for future in done:
                future.result()
            self._tell()
        return pending

    def _tell(self) -> None:
        with self._lock:
            sent_bytes = sum(self._sent_bytes.values())
        self._progress(sent_bytes, max(sent_bytes, self._total_bytes))

    def _bring(self, part: Part) -> None:
        kept = self._begun.kept.get(part.number)
        etag = kept.etag if kept and kept.holds(part) else self._send(part)
        mark: dict[str, Any] = {"PartNumber": part.number, "ETag": f'"{etag}"'}
        if self._store.place.verify_checksums:
            mark["ChecksumSHA256"] = part.sha256
        with self._lock:
            self._marks[part.number] = mark
        self._note(part, len(part.body))

    def _note(self, part: Part, sent_bytes: int) -> None:
        with self._lock:
            self._sent_bytes[part.number] = sent_bytes

    def _send(self, part: Part) -> str:
        for pause_s in _PAUSES_S:
            try:
                return self._send_once(part)
            except GoneUpload:
                raise
            except TryAgain:
                if self._stopped.wait(pause_s):
                    raise
        return self._send_once(part)

    def _send_once(self, part: Part) -> str:
        with translated(self._store.named(self._key)), counted(partial(self._note, part)):
            answer = self._store.client.upload_part(
                **self._store.at(self._key),
                UploadId=self._begun.upload_id,
                PartNumber=part.number,
                Body=part.body,
                **part.checksum(with_sha256=self._store.place.verify_checksums),
            )
        return bare(answer["ETag"])

    def _join(self, digest: str) -> Found:
        """An upload that is gone may have been joined by a request whose answer was lost: what stands there tells."""
        marks: list[Any] = [mark for _, mark in sorted(self._marks.items())]
        doubt: PillarcastError | None = None
        try:
            with translated(self._store.named(self._key), is_write=True):
                self._store.client.complete_multipart_upload(
                    **self._store.at(self._key), UploadId=self._begun.upload_id, MultipartUpload={"Parts": marks}
                )
        except (GoneUpload, Ambiguous) as error:
            doubt = error
        checksum = composite_checksum([mark.get("ChecksumSHA256", "") for mark in marks])
        return check_landed(self._store, self._key, Sent(self._total_bytes, digest, checksum), doubt)

    def _abort(self) -> None:
        with suppress(PillarcastError), translated(self._store.named(self._key)):
            self._store.client.abort_multipart_upload(**self._store.at(self._key), UploadId=self._begun.upload_id)
        forget(self._store, self._begun.note)
