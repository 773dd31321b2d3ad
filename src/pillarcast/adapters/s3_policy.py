"""Who may do what in a bucket: the public reads `public/`, and nobody anything else without keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ABORT_DAYS = 7
KEEP_VERSIONS = 20
KEEP_DAYS = 30


def public_read_policy(bucket: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AnybodyReadsWhatIsPublic",
                "Effect": "Allow",
                "Principal": "*",
                "Action": ["s3:GetObject"],
                "Resource": [f"arn:aws:s3:::{bucket}/public/*"],
            }
        ],
    }


def cors_rules() -> dict[str, Any]:
    """Players on other sites may read and seek."""
    rule = {
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedOrigins": ["*"],
        "AllowedHeaders": ["Range", "If-None-Match", "If-Modified-Since"],
        "ExposeHeaders": ["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
        "MaxAgeSeconds": 86_400,
    }
    return {"CORSRules": [rule]}


def lifecycle_rules() -> dict[str, Any]:
    """Uploads that nobody resumed end after a week; of private objects the last versions stay, of others none."""
    rules = [
        {
            "ID": "abort-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": ABORT_DAYS},
        },
        {
            "ID": "keep-versions",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": KEEP_DAYS, "NewerNoncurrentVersions": KEEP_VERSIONS},
        },
    ]
    return {"Rules": rules}


def apply_reading(client: S3Client, bucket: str) -> None:
    """The policy and the cross-origin rules; whatever stood there is replaced."""
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(public_read_policy(bucket)))
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration=cors_rules())  # type: ignore[arg-type]
