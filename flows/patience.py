"""Effects as Prefect tasks: one each, and again only while time may heal what went wrong."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from prefect import get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from pillarcast.errors import Conflict, PillarcastError, TryAgain
from pillarcast.model.wanted import Step
from pillarcast.pipeline.publishing import Publication

T = TypeVar("T")

PAUSES_S = (2.0, 10.0, 60.0)
"""Between attempts: a hiccup, a restart, a short outage. What lasts longer, the next run heals."""

STEP_NAMES = {
    Step.PARTS: "parts of the feed",
    Step.MEDIA: "audio and pictures public",
    Step.PAGES: "pages",
    Step.POSTS: "posts on the blogs",
    Step.FEED: "feed",
    Step.REMOVE: "tidy up",
}


class Attempts:
    """Runs effects as tasks. `gave_up` is the error that outlasted every pause, so that nobody tries it once more."""

    def __init__(self) -> None:
        self.gave_up: PillarcastError | None = None

    def run_step(self, publication: Publication, step: Step) -> None:
        """One step of a publication; steps without an effect make no task. Where another run changed the catalogue
        meanwhile, all is planned anew: that is no failure of the task, and its log calls it none."""
        if step not in STEP_NAMES or not any(publication.plan.of(step)):
            return
        conflicts: list[Conflict] = []

        def carry_out() -> State[Any] | None:
            try:
                publication.carry_out(step)
            except Conflict as conflict:
                conflicts.append(conflict)
                return Completed(name="Planned anew", message=str(conflict))
            return None

        self.effect(STEP_NAMES[step], carry_out)
        for conflict in conflicts:
            self.gave_up = conflict
            raise conflict

    def effect(self, name: str, work: Callable[[], T]) -> T:
        """Runs `work` as a task of that name, up to four times while it raises what time may heal."""
        attempt = _Attempt(work)
        effect = task(
            name=name,
            task_run_name=name,
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=len(PAUSES_S),
            retry_delay_seconds=list(PAUSES_S),
            retry_condition_fn=attempt.may_heal,
        )(attempt.run)
        try:
            return effect()
        except PillarcastError as error:
            self.gave_up = error
            raise

    def patiently(self, work: Callable[[], T]) -> T:
        """For what comes between the effects, such as reading the catalogue."""
        for pause_s in PAUSES_S:
            try:
                return work()
            except TryAgain as error:
                if error is self.gave_up:
                    raise
                get_run_logger().warning("%s Trying again in %.0f s.", error, pause_s)
                time.sleep(pause_s)
        return work()


class _Attempt(Generic[T]):
    """Remembers why it failed, because Prefect's condition is given a state, not the error."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._error: Exception | None = None

    def run(self) -> T:
        try:
            return self._work()
        except Exception as error:
            self._error = error
            raise

    def may_heal(self, *_: object) -> bool:
        """A conflict is no matter of waiting: the pipeline plans anew."""
        return isinstance(self._error, TryAgain) and not isinstance(self._error, Conflict)


class PlainWords(logging.Filter):
    """Our errors say all that helps in one sentence: their tracebacks stay out of the run's log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], PillarcastError):
            record.msg, record.args, record.exc_info = str(record.exc_info[1]), (), None
        return True


for _name in ("prefect.task_runs", "prefect.flow_runs"):
    logging.getLogger(_name).addFilter(PlainWords())
