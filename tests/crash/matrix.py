"""The matrix: every call of every story, gone wrong in every way, and what stands there after it was repeated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pillarcast.errors import PillarcastError
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.pipeline.planning import Request, plan
from tests.crash.faults import Call, Faults, How, Killed
from tests.crash.listener import Listener
from tests.crash.oracle import check_public
from tests.crash.stories import Story
from tests.crash.world import World

MOST_RUNS = 4


@dataclass(frozen=True)
class Case:
    """The call number `at` of a story goes wrong as `how` says."""

    story: Story
    at: int
    call: Call
    how: How

    def __str__(self) -> str:
        return f"{self.story.name}: {self.how} {self.at} ({self.call})"


@dataclass(frozen=True)
class Outcome:
    """`objects` and `posts` are what the public sees; `entries` the catalogue without what chance decides."""

    objects: dict[str, str]
    posts: dict[str, tuple[str, str, str]]
    entries: list[dict[str, object]]
    told: list[str]


def smooth(story: Story, begun: World) -> tuple[Outcome, tuple[Call, ...]]:
    """The story without faults: its outcome, and all its calls."""
    with begun.played() as world:
        calls = _run(world, story, Faults())
        _check_done(world, story)
        return outcome_of(world), tuple(calls)


def cases(story: Story, calls: tuple[Call, ...]) -> Iterator[Case]:
    for at, call in enumerate(calls, start=1):
        for how in call.ways:
            yield Case(story, at, call, how)


def play(case: Case, begun: World, wanted: Outcome) -> int:
    """Runs the case and repeats it until it is done. Returns how many runs it took; raises where anything is wrong."""
    with begun.played() as world:
        runs = 0
        for runs in range(1, MOST_RUNS + 1):
            faults = Faults(case.at if runs == 1 else 0, case.how)
            try:
                _run(world, case.story, faults)
                break
            except (Killed, PillarcastError):
                assert runs < MOST_RUNS, f"{case}: not done after {runs} runs"
        _check_done(world, case.story)
        _check_same(case, outcome_of(world), wanted)
        return runs


def _run(world: World, story: Story, faults: Faults) -> list[Call]:
    story.set_up(world)
    faults.after_write = Listener(world).after
    with world.studio(faults) as studio:
        story.run(world, studio)
    return faults.calls


def _check_done(world: World, story: Story) -> None:
    """Once more changes nothing, and the plan is empty."""
    before = _objects(world, "")
    writes = [call for call in _run(world, story, Faults()) if call.is_write]
    assert not writes, f"a run after the last one still writes: {writes[:5]}"
    assert _objects(world, "") == before
    with world.studio() as studio:
        left, _ = plan(studio, studio.store.load().catalogue, Request())
        assert not left, f"the plan is not empty: {left.actions[:3]}"
        check_public(studio, world.bucket, world.blog)
        _check_recordings(world, studio.store.load().catalogue)


def _check_recordings(world: World, catalogue: Catalogue) -> None:
    for entry in catalogue.entries:
        assert entry.recording is not None
        assert entry.master is not None
        for ref in (entry.recording, entry.master.file):
            found = world.bucket.fetch(ref.key)  # it compares the hash
            assert found is not None, f"{ref.name} is lost"


def _check_same(case: Case, outcome: Outcome, wanted: Outcome) -> None:
    for name in ("objects", "posts", "entries"):
        found, meant = getattr(outcome, name), getattr(wanted, name)
        if isinstance(found, dict):
            more, less = sorted(found.keys() - meant.keys()), sorted(meant.keys() - found.keys())
            other = sorted(key for key in found.keys() & meant.keys() if found[key] != meant[key])
            assert not [*more, *less, *other], f"{case}: {name} too many {more}, missing {less}, other {other}"
        assert found == meant, f"{case}: {name}"
    assert set(outcome.told) == set(wanted.told), f"{case}: {outcome.told}"


def outcome_of(world: World) -> Outcome:
    with world.studio() as studio:
        entries = studio.store.load().catalogue.entries
    posts = {kept.key: (kept.slug, kept.state, kept.title + kept.body) for kept in world.blog.kept.values()}
    return Outcome(_objects(world, "public/"), posts, [_plain(entry) for entry in entries], world.hub.told)


def _plain(entry: Entry) -> dict[str, object]:
    """A guid is minted by chance, and stands in the tags of its master."""
    shown = entry.model_dump(mode="json", exclude={"guid", "master", "alternates"})
    return shown | {"has_master": entry.master is not None}


def _objects(world: World, prefix: str) -> dict[str, str]:
    return {stored.key: stored.etag for stored in world.bucket.keys(prefix)}
