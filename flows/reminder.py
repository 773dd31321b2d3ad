"""The flow `reminder`: the day before the show's hour, it warns when nothing is ready."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.desk import Desk, Ending, at_desk
from flows.facts import hour, way_to_fill
from flows.pages import keep_table
from pillarcast.errors import Problem
from pillarcast.model.catalogue import State as Stage
from pillarcast.model.queue_words import Filling
from pillarcast.model.queueing import airing_at, on_schedule
from pillarcast.model.schedule import next_slot

NEAR = timedelta(days=2)
"""Where the day after is skipped, the next slot is a week ahead, and there is time enough."""


@flow(
    name="reminder",
    description="Runs the day before the show's air time: says what airs, or warns that nothing is ready.",
    flow_run_name="reminder",
)
async def reminder() -> State[Any]:
    return await at_desk(_remind)


def _remind(desk: Desk) -> Ending:
    studio = desk.studio
    schedule, now = studio.show.schedule, studio.clock.now()
    catalogue = on_schedule(studio.store.load().catalogue, schedule, now)
    slot = next_slot(schedule, now)
    keep_table(
        [{"airs": hour(studio, e.slot), "episode": e.episode.title, "is": e.state.value} for e in catalogue.queue],
        "The queue",
    )
    airing = airing_at(catalogue, slot)
    ready = [entry for entry in airing if entry.state is Stage.QUEUED]
    if ready:
        desk.call_run(f"reminder: “{ready[0].episode.title}” is ready")
        return Ending(f"“{ready[0].episode.title}” airs {hour(studio, ready[0].slot)}.", is_news=False)
    mend = "Look why its master is missing: run `ingest`." if airing else way_to_fill(studio, catalogue, Filling.AHEAD)
    what = f"nothing is ready for {hour(studio, slot)}"
    if slot - now < NEAR:
        desk.warn([Problem(studio.show.show.title, what, mend, is_warning=True)])
    desk.call_run("reminder: nothing is ready")
    return Ending(f"Nothing is ready for {hour(studio, slot)}.", is_news=False)
