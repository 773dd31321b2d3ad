"""Over https, where clients sign and chunk otherwise than over http: objects must come out as they went in."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import boto3
import pytest

from pillarcast.adapters.s3 import S3Bucket
from pillarcast.errors import NeedsOperator
from pillarcast.ports import Absent
from tests.bucket_support.certificate import self_signed
from tests.bucket_support.front import Visit, front
from tests.bucket_support.worlds import MIB, World, a_file, meta_of, noise

pytestmark = pytest.mark.s3


@pytest.fixture
def headers() -> list[str]:
    """What the requests that wrote said of their encoding and of their signature."""
    return []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return self_signed(tmp_path)


@pytest.fixture
def endpoint(s3_world: World, certificate: Path, headers: list[str]) -> Iterator[str]:
    assert isinstance(s3_world.bucket, S3Bucket)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)

    def note(visit: Visit) -> bool:
        if visit.command == "PUT":
            headers.append(f"{visit.headers['Content-Encoding']} {visit.headers['x-amz-content-sha256']}")
        return False

    with front(s3_world.bucket.place.endpoint, note, tls) as (url, _):
        yield url


@pytest.fixture
def trusted(endpoint: str, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The endpoint, by the way that AWS names for an authority of one's own."""
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    return endpoint


@pytest.mark.parametrize("verify_checksums", [True, False], ids=["sha256", "md5"])
def test_objects_come_out_as_they_went_in(
    s3_world: World, trusted: str, headers: list[str], tmp_path: Path, *, verify_checksums: bool
) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    bucket = S3Bucket(replace(s3_world.bucket.place, endpoint=trusted, verify_checksums=verify_checksums))
    small, large = b"a page", noise(17 * MIB)

    bucket.put("public/page", small, meta_of(small), Absent())
    bucket.upload("public/x.mp3", a_file(tmp_path, large), meta_of(large))
    bucket.download("public/x.mp3", tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == large
    assert not [header for header in headers if "aws-chunked" in header or "STREAMING" in header]
    for key, body in (("public/page", small), ("public/x.mp3", large)):
        store = s3_world.bucket.store
        answer = store.client.get_object(**store.at(key))
        assert "ContentEncoding" not in answer
        assert answer["Body"].read() == body


def test_what_the_client_does_by_default_is_what_we_avoid(
    s3_world: World, endpoint: str, certificate: Path, headers: list[str]
) -> None:
    """So that the test above can fail."""
    assert isinstance(s3_world.bucket, S3Bucket)
    place = s3_world.bucket.place
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=place.region,
        aws_access_key_id=place.access_key,
        aws_secret_access_key=place.secret_key,
        verify=str(certificate),
    )
    client.put_object(Bucket=place.bucket, Key=f"public/{place.prefix}/page", Body=b"a page")
    assert [header for header in headers if "aws-chunked" in header]


def test_a_certificate_that_nobody_vouches_for_is_refused(s3_world: World, endpoint: str) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    bucket = S3Bucket(replace(s3_world.bucket.place, endpoint=endpoint), attempts=1)
    with pytest.raises(NeedsOperator, match="certificate"):
        bucket.head("public/page")
