"""How fast a new episode reaches a long feed, as ratios within one process; bench/feed.py measures more."""

from __future__ import annotations

import gzip
import random
import time
from collections.abc import Callable
from itertools import cycle

import pytest

from pillarcast.model.addresses import FEED
from pillarcast.model.view import View
from pillarcast.model.wanted import Step, WantedObject
from pillarcast.render.feed import feed_objects
from pillarcast.render.feed_document import prose_of
from tests.feed_support.feedgens import by_feedgen
from tests.feed_support.views import Bodies, bodies_of, published, render_all, view_of

COUNT = 256
CHANCE = random.Random(1)
WORDS = ["".join(CHANCE.choices("etaoinshrdlu", k=CHANCE.randint(2, 10))) for _ in range(3000)]
NOTES = ["\n\n".join(" ".join(CHANCE.choices(WORDS, k=60)) for _ in range(7)) for _ in range(24)]
"""More than the window of gzip, so that it cannot copy an item from one before."""

FASTER_THAN_FEEDGEN, FASTER_THAN_GZIP = 5, 8
"""Half of what is seen on a machine at rest: 10 and 17. Rendering every item again would make it one."""


def span(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def times_as_long(slow: Callable[[], object], quick: Callable[[], object]) -> float:
    """The least of each in rounds that take turns, so that what else the machine does falls on both alike."""
    spans = [(span(slow), span(quick), span(quick)) for _ in range(7)]
    return min(one[0] for one in spans) / min(min(one[1:]) for one in spans)


def feedgen_of(view: View) -> Callable[[], bytes]:
    """The same feed by feedgen from nothing; notes are rendered before anybody's clock starts."""
    prose = [prose_of(one, notes) for one, notes in zip(view.episodes, cycle(NOTES))]
    return lambda: by_feedgen(view, prose)


@pytest.fixture(scope="module")
def shown() -> tuple[View, dict[str, WantedObject], Bodies]:
    """A long show after one more episode, with everything that was kept of it before."""
    every = [published(number, NOTES[(COUNT - number) % len(NOTES)]) for number in range(COUNT + 1)]
    kept = render_all(view_of(every[:-1]), bodies_of(*NOTES))
    view = view_of(every)
    return view, {one.key: one for one in feed_objects(view)}, kept


def made(wanted: dict[str, WantedObject], kept: Bodies, key: str) -> bytes:
    """What a publish does: the new item, then the document out of what was kept."""
    bodies = dict(kept)
    (new,) = (one for one in wanted.values() if one.step is Step.PARTS and one.key not in kept)
    bodies[new.key] = new.render({need: bodies[need] for need in new.needs})
    return wanted[key].render({need: bodies[need] for need in wanted[key].needs})


def test_a_new_episode_costs_little_beside_feedgen(shown: tuple[View, dict[str, WantedObject], Bodies]) -> None:
    view, wanted, kept = shown
    whole = feedgen_of(view)
    assert made(wanted, kept, FEED) == whole()
    assert times_as_long(whole, lambda: made(wanted, kept, FEED)) > FASTER_THAN_FEEDGEN


def test_its_gzip_copy_is_not_compressed_anew(shown: tuple[View, dict[str, WantedObject], Bodies]) -> None:
    _view, wanted, kept = shown
    feed = made(wanted, kept, FEED)
    assert gzip.decompress(made(wanted, kept, f"{FEED}.gz")) == feed
    copied = times_as_long(lambda: gzip.compress(feed, 6), lambda: made(wanted, kept, f"{FEED}.gz"))
    assert copied > FASTER_THAN_GZIP


def test_memory_grows_by_the_document_alone(shown: tuple[View, dict[str, WantedObject], Bodies]) -> None:
    import tracemalloc

    _view, wanted, kept = shown
    length = len(made(wanted, kept, FEED))
    tracemalloc.start()
    try:
        made(wanted, kept, FEED)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1.5 * length
