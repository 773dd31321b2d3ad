"""The flow `weekly`: the show's hour has come; what is due goes on air."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State

from flows.bringing import bring_up_to_date
from flows.desk import Desk, Ending, at_desk
from flows.facts import hour, way_to_fill
from flows.hours import plan_extra_runs
from flows.limits import one_at_a_time
from flows.publish import ending_of
from pillarcast.errors import Problem
from pillarcast.model.left_open import is_left_open
from pillarcast.model.plan import due
from pillarcast.model.queue_words import Filling
from pillarcast.model.queueing import on_schedule, postponed
from pillarcast.model.schedule import Schedule, next_slot, slots_after
from pillarcast.pipeline.planning import Request, due_articles

CLOCKS_DIFFER = timedelta(minutes=2)
"""A run that the server starts at the slot may see the slot still ahead on its own clock: it waits so long for it."""
FRESH = timedelta(hours=12)
"""Missed runs come all at once after a pause; only the one of the day says that nothing is queued."""


@flow(
    name="weekly",
    description="Runs at the show's air time (`schedule` in show.toml) and publishes what is due. "
    "After a pause it catches up once.",
    flow_run_name="weekly",
)
async def weekly() -> State[Any]:
    return await at_desk(_weekly)


def _weekly(desk: Desk) -> Ending:
    _wait_for_slot(desk)
    studio = desk.studio
    plan_extra_runs(desk.show, studio.show.schedule, studio.store.load().catalogue, studio.clock.now())
    with one_at_a_time(desk.show):
        catalogue = studio.store.load().catalogue
        now = studio.clock.now()
        is_due = bool(due(postponed(catalogue, studio.show.schedule, now), now)) or any(due_articles(catalogue, now))
        brought = bring_up_to_date(desk, Request())
        ending = ending_of(desk, brought)
    fresh = [card for card in catalogue.live.cards if now - card.aired_at < FRESH]
    if is_due or brought.titles:  # also what a dead run left to be finished
        return ending
    if fresh:
        return _on_air(desk, fresh[0].title, ending)
    if is_left_open(catalogue) and not _is_slot(studio.show.schedule, now):
        return ending
    return _nothing_queued(desk, now)


def _is_slot(schedule: Schedule, now: datetime) -> bool:
    """Whether the show's hour has just come: who makes up for a run that died on another day misses no episode."""
    return next(slots_after(schedule, now - FRESH)) <= now + CLOCKS_DIFFER


def _on_air(desk: Desk, title: str, ending: Ending) -> Ending:
    """Changes that were still to be made are news: a run that died may have left them."""
    if ending.is_news:
        desk.call_run(f"weekly: “{title}” is on air, the rest was done")
        return ending
    desk.call_run(f"weekly: “{title}” is on air, nothing to do")
    return Ending(f"“{title}” is on air already, and nothing else is due.", is_news=False)


def _wait_for_slot(desk: Desk) -> None:
    for entry in desk.studio.store.load().catalogue.queue:
        ahead = (entry.slot - desk.studio.clock.now()) if entry.slot else CLOCKS_DIFFER
        if timedelta(0) < ahead < CLOCKS_DIFFER:
            desk.say(f"“{entry.episode.title}” airs in {ahead.total_seconds():.0f} s.")
            time.sleep(ahead.total_seconds())


def _nothing_queued(desk: Desk, now: datetime) -> Ending:
    schedule = desk.studio.show.schedule
    following = hour(desk.studio, next_slot(schedule, now))
    planned_at = runtime.flow_run.get_scheduled_start_time() or now
    today = planned_at.astimezone(schedule.tz).date()
    desk.call_run(f"weekly {today}: nothing queued")
    if today in schedule.skip:
        return Ending(f"No episode on {today}: show.toml skips it. Next slot: {following}.", is_news=False)
    if now - planned_at > FRESH:
        return Ending(f"Caught up with {today}: nothing is due any more.", is_news=False)
    queued = on_schedule(desk.studio.store.load().catalogue, schedule, now)
    mend = f"{way_to_fill(desk.studio, queued, Filling.NOW)} The next slot is {following}."
    desk.warn([Problem(desk.studio.show.show.title, "nothing queued for today's slot", mend, is_warning=True)])
    return Ending("nothing queued", is_news=False)
