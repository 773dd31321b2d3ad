"""Random histories of a show, crashes included, against a model that fits on one screen.

`make test-long` runs long ones; `pytest --hypothesis-seed=N` repeats a run.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from pillarcast.errors import NeedsOwner, TryAgain
from pillarcast.model.catalogue import Entry, State
from pillarcast.model.naming import find_episode
from pillarcast.model.plan import due
from pillarcast.model.queueing import moved
from pillarcast.pipeline.announcing import announce
from pillarcast.pipeline.doctor import doctor
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.retracting import retract
from pillarcast.pipeline.studio import Studio
from tests.crash.faults import Faults, How, Killed
from tests.crash.listener import Listener
from tests.crash.oracle import check_public
from tests.crash.world import World, room
from tests.show_support.sound import speech

RECORDINGS = 3
TITLES = st.sampled_from(["Rush", "Numbers", "The call", "Ärger & <b>mehr</b>"])
FAULT = st.none() | st.tuples(st.integers(1, 60), st.sampled_from(list(How)))


@dataclass
class Known:
    """What the model says of one recording: its identity never changes once it is seen."""

    guid: str = ""
    published_at: datetime | None = None
    is_retracted: bool = False


class ShowMachine(RuleBasedStateMachine):
    """Each rule is one thing that an owner, a clock or a power cut does. `settled_looks` counts whole comparisons."""

    settled_looks = 0

    @initialize()
    def begin(self) -> None:
        self.root = Path(tempfile.mkdtemp(dir=room(), prefix="pillarcast-model-"))
        self.world = World(self.root)
        self.place = self.world.place
        self.known: dict[str, Known] = {}
        self.names: dict[int, str] = {}
        self.is_settled = False
        for number in (1, 2):
            self.drop(number, "Rush")
        self.ingest(None)

    def teardown(self) -> None:
        if hasattr(self, "root"):
            shutil.rmtree(self.root)

    @rule(number=st.integers(1, RECORDINGS), title=TITLES)
    def drop(self, number: int, title: str) -> None:
        name = self.names.setdefault(number, f"04{number}-take")
        speech(self.place.episodes / f"{name}.wav", 1.5, number)
        self._write_notes(name, title)

    @precondition(lambda self: self.names)
    @rule(title=TITLES, choice=st.integers(0, RECORDINGS))
    def edit(self, title: str, choice: int) -> None:
        self._write_notes(self._name(choice), title)

    @precondition(lambda self: self.names)
    @rule(choice=st.integers(0, RECORDINGS), word=st.sampled_from(["alpha", "beta"]))
    def rename(self, choice: int, word: str) -> None:
        number = sorted(self.names)[choice % len(self.names)]
        old, new = self.names[number], f"04{number}-{word}"
        for suffix in (".wav", ".md"):
            path = self.place.episodes / f"{old}{suffix}"
            if path.exists() and old != new:
                path.rename(path.with_name(f"{new}{suffix}"))
        self.names[number] = new
        self.is_settled = False

    @precondition(lambda self: self.names)
    @rule(choice=st.integers(0, RECORDINGS))
    def delete(self, choice: int) -> None:
        """From the drop folder; the bucket keeps what it took."""
        number = sorted(self.names)[choice % len(self.names)]
        for suffix in (".wav", ".md"):
            (self.place.episodes / f"{self.names[number]}{suffix}").unlink(missing_ok=True)
        del self.names[number]

    @rule(hours=st.sampled_from([1, 24, 80, -2]))
    def let_time_pass(self, hours: int) -> None:
        """A laptop's clock is set back now and then."""
        self.world.clock.forward(hours=hours)
        self.is_settled = False

    @rule(fault=FAULT)
    def ingest(self, fault: tuple[int, How] | None) -> None:
        self._run(fault, lambda studio: ingest_all(studio, look(self.place.episodes), settle_s=0))

    @rule(fault=FAULT)
    def publish_due(self, fault: tuple[int, How] | None) -> None:
        self.is_settled = self._run(fault, lambda studio: _publish(studio, ""))

    @rule(fault=FAULT, choice=st.integers(0, RECORDINGS))
    def publish_now(self, fault: tuple[int, How] | None, choice: int) -> None:
        is_done = self._on_one(fault, choice, lambda studio, entry: _publish(studio, entry.guid))
        self.is_settled = is_done and not self._is_another_due()

    def _is_another_due(self) -> bool:
        """Who asks for one episode does not get the others whose hour has come."""
        with self.world.studio() as studio:
            return bool(due(studio.store.load().catalogue, studio.clock.now()))

    @rule(choice=st.integers(0, RECORDINGS), position=st.integers(1, 3))
    def reschedule(self, choice: int, position: int) -> None:
        def move(studio: Studio, entry: Entry) -> None:
            schedule, moment = studio.show.schedule, studio.clock.now()
            studio.store.change(lambda now: moved(now, find_episode(now, entry.guid), position, schedule, moment))

        self._on_one(None, choice, move)
        self.is_settled = False

    @rule(fault=FAULT, choice=st.integers(0, RECORDINGS))
    def take_out(self, fault: tuple[int, How] | None, choice: int) -> None:
        def take(studio: Studio, entry: Entry) -> None:
            retract(studio, entry.guid)
            _publish(studio, "")

        self.is_settled = self._on_one(fault, choice, take)

    @precondition(lambda self: self.known)
    @rule()
    def repeat_until_done(self) -> None:
        assert self._run(None, lambda studio: _publish(studio, ""))
        self.is_settled = True

    @invariant()
    def identities_never_change(self) -> None:
        if not hasattr(self, "world"):
            return
        with self.world.studio() as studio:
            entries = studio.store.load().catalogue.entries
            for entry in entries:
                self._compare(entry)
                event(f"an episode is {entry.state}")
            event("settled" if self.is_settled else "in the middle")
            assert {known.guid for known in self.known.values()} == {entry.guid for entry in entries}
        if self.is_settled:
            self.check_settled()

    def check_settled(self) -> None:
        with self.world.studio() as studio:
            check_public(studio, self.world.bucket, self.world.blog)
            assert doctor(studio) == ()
        ShowMachine.settled_looks += 1

    def _compare(self, entry: Entry) -> None:
        known = self.known.setdefault(entry.recording.sha256, Known(entry.guid))
        assert known.guid == entry.guid, "a recording got another guid"
        assert known.published_at in (None, entry.published_at), "a date on air changed"
        assert not known.is_retracted or entry.state is State.RETRACTED, "a retracted episode came back by itself"
        known.published_at, known.is_retracted = entry.published_at, entry.state is State.RETRACTED
        assert self.world.bucket.fetch(entry.recording.key) is not None, "a recording is lost"

    def _run(self, fault: tuple[int, How] | None, program: Callable[[Studio], object]) -> bool:
        """True where the program ran to its end."""
        self.is_settled = False
        at, how = fault or (0, How.REFUSED)
        faults = Faults(at, how, after_write=Listener(self.world).after)
        try:
            with self.world.studio(faults) as studio:
                program(studio)
        except (Killed, TryAgain):
            return False
        except NeedsOwner:  # not live, has no master yet, was retracted: the owner is told
            return False
        return at == 0 or at > len(faults.calls)

    def _on_one(self, fault: tuple[int, How] | None, choice: int, program: Callable[[Studio, Entry], object]) -> bool:
        with self.world.studio() as studio:
            entries = studio.store.load().catalogue.entries
        if not entries:
            return False
        return self._run(fault, lambda studio: program(studio, entries[choice % len(entries)]))

    def _name(self, choice: int) -> str:
        return self.names[sorted(self.names)[choice % len(self.names)]]

    def _write_notes(self, name: str, title: str) -> None:
        (self.place.episodes / f"{name}.md").write_text(f'---\ntitle: "{title}"\n---\nWords of {title}.\n', "utf-8")
        self.is_settled = False


def _publish(studio: Studio, episode: str) -> None:
    publish(studio, Request(episode, is_early=True))
    announce(studio)


_ALWAYS = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}
"""A step takes as long as mastering does."""


def settled_looks_of(chosen: settings) -> int:
    """How often random histories came to rest and were compared as a whole; a difference is raised."""
    before = ShowMachine.settled_looks
    run_state_machine_as_test(ShowMachine, settings=chosen)
    return ShowMachine.settled_looks - before


def test_short_histories() -> None:
    chosen = settings(max_examples=4, stateful_step_count=6, derandomize=True, **_ALWAYS)
    assert settled_looks_of(chosen) > 0


def test_a_clock_set_back_after_a_killed_publish_breaks_no_embargo() -> None:
    show = ShowMachine()
    show.begin()
    try:
        show.publish_now(choice=0, fault=(18, How.KILLED_BEFORE))
        show.let_time_pass(hours=-2)
        show.repeat_until_done()
        assert show.is_settled
        show.check_settled()
    finally:
        show.teardown()


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_long_histories() -> None:
    chosen = settings(max_examples=60, stateful_step_count=30, **_ALWAYS)
    assert settled_looks_of(chosen) > 100
