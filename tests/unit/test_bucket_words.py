"""The small rules of the buckets: keys, names of downloads, and what the errors of a store mean."""

from __future__ import annotations

import re
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from botocore import exceptions as raised
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from pillarcast.adapters.bucket_check import check_bucket
from pillarcast.adapters.bucket_keys import KeySpace, check_key
from pillarcast.adapters.disposition import content_disposition
from pillarcast.adapters.folder import FolderBucket
from pillarcast.adapters.public import WebPublic
from pillarcast.adapters.s3 import S3Bucket
from pillarcast.adapters.s3_errors import translated
from pillarcast.adapters.s3_place import S3Place
from pillarcast.errors import (
    AccessDenied,
    Ambiguous,
    Conflict,
    NeedsOperator,
    PillarcastError,
    SettingsError,
    Unreachable,
    Unsupported,
)

NAMES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="/\\"), min_size=1, max_size=20
)
KEYS = st.builds(
    lambda root, names: f"{root}/{'/'.join(names)}",
    st.sampled_from(["public", "private"]),
    st.lists(NAMES.filter(lambda name: name not in {".", ".."}), min_size=1, max_size=4),
)


@given(KEYS, st.sampled_from(["", "john", "shows/john"]))
def test_a_prefix_is_put_in_and_taken_out_again(key: str, prefix: str) -> None:
    space = KeySpace(prefix)
    place = space.place(key)
    assert space.key(place) == key
    assert place.partition("/")[0] == key.partition("/")[0]
    assert place.startswith(space.listed(key.partition("/")[0] + "/")[0])


@pytest.mark.parametrize("prefix", ["../other", "a//b", "/john", "john/", ".", "uploads", "files/john"])
def test_a_prefix_stays_in_its_place(prefix: str) -> None:
    with pytest.raises(SettingsError):
        KeySpace(prefix)


@given(st.text(st.characters()))
def test_no_key_leaves_its_folder(text: str) -> None:
    try:
        key = check_key(f"public/{text}")
    except PillarcastError:
        return
    assert ".." not in key.split("/")
    assert "\\" not in key
    assert not re.search(r"[\x00-\x1f]", key)
    assert len(key.encode()) <= 1024


@given(st.text())
def test_a_download_keeps_its_name(name: str) -> None:
    """Whatever the name holds: one line of ASCII that a mail parser reads back."""
    header = content_disposition(name)
    if not header:
        return
    assert header.isascii()
    assert header.isprintable()
    message = Message()
    message["Content-Disposition"] = header
    assert message.get_content_disposition() == "inline"
    wanted = re.sub(r"[\x00-\x1f\x7f]", "", name.replace("\\", "/").rpartition("/")[2]).strip()
    extended = re.search(r"filename\*=UTF-8''(\S+)$", header)
    assert (unquote(extended[1]) if extended else message.get_filename()) == wanted


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("041.mp3", 'inline; filename="041.mp3"'),
        ("", ""),
        ("../../etc/passwd", 'inline; filename="passwd"'),
        ("日本.mp3", "inline; filename=\"download.mp3\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.mp3"),
        ("\udcff.mp3", 'inline; filename="?.mp3"'),
        ('a"b.mp3', "inline; filename=\"ab.mp3\"; filename*=UTF-8''a%22b.mp3"),
    ],
)
def test_names_of_downloads(name: str, header: str) -> None:
    assert content_disposition(name) == header


def answer(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code, "Message": "m"}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]
        "PutObject",
    )


SILENCE: dict[str, Any] = {"endpoint_url": "http://x", "error": OSError("gone")}


@pytest.mark.parametrize(
    ("error", "when_reading", "when_writing"),
    [
        (answer("InvalidAccessKeyId", 403), AccessDenied, AccessDenied),
        (answer("SignatureDoesNotMatch", 403), AccessDenied, AccessDenied),
        (answer("RequestTimeTooSkewed", 403), AccessDenied, AccessDenied),
        (answer("403", 403), AccessDenied, AccessDenied),
        (answer("NoSuchBucket", 404), NeedsOperator, NeedsOperator),
        (answer("PreconditionFailed", 412), Conflict, Conflict),
        (answer("412", 412), Conflict, Conflict),
        (answer("ConditionalRequestConflict", 409), Conflict, Conflict),
        (answer("NoSuchKey", 404), Unsupported, Conflict),
        (answer("NoSuchUpload", 404), Conflict, Conflict),
        (answer("NotImplemented", 501), Unsupported, Unsupported),
        (answer("SlowDown", 503), Unreachable, Unreachable),
        (answer("InternalError", 500), Unreachable, Unreachable),
        (answer("TooManyRequests", 429), Unreachable, Unreachable),
        (answer("BadDigest", 400), Unreachable, Unreachable),
        (answer("QuotaExceeded", 403), NeedsOperator, NeedsOperator),
        (answer("InvalidArgument", 400), Unsupported, Unsupported),
        (raised.NoCredentialsError(), AccessDenied, AccessDenied),
        (raised.EndpointConnectionError(**SILENCE), Unreachable, Unreachable),
        (raised.ConnectTimeoutError(**SILENCE), Unreachable, Unreachable),
        (raised.SSLError(**SILENCE), NeedsOperator, NeedsOperator),
        (raised.ReadTimeoutError(**SILENCE), Unreachable, Ambiguous),
        (raised.ConnectionClosedError(**SILENCE), Unreachable, Ambiguous),
        (raised.ResponseStreamingError(error=OSError("gone")), Unreachable, Ambiguous),
        (raised.ParamValidationError(report="bad bucket"), NeedsOperator, NeedsOperator),
    ],
    ids=lambda value: str(getattr(value, "__name__", value))[:40],
)
def test_what_a_store_raises_says_who_must_act(
    error: Exception, when_reading: type[PillarcastError], when_writing: type[PillarcastError]
) -> None:
    for is_write, wanted in ((False, when_reading), (True, when_writing)):
        with pytest.raises(wanted) as caught, translated("bucket podcasts at s3.example", is_write=is_write):
            raise error
        assert str(caught.value).startswith("bucket podcasts at s3.example: ")


@pytest.mark.parametrize("endpoint", ["s3.example.org", "https://foo bar", "http://[::1", "https://a_b.example.org"])
def test_an_endpoint_that_is_no_address_is_the_settings_fault(endpoint: str) -> None:
    with pytest.raises(SettingsError, match="bucket endpoint: it is no address"):
        assert S3Bucket(S3Place(endpoint, "podcasts", access_key="a", secret_key="b")).store


def test_a_link_without_keys_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "nowhere")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(AccessDenied, match="no access key is set"):
        S3Bucket(S3Place("https://s3.example.org", "podcasts")).preview_url("private/x", 60)


def test_a_check_asks_no_host_but_the_shows_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host whose name begins with `public` is not the folder of that name: `private.…` is somebody else's."""
    asked: list[str] = []

    def noted(_: WebPublic, url: str, *_range: int | None) -> None:
        asked.append(url)
        raise Unreachable(url, "does not answer")

    monkeypatch.setattr(WebPublic, "get", noted)
    check_bucket(FolderBucket(tmp_path), "https://public.example.org")
    check_bucket(FolderBucket(tmp_path), "https://s3.example.org/podcasts/public")
    assert {urlsplit(url).hostname for url in asked} == {"public.example.org", "s3.example.org"}
    assert any("/podcasts/private/probe/" in url for url in asked)
