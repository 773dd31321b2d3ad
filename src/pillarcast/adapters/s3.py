"""A bucket of an S3 store: AWS, R2, B2, the embedded SeaweedFS, or another that speaks its language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from functools import cached_property
from pathlib import Path

from pillarcast.adapters.bucket_keys import ANYTHING, KeySpace, check_kept, sha256_of
from pillarcast.adapters.s3_copy import copy_object
from pillarcast.adapters.s3_download import download_object
from pillarcast.adapters.s3_errors import is_absent, translated
from pillarcast.adapters.s3_place import S3Place, connect
from pillarcast.adapters.s3_probe import compares_and_swaps
from pillarcast.adapters.s3_put import check_condition, put_object
from pillarcast.adapters.s3_store import Store, bare, found_of
from pillarcast.adapters.s3_upload import upload_file
from pillarcast.ports import Anything, Condition, ObjectMeta, Progress, Stored, silent

__all__ = ["S3Bucket", "S3Place"]

MOST_PREVIEW_S = 7 * 24 * 3600
"""S3 takes no signature that lasts longer."""


class S3Bucket:
    """The `Bucket` of one show. May be used by any number of threads."""

    def __init__(self, place: S3Place, *, attempts: int = 4, read_timeout_s: float = 60) -> None:
        self.place = place
        self._space = KeySpace(place.prefix)
        self._attempts = attempts
        self._read_timeout_s = read_timeout_s

    @cached_property
    def store(self) -> Store:
        """Connected at its first use, so that commands that need no bucket do not wait for it."""
        with translated(self.place):
            client = connect(self.place, self._attempts, self._read_timeout_s)
        return Store(client, self.place, self._space)

    @cached_property
    def has_compare_and_swap(self) -> bool:
        return compares_and_swaps(self.store)

    @property
    def serves_encoded(self) -> bool:
        return True

    def head(self, key: str) -> Stored | None:
        found = self.store.find(key)
        return found.stored if found else None

    def fetch(self, key: str) -> tuple[bytes, Stored] | None:
        from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

        with translated(self.store.named(key)):
            try:
                answer = self.store.client.get_object(**self.store.at(key))
            except ClientError as error:
                if is_absent(error):
                    return None
                raise
            body = answer["Body"].read()
        stored = found_of(key, answer).stored
        check_kept(self.store.named(key), stored.sha256, sha256_of(body))
        return body, stored

    def download(self, key: str, path: Path, progress: Progress = silent) -> None:
        download_object(self.store, key, path, progress)

    def keys(self, prefix: str) -> Iterator[Stored]:
        """Sorted here: SeaweedFS puts `a/1` before `a-1`."""
        yield from sorted(self._listed(prefix), key=lambda stored: stored.key.encode())

    def put(self, key: str, body: bytes, meta: ObjectMeta, condition: Condition = ANYTHING) -> Stored:
        if isinstance(condition, Anything) or self.has_compare_and_swap:
            return put_object(self.store, key, body, meta, condition)
        check_condition(self.store, key, condition)
        return put_object(self.store, key, body, meta, ANYTHING)

    def upload(self, key: str, path: Path, meta: ObjectMeta, progress: Progress = silent) -> Stored:
        return upload_file(self.store, key, path, meta, progress)

    def copy(self, source: str, key: str, meta: ObjectMeta) -> Stored:
        return copy_object(self.store, source, key, meta)

    def remove(self, key: str) -> None:
        with translated(self.store.named(key), is_write=True):
            self.store.client.delete_object(**self.store.at(key))

    def preview_url(self, key: str, expires_s: int) -> str:
        """A link that opens one private object without keys until it expires; seven days at most."""
        with translated(self.place):
            return self.store.client.generate_presigned_url(
                "get_object", Params=self.store.at(key), ExpiresIn=min(expires_s, MOST_PREVIEW_S)
            )

    def _listed(self, prefix: str) -> Iterator[Stored]:
        paginator = self.store.client.get_paginator("list_objects_v2")
        with translated(f"{prefix} in {self.place}"):
            for listed in self._space.listed(prefix):
                for page in paginator.paginate(Bucket=self.place.bucket, Prefix=listed):
                    for entry in page.get("Contents", []):
                        yield Stored(
                            key=self._space.key(entry["Key"]),
                            length_bytes=entry["Size"],
                            etag=bare(entry["ETag"]),
                            sha256="",
                            media_type="",
                            modified_at=entry["LastModified"].astimezone(UTC),
                        )
