"""The flow `publish`: what is due, or one episode now; with a person's approval where it is asked for."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.approving import wait_for_approval
from flows.bringing import Brought, bring_up_to_date
from flows.desk import Desk, Ending, at_desk
from flows.facts import hour
from flows.limits import one_at_a_time
from flows.orders import PublishOrder
from pillarcast.model.naming import find_episode
from pillarcast.model.schedule import next_slot
from pillarcast.pipeline.planning import Request


@flow(
    name="publish",
    description="Makes episodes live: audio, pages and posts first, the feed last, then looked at from outside. "
    "Running it again changes nothing that is right.",
    flow_run_name="publish",
)
async def publish(order: PublishOrder = PublishOrder()) -> State[Any]:  # noqa: B008 - the model is frozen
    return await at_desk(lambda desk: _publish(desk, order))


def _publish(desk: Desk, order: PublishOrder) -> Ending:
    desk.call_run(f"publish {order.episode or 'what is due'}")
    request = Request(
        _guid(desk, order.episode), is_early=order.is_early, allow=tuple(order.allow), overwrite=tuple(order.overwrite)
    )
    if order.has_approval:
        wait_for_approval(desk, request, order.approval_hours)
    with one_at_a_time(desk.show):
        return ending_of(desk, bring_up_to_date(desk, request))


def _guid(desk: Desk, name: str) -> str:
    """The identity of what was asked for, so that nothing renamed meanwhile is taken for it. The run gets its title."""
    if not name:
        return ""
    entry = find_episode(desk.studio.store.load().catalogue, name)
    desk.call_run(f"publish “{entry.episode.title}”")
    return entry.guid


def ending_of(desk: Desk, brought: Brought) -> Ending:
    titles = ", ".join(f"“{title}”" for title in brought.titles)
    if titles:
        desk.call_run(f"publish {titles}")
        return Ending(f"Live: {titles}.", report=brought)
    if brought.changes:
        return Ending(f"Up to date: {brought.changes} changes, nothing new on air.", report=brought)
    slot = hour(desk.studio, next_slot(desk.studio.show.schedule, desk.studio.clock.now()))
    return Ending(f"Nothing to do: the public sees what it should. Next slot: {slot}.", is_news=False, report=brought)
