"""Uploads that were begun and not ended: a note in the bucket lets any process, on any machine, go on with one."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from uuid import uuid4

from pillarcast.adapters.bucket_keys import ANYTHING, sha256_of
from pillarcast.adapters.s3_errors import GoneUpload, is_absent, translated
from pillarcast.adapters.s3_parts import Kept
from pillarcast.adapters.s3_put import put_object
from pillarcast.adapters.s3_store import Store, bare
from pillarcast.errors import PillarcastError
from pillarcast.ports import ObjectMeta

_NOTE = ObjectMeta("application/json", "no-store", "")


@dataclass(frozen=True)
class Begun:
    """`kept` are the parts that the store has, by number."""

    upload_id: str
    note: str
    kept: dict[int, Kept]


def note_key(store: Store, key: str, meta: ObjectMeta) -> str:
    """The note's name holds all that was fixed when the upload was begun: other bytes or headers begin another."""
    fixed = [key, meta.sha256, meta.media_type, meta.cache_control, meta.file_name, store.place.verify_checksums]
    return f"private/uploads/{sha256_of(json.dumps(fixed).encode())[:32]}.json"


def find_begun(store: Store, key: str, meta: ObjectMeta) -> Begun | None:
    note = note_key(store, key, meta)
    upload_id = _noted(store, note)
    if upload_id is None:
        return None
    with suppress(GoneUpload):
        return Begun(upload_id, note, _kept(store, key, upload_id))
    return None


def begin(store: Store, key: str, meta: ObjectMeta) -> Begun:
    labels = store.labels(meta, meta.sha256, uuid4().hex)
    algorithm = store.checksum_algorithm()
    with translated(store.named(key), is_write=True):
        answer = store.client.create_multipart_upload(**store.at(key), **labels, **algorithm)
    note = note_key(store, key, meta)
    put_object(store, note, json.dumps({"upload_id": answer["UploadId"], "key": key}).encode(), _NOTE, ANYTHING)
    return Begun(answer["UploadId"], note, {})


def forget(store: Store, note: str) -> None:
    """A note that stays does no harm, so nobody is bothered when it does."""
    with suppress(PillarcastError), translated(store.named(note)):
        store.client.delete_object(**store.at(note))


def _noted(store: Store, note: str) -> str | None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    with translated(store.named(note)):
        try:
            body = store.client.get_object(**store.at(note))["Body"].read()
        except ClientError as error:
            if is_absent(error):
                return None
            raise
    try:
        return str(json.loads(body)["upload_id"])
    except (ValueError, KeyError, TypeError):
        return None


def _kept(store: Store, key: str, upload_id: str) -> dict[int, Kept]:
    with translated(store.named(key)):
        pages = store.client.get_paginator("list_parts").paginate(**store.at(key), UploadId=upload_id)
        return {
            part["PartNumber"]: Kept(
                part["PartNumber"], part["Size"], bare(part["ETag"]), part.get("ChecksumSHA256", "")
            )
            for page in pages
            for part in page.get("Parts", [])
        }
