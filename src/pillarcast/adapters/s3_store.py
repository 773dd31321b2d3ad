"""What every operation on an S3 bucket needs: the client, our keys, and the headers that objects carry."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import md5
from typing import TYPE_CHECKING, Any

from pillarcast.adapters.bucket_keys import KeySpace
from pillarcast.adapters.disposition import content_disposition
from pillarcast.adapters.s3_errors import is_absent, translated
from pillarcast.adapters.s3_place import S3Place
from pillarcast.errors import NeedsOperator, PillarcastError
from pillarcast.ports import ObjectMeta, Stored

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef, HeadObjectOutputTypeDef

_SHA256, _ATTEMPT, _ORIGIN = "sha256", "attempt", "origin"
_AGAIN = "Try again; if it persists, ask whoever runs the store."


@dataclass(frozen=True)
class Found:
    """An object as the store describes it. `attempt` names the call that wrote it, `checksum` is the store's own."""

    stored: Stored
    cache_control: str
    disposition: str
    attempt: str
    checksum: str

    def is_served_as(self, meta: ObjectMeta) -> bool:
        """True where bytes and headers are those of `meta`, so that writing it again would change nothing."""
        return bool(meta.sha256) and (
            self.stored.sha256,
            self.stored.media_type,
            self.cache_control,
            self.disposition,
        ) == (meta.sha256, meta.media_type, meta.cache_control, content_disposition(meta.file_name))


@dataclass(frozen=True)
class Store:
    client: S3Client
    place: S3Place
    space: KeySpace

    def at(self, key: str) -> dict[str, Any]:
        return {"Bucket": self.place.bucket, "Key": self.space.place(key)}

    def named(self, key: str) -> str:
        """For messages."""
        return f"{key} in {self.place}"

    def find(self, key: str) -> Found | None:
        from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

        checksums: dict[str, Any] = {"ChecksumMode": "ENABLED"} if self.place.verify_checksums else {}
        with translated(self.named(key)):
            try:
                answer = self.client.head_object(**self.at(key), **checksums)
            except ClientError as error:
                if is_absent(error):
                    return None
                raise
        return found_of(key, answer)

    def labels(self, meta: ObjectMeta, digest: str, attempt: str) -> dict[str, Any]:
        """The headers of a new object."""
        optional = {
            "CacheControl": meta.cache_control,
            "ContentDisposition": content_disposition(meta.file_name),
            "ContentEncoding": meta.encoding,
        }
        return {
            "ContentType": meta.media_type,
            "Metadata": {_SHA256: digest, _ATTEMPT: attempt, **({_ORIGIN: meta.origin} if meta.origin else {})},
            **{header: text for header, text in optional.items() if text},
        }

    def checksum_algorithm(self) -> dict[str, Any]:
        """Said when an upload in parts begins."""
        return {"ChecksumAlgorithm": "SHA256"} if self.place.verify_checksums else {}

    def checksum(self, body: bytes, digest: str) -> dict[str, str]:
        """What lets the store refuse bytes that were damaged on their way; `digest` is their SHA-256."""
        if self.place.verify_checksums:
            return {"ChecksumSHA256": b64encode(bytes.fromhex(digest)).decode()}
        return {"ContentMD5": b64encode(md5(body, usedforsecurity=False).digest()).decode()}


def found_of(key: str, answer: HeadObjectOutputTypeDef | GetObjectOutputTypeDef) -> Found:
    noted = {name.lower(): text for name, text in answer.get("Metadata", {}).items()}  # MinIO and Ceph write `Sha256`
    stored = Stored(
        key=key,
        length_bytes=answer["ContentLength"],
        etag=bare(answer["ETag"]),
        sha256=noted.get(_SHA256, ""),
        media_type=answer.get("ContentType", ""),
        modified_at=answer["LastModified"].astimezone(UTC),
        origin=noted.get(_ORIGIN, ""),
        encoding=answer.get("ContentEncoding", ""),
    )
    return Found(
        stored=stored,
        cache_control=answer.get("CacheControl", ""),
        disposition=answer.get("ContentDisposition", ""),
        attempt=noted.get(_ATTEMPT, ""),
        checksum=answer.get("ChecksumSHA256", ""),
    )


@dataclass(frozen=True)
class Sent:
    """What a write brought; `checksum` is empty where the store keeps none."""

    length_bytes: int
    sha256: str
    checksum: str = ""


def check_landed(store: Store, key: str, sent: Sent, doubt: PillarcastError | None = None) -> Found:
    """Reads back what a write left; raises `doubt`, the error it ended with, where that is something else."""
    found = store.find(key)
    if found is None or (found.stored.length_bytes, found.stored.sha256) != (sent.length_bytes, sent.sha256):
        raise doubt or NeedsOperator(store.named(key), "the store took it, but describes another object", _AGAIN)
    if sent.checksum and found.checksum and found.checksum != sent.checksum:
        raise NeedsOperator(store.named(key), "the store's own checksum of it is wrong", _AGAIN)
    return found


def answered_at(answer: Any) -> datetime:
    """When the store answered, by its own clock."""
    return parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).astimezone(UTC)


def bare(etag: str) -> str:
    """Also of one that a front which packs answers has called weak."""
    return etag.removeprefix("W/").strip('"')
