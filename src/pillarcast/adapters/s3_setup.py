"""Makes a bucket ready: created, readable by anybody below `public/` only, with versions that are cleared up."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pillarcast.adapters.bucket_keys import KeySpace
from pillarcast.adapters.s3_errors import status_of, translated
from pillarcast.adapters.s3_place import S3Place, connect
from pillarcast.adapters.s3_policy import cors_rules, lifecycle_rules, public_access_block, public_read_policy
from pillarcast.adapters.s3_store import Store
from pillarcast.adapters.s3_strangers import check_strangers
from pillarcast.errors import PillarcastError, Problem

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class _Step:
    """`mend` says what to do by hand where the store refuses it; the show runs without a step that is a warning."""

    what: str
    mend: str
    is_warning: bool
    call: Callable[[S3Client, str], object]


def _public_access(s3: S3Client, bucket: str) -> object:
    return s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=public_access_block())


def _policy(s3: S3Client, bucket: str) -> object:
    return s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(public_read_policy(bucket)))


def _cors(s3: S3Client, bucket: str) -> object:
    return s3.put_bucket_cors(Bucket=bucket, CORSConfiguration=cors_rules())


def _versions(s3: S3Client, bucket: str) -> object:
    return s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def _lifecycle(s3: S3Client, bucket: str) -> object:
    return s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=lifecycle_rules())


_READING = (
    _Step(
        "letting anybody read public/",
        "Set infra/s3/public-read.json as its policy, or let a CDN read public/ for the public.",
        is_warning=False,
        call=_policy,
    ),
    _Step(
        "letting players of other sites read",
        "Set infra/s3/cors.json by hand; only players on other sites need it.",
        is_warning=True,
        call=_cors,
    ),
)
_KEEPING = (
    _Step(
        "keeping earlier versions",
        "Earlier versions of the catalogue cannot be brought back from this store.",
        is_warning=True,
        call=_versions,
    ),
    _Step(
        "clearing up after a while",
        "Set infra/s3/lifecycle.json by hand, or old versions and broken-off uploads stay for ever.",
        is_warning=True,
        call=_lifecycle,
    ),
)


def set_up_bucket(admin: S3Place) -> tuple[Problem, ...]:
    """`admin` holds keys that may create and configure the bucket. May be repeated; what stands there is replaced.

    Ends with trying, without keys, every call that strangers must not make.
    """
    with translated(admin):
        client = connect(admin)
    try:
        _create(client, admin)
    except PillarcastError as error:
        return (error.problem,)
    steps = (*_aws_only(admin), *_READING, *_KEEPING)
    problems = [problem for step in steps if (problem := _done(client, admin, step))]
    try:
        strangers = check_strangers(Store(client, admin, KeySpace(admin.prefix)))
    except PillarcastError as error:
        strangers = (error.problem,)
    return (*problems, *strangers)


def open_for_reading(admin: S3Place) -> None:
    """Policy and cross-origin rules only, and any problem raised: for the embedded server."""
    client = connect(admin)
    for step in _READING:
        with translated(admin, is_write=True):
            step.call(client, admin.bucket)


def _create(client: S3Client, admin: S3Place) -> None:
    from botocore.exceptions import ClientError  # noqa: PLC0415 - loaded with the client

    with translated(admin):
        try:
            client.head_bucket(Bucket=admin.bucket)
        except ClientError as error:
            if status_of(error) != 404:
                raise
            client.create_bucket(Bucket=admin.bucket, **_location(admin))


def _location(admin: S3Place) -> dict[str, Any]:
    """AWS wants the region named, save for its first."""
    if not _is_aws(admin) or admin.region == "us-east-1":
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": admin.region}}


def _aws_only(admin: S3Place) -> tuple[_Step, ...]:
    """AWS refuses public policies until told otherwise; other stores do not know the call."""
    mend = "Allow public bucket policies for this bucket, and keep public ACLs blocked."
    step = _Step("allowing a public policy", mend, is_warning=False, call=_public_access)
    return (step,) if _is_aws(admin) else ()


def _is_aws(admin: S3Place) -> bool:
    return not admin.endpoint or (urlsplit(admin.endpoint).hostname or "").endswith(".amazonaws.com")


def _done(client: S3Client, admin: S3Place, step: _Step) -> Problem | None:
    try:
        with translated(admin, is_write=True):
            step.call(client, admin.bucket)
    except PillarcastError as error:
        what = f"{step.what} did not work: {error.problem.what}"
        return Problem(str(admin), what, step.mend, is_warning=step.is_warning)
    return None
