"""Compare-and-swap: of many who write on a condition, one wins."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from pillarcast.errors import Conflict
from pillarcast.ports import Absent, Bucket, Condition, Unchanged
from tests.bucket_support.worlds import World, meta_of

WRITERS = 20
KEY = "private/catalogue"


def put(bucket: Bucket, text: str, condition: Condition) -> str:
    body = text.encode()
    return bucket.put(KEY, body, meta_of(body), condition).etag


def test_it_compares_and_swaps(world: World) -> None:
    assert world.bucket.has_compare_and_swap
    assert not list(world.bucket.keys("private/probe/"))


def test_absent_is_written_once(world: World) -> None:
    put(world.bucket, "first", Absent())
    with pytest.raises(Conflict, match=KEY):
        put(world.bucket, "second", Absent())
    fetched = world.bucket.fetch(KEY)
    assert fetched is not None
    assert fetched[0] == b"first"


def test_unchanged_goes_on_from_what_was_read(world: World) -> None:
    first = put(world.bucket, "first", Absent())
    second = put(world.bucket, "second", Unchanged(first))
    with pytest.raises(Conflict):
        put(world.again(), "third", Unchanged(first))
    assert put(world.again(), "third", Unchanged(second)) not in {first, second}


def test_unchanged_where_nothing_stands_is_a_conflict(world: World) -> None:
    with pytest.raises(Conflict):
        put(world.bucket, "first", Unchanged("0" * 32))
    assert world.bucket.head(KEY) is None


def test_a_removed_object_is_absent_again(world: World) -> None:
    etag = put(world.bucket, "first", Absent())
    world.bucket.remove(KEY)
    with pytest.raises(Conflict):
        put(world.bucket, "second", Unchanged(etag))
    put(world.bucket, "third", Absent())


@pytest.mark.parametrize("is_new", [True, False], ids=["absent", "unchanged"])
def test_of_twenty_writers_one_wins(world: World, *, is_new: bool) -> None:
    condition: Condition = Absent() if is_new else Unchanged(put(world.bucket, "before", Absent()))
    _ = world.bucket.has_compare_and_swap  # probed before, so that all write at once
    start = Barrier(WRITERS)

    def write(number: int) -> bool:
        start.wait()
        try:
            put(world.bucket, f"writer {number}", condition)
        except Conflict:
            return False
        return True

    won = together(write)

    assert won.count(True) == 1
    fetched = world.bucket.fetch(KEY)
    assert fetched is not None
    assert fetched[0] == f"writer {won.index(True)}".encode()


def test_a_counter_misses_no_increment(world: World) -> None:
    put(world.bucket, "0", Absent())
    buckets = [world.again() for _ in range(4)]

    def count(number: int) -> None:
        bucket = buckets[number % 4]
        for _ in range(5):
            while True:
                found = bucket.fetch(KEY)
                assert found is not None
                try:
                    put(bucket, str(int(found[0]) + 1), Unchanged(found[1].etag))
                except Conflict:
                    continue
                break

    together(count, writers=4)
    found = world.bucket.fetch(KEY)
    assert found is not None
    assert found[0] == b"20"


def together(call: Callable[[int], Any], writers: int = WRITERS) -> list[Any]:
    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(call, range(writers)))
