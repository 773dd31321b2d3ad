"""What somebody without keys can do in the bucket: tried out, call by call."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

from pillarcast.adapters.s3_errors import status_of, translated
from pillarcast.adapters.s3_place import S3Place, connect
from pillarcast.adapters.s3_store import Store
from pillarcast.errors import PillarcastError, Problem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Call = Callable[["S3Client", str, str], object]
"""Called with the client, the bucket, and the place of a private object that exists."""

_MEND = "Make the bucket's policy that of infra/s3/public-read.json, and remove other grants."
_EMPTY = "public/probe/from-a-stranger"

FORBIDDEN: dict[str, Call] = {
    "read private objects": lambda s3, bucket, key: s3.get_object(Bucket=bucket, Key=key),
    "see private objects": lambda s3, bucket, key: s3.head_object(Bucket=bucket, Key=key),
    "list the bucket": lambda s3, bucket, _: s3.list_objects_v2(Bucket=bucket),
    "list versions": lambda s3, bucket, _: s3.list_object_versions(Bucket=bucket),
    "list uploads": lambda s3, bucket, _: s3.list_multipart_uploads(Bucket=bucket),
    "read the policy": lambda s3, bucket, _: s3.get_bucket_policy(Bucket=bucket),
    "read tags": lambda s3, bucket, key: s3.get_object_tagging(Bucket=bucket, Key=key),
    "copy a private object": lambda s3, bucket, key: s3.copy_object(
        Bucket=bucket, Key=_EMPTY, CopySource={"Bucket": bucket, "Key": key}
    ),
    "write public objects": lambda s3, bucket, _: s3.put_object(Bucket=bucket, Key=_EMPTY, Body=b""),
    "write private objects": lambda s3, bucket, key: s3.put_object(Bucket=bucket, Key=f"{key}-2", Body=b""),
    "begin uploads": lambda s3, bucket, _: s3.create_multipart_upload(Bucket=bucket, Key=_EMPTY),
    "delete objects": lambda s3, bucket, key: s3.delete_object(Bucket=bucket, Key=key),
}


def check_strangers(store: Store) -> tuple[Problem, ...]:
    """A problem for each forbidden call that the store allows, or answers in a way that proves nothing."""
    client = stranger(store.place)
    with _private_object(store) as key:
        tried = [_tried(client, store.place, what, call, key) for what, call in FORBIDDEN.items()]
    return tuple(problem for problem in tried if problem)


def stranger(place: S3Place) -> S3Client:
    """A client without keys."""
    return connect(place, attempts=2, read_timeout_s=15, is_anonymous=True)


def _tried(client: S3Client, place: S3Place, what: str, call: Call, key: str) -> Problem | None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    try:
        with translated(place):
            try:
                call(client, place.bucket, key)
            except ClientError as error:
                if HTTPStatus.BAD_REQUEST <= status_of(error) < HTTPStatus.INTERNAL_SERVER_ERROR:
                    return None
                raise
    except PillarcastError as error:
        unknown = f"it could not be tried whether anybody can {what}: {error.problem.what}"
        return Problem(str(place), unknown, error.problem.mend, is_warning=True)
    return Problem(str(place), f"anybody can {what}, without keys", _MEND)


@contextmanager
def _private_object(store: Store) -> Iterator[str]:
    key = store.space.place(f"private/probe/{uuid4().hex}")
    try:
        with translated(store.place, is_write=True):
            store.client.put_object(Bucket=store.place.bucket, Key=key, Body=b"private")
        yield key
    finally:
        for left in (key, f"{key}-2", _EMPTY):
            with suppress(PillarcastError), translated(store.place):
                store.client.delete_object(Bucket=store.place.bucket, Key=left)
