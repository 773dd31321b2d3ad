"""A bucket is made ready, and every forbidden call is tried, by strangers and by the publisher."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from pillarcast.adapters import s3_policy
from pillarcast.adapters.bucket_check import check_bucket
from pillarcast.adapters.s3 import S3Bucket, S3Place
from pillarcast.adapters.s3_errors import status_of
from pillarcast.adapters.s3_place import connect
from pillarcast.adapters.s3_setup import set_up_bucket
from pillarcast.adapters.s3_strangers import FORBIDDEN, check_strangers, stranger
from pillarcast.adapters.seaweed import SeaweedServer
from tests.bucket_support.worlds import World, meta_of

FILES = {
    "public-read.json": s3_policy.public_read_policy("BUCKET"),
    "publisher-policy.json": s3_policy.publisher_policy("BUCKET"),
    "cors.json": s3_policy.cors_rules(),
    "lifecycle.json": s3_policy.lifecycle_rules(),
    "public-access-block.json": s3_policy.public_access_block(),
}
INFRA = Path(__file__).parents[2] / "infra" / "s3"

MORE_FORBIDDEN: dict[str, Any] = {
    "delete the bucket": lambda s3, bucket, _: s3.delete_bucket(Bucket=bucket),
    "change the policy": lambda s3, bucket, _: s3.put_bucket_policy(Bucket=bucket, Policy="{}"),
    "remove the policy": lambda s3, bucket, _: s3.delete_bucket_policy(Bucket=bucket),
    "change the bucket's ACL": lambda s3, bucket, _: s3.put_bucket_acl(Bucket=bucket, ACL="public-read"),
    "change an object's ACL": lambda s3, bucket, key: s3.put_object_acl(Bucket=bucket, Key=key, ACL="public-read"),
    "make buckets": lambda s3, _, __: s3.create_bucket(Bucket="strangers"),
}
ANONYMOUS_ONLY: dict[str, Any] = {
    **FORBIDDEN,
    "list buckets": lambda s3, _, __: s3.list_buckets(),
    "change cross-origin rules": lambda s3, bucket, _: s3.delete_bucket_cors(Bucket=bucket),
    "change versioning": lambda s3, bucket, _: s3.put_bucket_versioning(
        Bucket=bucket, VersioningConfiguration={"Status": "Suspended"}
    ),
    "change the lifecycle": lambda s3, bucket, _: s3.delete_bucket_lifecycle(Bucket=bucket),
    "tag objects": lambda s3, bucket, key: s3.put_object_tagging(Bucket=bucket, Key=key, Tagging={"TagSet": []}),
    "delete many objects": lambda s3, bucket, key: s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key}]}),
    "read the versioning": lambda s3, bucket, _: s3.get_bucket_versioning(Bucket=bucket),
    "read ACLs": lambda s3, bucket, _: s3.get_bucket_acl(Bucket=bucket),
    "see the bucket": lambda s3, bucket, _: s3.head_bucket(Bucket=bucket),
}


@pytest.fixture
def fresh(s3_server: SeaweedServer) -> Iterator[S3Place]:
    """The place of a bucket that does not exist yet, with the admin's keys."""
    place = replace(s3_server.admin_place, bucket="set-up")
    yield place
    client = connect(place)
    with suppress(ClientError):
        for version in client.list_object_versions(Bucket=place.bucket).get("Versions", []):
            client.delete_object(Bucket=place.bucket, Key=version["Key"], VersionId=version["VersionId"])
        client.delete_bucket(Bucket=place.bucket)


@pytest.mark.s3
def test_a_bucket_is_made_ready(fresh: S3Place) -> None:
    assert set_up_bucket(fresh) == ()
    assert set_up_bucket(fresh) == ()

    client = connect(fresh)
    assert client.get_bucket_versioning(Bucket=fresh.bucket)["Status"] == "Enabled"
    rules = client.get_bucket_lifecycle_configuration(Bucket=fresh.bucket)["Rules"]
    assert {rule["ID"] for rule in rules} == {rule["ID"] for rule in s3_policy.lifecycle_rules()["Rules"]}
    bucket = S3Bucket(fresh)
    assert check_bucket(bucket, f"{fresh.endpoint}/{fresh.bucket}/public") == ()
    bucket.put("private/catalogue", b"1", meta_of(b"1"))
    bucket.put("private/catalogue", b"2", meta_of(b"2"))
    versions = client.list_object_versions(Bucket=fresh.bucket, Prefix="private/catalogue")["Versions"]
    assert len(versions) == 2


@pytest.mark.s3
def test_the_publisher_may_not_set_up(s3_server: SeaweedServer) -> None:
    problems = set_up_bucket(replace(s3_server.place, bucket="set-up-2"))
    assert len(problems) == 1
    assert "refuses" in problems[0].what
    assert problems[0].mend


@pytest.mark.s3
def test_a_bucket_that_is_open_is_noticed(fresh: S3Place) -> None:
    set_up_bucket(fresh)
    open_to_all = s3_policy.public_read_policy(fresh.bucket)
    open_to_all["Statement"][0]["Resource"] = [f"arn:aws:s3:::{fresh.bucket}/*", f"arn:aws:s3:::{fresh.bucket}"]
    open_to_all["Statement"][0]["Action"] = ["s3:GetObject", "s3:ListBucket"]
    connect(fresh).put_bucket_policy(Bucket=fresh.bucket, Policy=json.dumps(open_to_all))
    bucket = S3Bucket(fresh)

    told = [problem.what for problem in check_strangers(bucket.store)]
    assert "anybody can read private objects, without keys" in told
    assert "anybody can list the bucket, without keys" in told
    [problem] = check_bucket(bucket, f"{fresh.endpoint}/{fresh.bucket}/public")
    assert "anybody can read what is private" in problem.what


@pytest.mark.s3
def test_a_bucket_that_nobody_can_read_is_noticed(fresh: S3Place) -> None:
    set_up_bucket(fresh)
    connect(fresh).delete_bucket_policy(Bucket=fresh.bucket)
    [problem] = check_bucket(S3Bucket(fresh), f"{fresh.endpoint}/{fresh.bucket}/public")
    assert "the public may not read it" in problem.what
    assert "pillarcast bucket setup" in problem.mend


@pytest.mark.s3
@pytest.mark.parametrize("what", ANONYMOUS_ONLY | MORE_FORBIDDEN)
def test_strangers_may_only_read_what_is_public(s3_world: World, what: str) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    refused(s3_world.bucket, stranger(s3_world.bucket.place), (ANONYMOUS_ONLY | MORE_FORBIDDEN)[what])


@pytest.mark.s3
@pytest.mark.parametrize("what", MORE_FORBIDDEN)
def test_the_publisher_may_not_change_who_may_what(s3_world: World, what: str) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    refused(s3_world.bucket, s3_world.bucket.store.client, MORE_FORBIDDEN[what])


@pytest.mark.s3
def test_strangers_are_refused_by_the_check_too(s3_world: World) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    assert check_strangers(s3_world.bucket.store) == ()
    assert list(s3_world.bucket.keys("")) == []


@pytest.mark.s3
def test_a_preview_opens_one_private_object_until_it_expires(s3_world: World) -> None:
    bucket = s3_world.bucket
    assert isinstance(bucket, S3Bucket)
    bucket.put("private/files/master.mp3", b"before it airs", meta_of(b"before it airs", "041.mp3"))
    url = bucket.preview_url("private/files/master.mp3", expires_s=2)

    opened = requests.get(url, headers={"Range": "bytes=0-5"}, timeout=10)
    assert (opened.status_code, opened.content) == (206, b"before")
    assert requests.get(url.replace("master", "other"), timeout=10).status_code == 403
    assert requests.put(url, b"x", timeout=10).status_code == 403
    time.sleep(3)
    assert requests.get(url, timeout=10).status_code == 403
    assert bucket.place.secret_key not in url


@pytest.mark.parametrize("name", FILES)
def test_the_files_for_other_stores_are_those_that_set_up_applies(name: str) -> None:
    assert json.loads((INFRA / name).read_text()) == FILES[name]


def test_the_publishers_policy_holds_no_right_over_the_bucket_itself() -> None:
    actions = {action for part in s3_policy.publisher_policy("b")["Statement"] for action in part["Action"]}
    assert not [action for action in actions if "*" in action or "Policy" in action or "DeleteBucket" in action]
    assert not [action for action in actions if action.startswith("s3:Put") and action != "s3:PutObject"]


def refused(bucket: S3Bucket, client: Any, call: Any) -> None:
    bucket.put("private/x", b"x", meta_of(b"x"))
    place = bucket.store.at("private/x")
    with pytest.raises(ClientError) as caught:
        call(client, place["Bucket"], place["Key"])
    assert status_of(caught.value) in {401, 403}
    assert bucket.head("private/x") is not None
