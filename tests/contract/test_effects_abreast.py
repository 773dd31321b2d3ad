"""Pages and parts that are written at once: what is made of another one gets what this run made of it."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from typing import Any

import pytest

from pillarcast.errors import Unreachable
from pillarcast.model.plan import Plan, WriteObject
from pillarcast.model.wanted import PRIVATE, Parts, Step, WantedObject
from pillarcast.pipeline.bodies import Bodies
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import Publication
from pillarcast.ports import ObjectMeta
from tests.show_support.place import Place

PAGE, BOOK = "private/site/page.deflate", "private/site/book.deflate"


class Slow:
    """A bucket that takes its time for `PAGE`, or loses the way to it as often as `fails` says."""

    def __init__(self, real: Any, fails: int = 0) -> None:
        self._real, self.fails = real, fails

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def put(self, key: str, *rest: Any) -> Any:
        if key == PAGE:
            time.sleep(0.3)
            if self.fails:
                self.fails -= 1
                raise Unreachable(key, "the line is dead")
        return self._real.put(key, *rest)


def plan_of(step: Step) -> Plan:
    page = WantedObject(PAGE, "text/plain", "2", lambda _: b"new", step=step)
    book = WantedObject(BOOK, "text/plain", "2", bound, needs=(PAGE,), step=step)
    return Plan((WriteObject(page, is_new=True), WriteObject(book, is_new=True)))


def bound(parts: Parts) -> bytes:
    return b"book of " + parts[PAGE]


@pytest.fixture(params=["", "old"])
def place_with(request: pytest.FixtureRequest, place: Place) -> Place:
    """With a page that stands there from before, and with none."""
    with place.opened() as house:
        if request.param:
            body = request.param.encode()
            house.studio.bucket.put(PAGE, body, ObjectMeta("text/plain", PRIVATE, hashlib.sha256(body).hexdigest()))
    return place


@pytest.mark.parametrize("step", [Step.PARTS, Step.PAGES])
@pytest.mark.parametrize("fails", [0, 1])
def test_a_book_is_made_of_pages_that_are_on_their_way(place_with: Place, step: Step, fails: int) -> None:
    """Also where the step is tried again."""
    with place_with.opened() as house:
        studio = replace(house.studio, bucket=Slow(house.studio.bucket, fails))
        publication = Publication(studio, Request(), plan_of(step), studio.store.load())
        if fails:
            with pytest.raises(Unreachable):
                publication.carry_out(step)
        publication.carry_out(step)
        found = house.studio.bucket.fetch(BOOK)
        assert found is not None
        assert found[0] == b"book of new"
        assert publication.written.keys() == {PAGE, BOOK}


def test_what_could_not_be_fetched_is_asked_for_anew() -> None:
    """All of it, where the way to the store was lost for a moment while much was fetched ahead."""
    is_lost = True

    def fetch(key: str) -> bytes:
        if is_lost:
            raise Unreachable(key, "the line is dead")
        return key.encode()

    bodies, keys = Bodies(fetch), [f"note {number}" for number in range(6)]
    bodies.begin(keys)
    with pytest.raises(Unreachable):
        bodies.of(keys[:1])
    is_lost = False
    assert bodies.of(keys) == {key: key.encode() for key in keys}
