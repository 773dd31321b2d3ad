"""The buckets of the contract: a folder, and a show's part of the real S3 server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from pillarcast.adapters.folder import FolderBucket
from pillarcast.adapters.folder_site import FolderSite
from pillarcast.adapters.s3 import S3Bucket
from pillarcast.adapters.seaweed import SeaweedServer
from tests.bucket_support.worlds import World


@pytest.fixture
def folder_world(tmp_path: Path) -> Iterator[World]:
    root = tmp_path / "bucket"
    bucket = FolderBucket(root)
    with FolderSite(bucket) as site:
        yield World("folder", bucket, site.public_url, lambda: FolderBucket(root))


@pytest.fixture
def s3_world(s3_server: SeaweedServer) -> World:
    place = replace(s3_server.place, prefix=f"t{uuid4().hex[:12]}")
    return World("s3", S3Bucket(place), f"{s3_server.public_url}/{place.prefix}", lambda: S3Bucket(place))


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.s3)])
def world(request: pytest.FixtureRequest) -> World:
    """Whatever holds for one bucket holds for the other."""
    chosen: World = request.getfixturevalue(f"{request.param}_world")
    return chosen
