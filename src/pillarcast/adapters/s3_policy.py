"""Who may do what in a bucket: the public reads `public/`, and nobody anything else without keys."""

from __future__ import annotations

from typing import Any

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


def cors_rules() -> Any:
    """Players on other sites may read and seek."""
    rule = {
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedOrigins": ["*"],
        "AllowedHeaders": ["Range", "If-None-Match", "If-Modified-Since"],
        "ExposeHeaders": ["Accept-Ranges", "Content-Length", "Content-Range", "ETag"],
        "MaxAgeSeconds": 86_400,
    }
    return {"CORSRules": [rule]}


def lifecycle_rules() -> Any:
    """Uploads that nobody resumed end after a week; what was retracted can be brought back for a month; of private
    objects, the catalogue among them, the last 20 versions stay."""
    a_month = {"NoncurrentDays": KEEP_DAYS}
    return {
        "Rules": [
            _rule("abort-uploads", "", AbortIncompleteMultipartUpload={"DaysAfterInitiation": ABORT_DAYS}),
            _rule("public-versions", "public/", NoncurrentVersionExpiration=a_month),
            _rule(
                "private-versions",
                "private/",
                NoncurrentVersionExpiration={**a_month, "NewerNoncurrentVersions": KEEP_VERSIONS},
            ),
        ]
    }


def public_access_block() -> Any:
    """Reading is opened by policy alone, never by ACL."""
    return {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": False,
        "RestrictPublicBuckets": False,
    }


def publisher_policy(bucket: str) -> dict[str, Any]:
    """The rights of the key that pillarcast works with: objects of this bucket, and nothing of its settings.

    Old versions can be read, to bring one back, but not deleted.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Look",
                "Effect": "Allow",
                "Action": [
                    "s3:GetBucketLocation",
                    "s3:ListBucket",
                    "s3:ListBucketMultipartUploads",
                    "s3:ListBucketVersions",
                ],
                "Resource": [f"arn:aws:s3:::{bucket}"],
            },
            {
                "Sid": "Publish",
                "Effect": "Allow",
                "Action": [
                    "s3:AbortMultipartUpload",
                    "s3:DeleteObject",
                    "s3:GetObject",
                    "s3:GetObjectVersion",
                    "s3:ListMultipartUploadParts",
                    "s3:PutObject",
                ],
                "Resource": [f"arn:aws:s3:::{bucket}/public/*", f"arn:aws:s3:::{bucket}/private/*"],
            },
        ],
    }


def _rule(name: str, prefix: str, **effect: Any) -> dict[str, Any]:
    return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": prefix}, **effect}
