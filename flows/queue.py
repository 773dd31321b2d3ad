"""The flow `queue`: what airs when, and an episode moved to another place."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.bringing import aired_too, bring_up_to_date
from flows.desk import Desk, Ending, at_desk
from flows.facts import hour
from flows.limits import one_at_a_time
from flows.orders import QueueOrder
from flows.pages import keep_table
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.naming import find_episode
from pillarcast.model.queue_words import place_of
from pillarcast.model.queueing import moved, on_schedule
from pillarcast.pipeline.planning import Request


@flow(
    name="queue",
    description="Shows what airs when. With an episode and a position, moves it: one airs in each slot ahead, in the "
    "new order.",
    flow_run_name="queue",
)
async def queue(order: QueueOrder = QueueOrder()) -> State[Any]:  # noqa: B008 - the model is frozen
    return await at_desk(lambda desk: _queue(desk, order))


def _queue(desk: Desk, order: QueueOrder) -> Ending:
    catalogue = desk.studio.store.load().catalogue
    aired = ""
    if order.episode:
        found = find_episode(catalogue, order.episode)
        desk.call_run(f"queue: “{found.episode.title}” to {order.position}")
        schedule, moment = desk.studio.show.schedule, desk.studio.clock.now()
        change = lambda now: moved(now, now.entry(found.guid), order.position, schedule, moment)  # noqa: E731
        catalogue = desk.studio.store.change(change).catalogue
        with one_at_a_time(desk.show):
            aired = aired_too([bring_up_to_date(desk, Request())])  # pages and posts announce what airs next
    catalogue = on_schedule(catalogue, desk.studio.show.schedule, desk.studio.clock.now())
    _show(desk, catalogue)
    upcoming = catalogue.queue[0] if catalogue.queue else None
    if upcoming is None:
        return Ending(f"Nothing is queued.{aired}", is_news=bool(aired))
    follows = f"Next: “{upcoming.episode.title}”, {hour(desk.studio, upcoming.slot)}."
    return Ending(f"{follows}{aired}", is_news=bool(aired))


def _show(desk: Desk, catalogue: Catalogue) -> None:
    rows: list[dict[str, object]] = [
        {
            "position": place,
            "airs": hour(desk.studio, entry.slot),
            "episode": entry.episode.title,
            "file": entry.source,
            "is": entry.state.value,
            "why": place_of(catalogue, entry),
        }
        for place, entry in enumerate(catalogue.queue, start=1)
    ]
    keep_table(rows, "The queue")
    desk.page.say(*(f"{row['position']}. {row['episode']}: {row['airs']}" for row in rows))
