"""Which bucket of which S3 store, and the client that talks to it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from threading import Lock
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pillarcast.adapters.s3_leaving import count_what_leaves
from pillarcast.errors import SettingsError

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_s3 import S3Client

CONNECTIONS = 20

_CONNECTING = Lock()


@dataclass(frozen=True)
class S3Place:
    """`endpoint` is empty for AWS itself; without keys, the machine's own AWS role is used.

    `verify_checksums`: send SHA-256 checksums that the store compares. Stores without them get Content-MD5.
    """

    endpoint: str
    bucket: str
    region: str = "us-east-1"
    access_key: str = field(default="", repr=False)
    secret_key: str = field(default="", repr=False)
    prefix: str = ""
    addressing: Literal["path", "virtual"] = "path"
    verify_checksums: bool = False

    def __post_init__(self) -> None:
        """SettingsError for an endpoint that is no address, or that holds keys: it is shown in messages."""
        try:
            url = urlsplit(self.endpoint)
        except ValueError:  # half an IPv6 address
            raise _no_address() from None
        if self.endpoint and (url.scheme not in {"http", "https"} or not url.hostname):
            raise _no_address()
        if "@" in url.netloc:
            mend = "Take them out; keys belong into the environment."
            raise SettingsError("bucket endpoint", "there is a user name or a password in it", mend)

    def __str__(self) -> str:
        """For messages: no keys."""
        return f"bucket {self.bucket} at {urlsplit(self.endpoint).netloc or 'AWS'}"


def connect(place: S3Place, attempts: int = 4, read_timeout_s: float = 60, *, is_anonymous: bool = False) -> S3Client:
    """A client for any number of threads. `attempts` includes the first; pauses grow between them."""
    from botocore import UNSIGNED  # noqa: PLC0415 - a third of a second, which `--help` does not wait for
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        s3={"addressing_style": place.addressing},
        # Over https the default leaves `Content-Encoding: aws-chunked` on objects of some stores.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=5,
        read_timeout=read_timeout_s,
        max_pool_connections=CONNECTIONS,
        signature_version=UNSIGNED if is_anonymous else "s3v4",
        proxies={} if _is_loopback(place.endpoint) else None,
    )
    with _CONNECTING, _judged():
        client = _session(is_apart=bool(place.access_key) and _is_loopback(place.endpoint)).client(
            "s3",
            endpoint_url=place.endpoint or None,
            region_name=place.region,
            aws_access_key_id=place.access_key or None,
            aws_secret_access_key=place.secret_key or None,
            config=config,
        )
    count_what_leaves(client)
    return client


@contextmanager
def _judged() -> Iterator[None]:
    """What botocore alone sees in an endpoint, such as a blank or an underscore in its host."""
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - loaded with the client

    try:
        yield
    except BotoCoreError:  # of which some are ValueErrors too
        raise
    except ValueError:
        raise _no_address() from None


def _no_address() -> SettingsError:
    return SettingsError("bucket endpoint", "it is no address", "Write it like https://s3.example.org.")


@cache
def _session(*, is_apart: bool) -> Session:
    """One for all, because each reads the description of S3 anew; clients are made by one thread at a time.

    `is_apart`: without the user's own files for AWS, where a server of this machine is asked with its own keys.
    """
    import boto3  # noqa: PLC0415
    from botocore.session import Session as Core  # noqa: PLC0415

    nowhere = {"config_file": (None, None, os.devnull, None), "profile": (None, None, None, None)}
    return boto3.session.Session(botocore_session=Core(session_vars=nowhere if is_apart else None))


def _is_loopback(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
