"""Stores and networks that misbehave: answers lost, conditions ignored, writes at the same time, wrong keys."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pillarcast.adapters.bucket_check import check_bucket
from pillarcast.adapters.lease import KEY as LEASE
from pillarcast.adapters.lease import WriterLease
from pillarcast.adapters.s3 import S3Bucket, S3Place
from pillarcast.errors import Ambiguous, Conflict, NeedsOperator, PillarcastError, SettingsError, Unreachable
from pillarcast.ports import Absent, Unchanged
from tests.bucket_support.front import Fault, Visit, front, lost_answer, times, without_conditions
from tests.bucket_support.worlds import MIB, World, a_file, meta_of, noise

pytestmark = pytest.mark.s3

KEY = "private/catalogue"
META = meta_of(b"new")
Faulty = Callable[[Fault], tuple[S3Bucket, list[str]]]


@pytest.fixture
def faulty(s3_world: World) -> Iterator[Faulty]:
    """The show's bucket behind a front with one fault."""
    assert isinstance(s3_world.bucket, S3Bucket)
    place = s3_world.bucket.place
    with ExitStack() as stack:

        def behind(fault: Fault) -> tuple[S3Bucket, list[str]]:
            endpoint, seen = stack.enter_context(front(place.endpoint, fault))
            return S3Bucket(replace(place, endpoint=endpoint), read_timeout_s=5), seen

        yield behind


def is_write(visit: Visit) -> bool:
    return visit.command == "PUT" and "/probe/" not in visit.path


def in_capitals(visit: Visit) -> bool:
    """As servers written in Go send names of headers, and a front that packs answers sends ETags."""
    status, headers, body = visit.forward()
    named = {name.title(): text for name, text in headers}
    visit.answer(status, list((named | {"Etag": f"W/{named['Etag']}"} if "Etag" in named else named).items()), body)
    return True


def test_a_store_that_spells_headers_in_its_own_way_is_understood(faulty: Faulty, tmp_path: Path) -> None:
    bucket, _ = faulty(in_capitals)
    body = noise(9 * MIB)
    assert bucket.upload("private/large", a_file(tmp_path, body), meta_of(body)).sha256 == meta_of(body).sha256
    stored = bucket.put(KEY, b"new", META, Absent())
    assert bucket.head(KEY) == stored
    assert bucket.put(KEY, b"new", META, Unchanged(stored.etag)).sha256 == META.sha256


@pytest.mark.parametrize("lost", [1, 4], ids=["once", "until it gives up"])
def test_a_write_whose_answer_was_lost_is_our_own(s3_world: World, faulty: Faulty, lost: int) -> None:
    """The client repeats it, and the store refuses the repetition because of the first."""
    bucket, _ = faulty(times(lost, lost_answer, is_write))
    stored = bucket.put(KEY, b"new", META, Absent())
    assert s3_world.bucket.head(KEY) == stored
    with pytest.raises(Conflict):
        s3_world.bucket.put(KEY, b"new", META, Absent())


def test_somebody_elses_write_is_not_taken_for_ours_even_with_the_same_bytes(s3_world: World, faulty: Faulty) -> None:
    s3_world.bucket.put(KEY, b"new", META, Absent())
    bucket, _ = faulty(times(1, lost_answer, is_write))
    with pytest.raises(Conflict):
        bucket.put(KEY, b"new", META, Absent())


def test_a_lost_answer_that_cannot_be_looked_up_is_ambiguous(faulty: Faulty) -> None:
    bucket, _ = faulty(
        lambda visit: (is_write(visit) and lost_answer(visit)) or (visit.command == "HEAD" and visit.break_off())
    )
    with pytest.raises(Ambiguous, match="connection broke"):
        bucket.put(KEY, b"new", META)


def test_two_writes_at_once_are_repeated(faulty: Faulty) -> None:
    """AWS answers 409 where SeaweedFS waits."""
    bucket, seen = faulty(times(3, lambda visit: visit.refuse(409, "ConditionalRequestConflict"), is_write))
    etag = bucket.put(KEY, b"new", META, Absent()).etag
    assert len([request for request in seen if request.startswith("PUT") and "/probe/" not in request]) == 4
    assert bucket.head(KEY) is not None
    with pytest.raises(Conflict):
        bucket.put(KEY, b"new", META, Unchanged("0" * 32))
    bucket.put(KEY, b"new", META, Unchanged(etag))


def test_unchanged_on_an_absent_key_may_be_404(faulty: Faulty) -> None:
    """AWS says NoSuchKey where SeaweedFS says PreconditionFailed."""
    bucket, _ = faulty(
        lambda visit: is_write(visit) and bool(visit.headers["If-Match"]) and visit.refuse(404, "NoSuchKey")
    )
    with pytest.raises(Conflict):
        bucket.put(KEY, b"new", META, Unchanged("0" * 32))


@pytest.mark.parametrize("kind", ["ignores", "refuses"])
def test_a_store_without_conditions_is_seen_and_serves_a_single_writer(
    s3_world: World, faulty: Faulty, kind: str
) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    faults: dict[str, Fault] = {
        "ignores": without_conditions(s3_world.bucket.place),
        "refuses": lambda visit: (
            bool(visit.headers["If-None-Match"] or visit.headers["If-Match"]) and visit.refuse(501, "NotImplemented")
        ),
    }
    bucket, _ = faulty(faults[kind])

    assert not bucket.has_compare_and_swap
    etag = bucket.put(KEY, b"new", META, Absent()).etag
    with pytest.raises(Conflict):
        bucket.put(KEY, b"new", META, Absent())
    with pytest.raises(Conflict):
        bucket.put(KEY, b"new", META, Unchanged("0" * 32))
    bucket.put(KEY, b"new", META, Unchanged(etag))
    [warning] = check_bucket(bucket, s3_world.public_url)
    assert warning.is_warning
    assert "one machine at a time" in warning.what


class SetClock:
    def __init__(self) -> None:
        self.at = datetime(2026, 3, 5, 6, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


def test_a_lease_keeps_a_second_writer_away(s3_world: World, faulty: Faulty) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    bucket, _ = faulty(without_conditions(s3_world.bucket.place))
    clock = SetClock()

    def lease(holder: str) -> WriterLease:
        return WriterLease(bucket, holder, clock, settle_s=0.05)

    with lease("studio") as first:
        first.check()
        with pytest.raises(Conflict, match="studio is publishing"):
            lease("laptop").__enter__()
        clock.at += timedelta(hours=1)  # the studio sleeps; its lease runs out
        with lease("laptop"), pytest.raises(Conflict, match="laptop is publishing"):
            first.check()
    assert bucket.head(LEASE) is None


def test_no_lease_is_needed_where_the_store_compares(s3_world: World) -> None:
    with WriterLease(s3_world.bucket, "studio", SetClock()) as lease:
        lease.check()
        assert s3_world.bucket.head(LEASE) is None


def test_an_upload_outlives_lost_answers_and_a_busy_store(s3_world: World, faulty: Faulty, tmp_path: Path) -> None:
    """Parts, their join and its look-up: each fails once or twice."""
    faults = [
        times(2, lambda visit: visit.refuse(503, "SlowDown"), lambda visit: "partNumber=2" in visit.path),
        times(1, lost_answer, lambda visit: "partNumber=1" in visit.path),
        times(1, lost_answer, lambda visit: visit.command == "POST" and "uploadId=" in visit.path),
    ]
    bucket, _ = faulty(lambda visit: any(fault(visit) for fault in faults))
    body = noise(17 * MIB)

    stored = bucket.upload("public/x.mp3", a_file(tmp_path, body), meta_of(body))

    assert s3_world.bucket.head("public/x.mp3") == stored
    assert stored.sha256 == meta_of(body).sha256


def test_a_download_goes_on_where_it_broke_off(s3_world: World, faulty: Faulty, tmp_path: Path) -> None:
    body = noise(6 * MIB)
    s3_world.bucket.put("private/x", body, meta_of(body))

    def half(visit: Visit) -> bool:
        status, headers, answer = visit.forward()
        visit.answer(status, headers, answer[: len(answer) // 2])
        return visit.break_off()

    bucket, seen = faulty(times(2, half, lambda visit: visit.command == "GET"))
    bucket.download("private/x", tmp_path / "x")

    assert (tmp_path / "x").read_bytes() == body
    assert len([request for request in seen if request.startswith("GET")]) == 3


def test_bytes_that_were_damaged_in_the_store_are_not_given_out(s3_world: World, tmp_path: Path) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    store = s3_world.bucket.store
    labels = store.labels(meta_of(b"good"), meta_of(b"good").sha256, "")
    store.client.put_object(**store.at("private/x"), Body=b"evil", **labels)

    with pytest.raises(NeedsOperator, match="hash"):
        s3_world.bucket.fetch("private/x")
    with pytest.raises(NeedsOperator, match="hash"):
        s3_world.bucket.download("private/x", tmp_path / "x")
    assert not list(tmp_path.glob("*x*"))


def test_a_part_that_was_damaged_on_its_way_is_refused_by_the_store(s3_world: World) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    store = s3_world.bucket.store
    wrongs: list[dict[str, Any]] = [{"ChecksumSHA256": "A" * 43 + "="}, {"ContentMD5": "AAAAAAAAAAAAAAAAAAAAAA=="}]
    for wrong in wrongs:
        with pytest.raises(store.client.exceptions.ClientError):
            store.client.put_object(**store.at("private/x"), Body=b"x", **wrong)
        assert s3_world.bucket.head("private/x") is None


WRONG_KEYS = {
    "unknown access key": {"access_key": "nobody"},
    "wrong secret": {"secret_key": "planted-secret-5b1f"},
    "no rights on this bucket": {"bucket": "another"},
}


@pytest.mark.parametrize("wrong", WRONG_KEYS.values(), ids=WRONG_KEYS)
def test_wrong_keys_are_the_operators_business(s3_world: World, wrong: dict[str, str], tmp_path: Path) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    bucket = S3Bucket(replace(s3_world.bucket.place, **wrong))  # type: ignore[arg-type]
    for call in calls(bucket, tmp_path):
        with pytest.raises(NeedsOperator):
            call()


def test_a_server_that_is_away_is_unreachable(s3_world: World, tmp_path: Path) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{closed.getsockname()[1]}"
        bucket = S3Bucket(replace(s3_world.bucket.place, endpoint=endpoint), attempts=1)
        for call in calls(bucket, tmp_path):
            with pytest.raises(Unreachable):
                call()


def test_no_secret_is_in_messages_logs_or_tracebacks(
    s3_world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(s3_world.bucket, S3Bucket)
    secret = "planted-secret-5b1f"
    place = replace(s3_world.bucket.place, secret_key=secret)
    caplog.set_level(logging.INFO)
    told = [repr(place), str(place)]
    for call in calls(S3Bucket(place, attempts=1), tmp_path):
        with pytest.raises(PillarcastError) as caught:
            call()
        told.append("".join(traceback.format_exception(caught.value)))
    assert secret not in "".join(told) + caplog.text


@pytest.mark.parametrize("endpoint", ["https://user:planted-secret@s3.example", "s3.example", "ftp://s3.example"])
def test_an_endpoint_is_an_address_and_holds_no_keys(endpoint: str) -> None:
    with pytest.raises(SettingsError) as caught:
        S3Place(endpoint, "podcasts")
    assert "planted-secret" not in "".join(traceback.format_exception(caught.value))


def calls(bucket: S3Bucket, folder: Path) -> list[Callable[[], object]]:
    path = a_file(folder, b"new")
    return [
        lambda: bucket.head(KEY),
        lambda: bucket.fetch(KEY),
        lambda: bucket.download(KEY, folder / "x"),
        lambda: list(bucket.keys("private/")),
        lambda: bucket.put(KEY, b"new", META),
        lambda: bucket.put(KEY, b"new", META, Absent()),
        lambda: bucket.upload(KEY, path, META),
        lambda: bucket.copy(KEY, "public/x", META),
        lambda: bucket.remove(KEY),
    ]
