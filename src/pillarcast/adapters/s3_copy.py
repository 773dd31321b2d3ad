"""One object to another key within the store; the bytes do not pass through here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from pillarcast.adapters.bucket_keys import check_kept
from pillarcast.adapters.s3_errors import translated
from pillarcast.adapters.s3_store import Sent, Store, check_landed
from pillarcast.errors import Ambiguous, Conflict, PillarcastError
from pillarcast.ports import ObjectMeta, Stored

COPY_LIMIT_BYTES = 5 << 30
"""The most that one CopyObject takes (S3)."""


def copy_object(
    store: Store, source: str, key: str, meta: ObjectMeta, *, limit_bytes: int = COPY_LIMIT_BYTES
) -> Stored:
    """Headers are those of `meta`. Conflict where the source is gone; NeedsOperator where it has another hash."""
    origin = store.find(source)
    if origin is None:
        raise Conflict(store.named(source), "it is not in the bucket", "Store it again.")
    check_kept(store.named(source), meta.sha256, origin.stored.sha256)
    standing = store.find(key)
    if standing and standing.stored.length_bytes == origin.stored.length_bytes and standing.is_served_as(meta):
        return standing.stored
    copy = _Copy(store, origin.stored, key, meta)
    return copy.whole() if origin.stored.length_bytes <= limit_bytes else copy.in_parts(limit_bytes // 4)


@dataclass(frozen=True)
class _Copy:
    store: Store
    origin: Stored
    key: str
    meta: ObjectMeta

    def whole(self) -> Stored:
        doubt: PillarcastError | None = None
        try:
            with translated(self.store.named(self.key), is_write=True):
                self.store.client.copy_object(
                    **self.store.at(self.key), **self._source(), **self._labels(), MetadataDirective="REPLACE"
                )
        except Ambiguous as error:
            doubt = error
        return self._landed(doubt)

    def in_parts(self, part_bytes: int) -> Stored:
        with translated(self.store.named(self.key), is_write=True):
            answer = self.store.client.create_multipart_upload(**self.store.at(self.key), **self._labels())
            upload: dict[str, Any] = {**self.store.at(self.key), "UploadId": answer["UploadId"]}
            try:
                marks = self._copied(upload, part_bytes)
                self.store.client.complete_multipart_upload(**upload, MultipartUpload={"Parts": marks})
            except BaseException:
                with suppress(PillarcastError), translated(self.store.named(self.key)):
                    self.store.client.abort_multipart_upload(**upload)
                raise
        return self._landed(None)

    def _copied(self, upload: dict[str, Any], part_bytes: int) -> list[Any]:
        marks = []
        for number, first in enumerate(range(0, self.origin.length_bytes, part_bytes), start=1):
            last = min(first + part_bytes, self.origin.length_bytes) - 1
            answer = self.store.client.upload_part_copy(
                **upload, **self._source(), PartNumber=number, CopySourceRange=f"bytes={first}-{last}"
            )
            marks.append({"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]})
        return marks

    def _landed(self, doubt: PillarcastError | None) -> Stored:
        sent = Sent(self.origin.length_bytes, self.origin.sha256)
        return check_landed(self.store, self.key, sent, doubt).stored

    def _labels(self) -> dict[str, Any]:
        return self.store.labels(self.meta, self.origin.sha256, uuid4().hex)

    def _source(self) -> dict[str, Any]:
        """Only the object that was looked at: one that changes meanwhile is refused."""
        return {"CopySource": self.store.at(self.origin.key), "CopySourceIfMatch": f'"{self.origin.etag}"'}
