"""The flow `retract`: takes an episode or article out of feed, pages and blogs, or out of the queue."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.bringing import aired_too, bring_up_to_date
from flows.desk import Desk, Ending, at_desk
from flows.limits import one_at_a_time
from flows.orders import RetractOrder
from pillarcast.errors import NeedsOwner
from pillarcast.model.naming import title_of
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.retracting import NOTICE, notice_of, put_back
from pillarcast.pipeline.retracting import retract as mark_retracted


@flow(
    name="retract",
    description=f"Takes an episode or article out of feed, pages and blogs, or out of the queue. {NOTICE}",
    flow_run_name="retract",
)
async def retract(order: RetractOrder) -> State[Any]:
    return await at_desk(lambda desk: _retract(desk, order))


def _retract(desk: Desk, order: RetractOrder) -> Ending:
    if order.puts_back:
        return _put_back(desk, order)
    if not order.is_sure:
        raise NeedsOwner(order.episode, "was not retracted", "Switch on “Yes, take it out” and run it again.")
    # Marked before it waits for its turn: whatever stops this run, the next one takes the episode out.
    piece = mark_retracted(desk.studio, order.episode)
    desk.call_run(f"retract “{title_of(piece)}”")
    desk.page.say(notice_of(piece))
    with one_at_a_time(desk.show):
        brought = bring_up_to_date(desk, Request())
    return Ending(f"Retracted: “{title_of(piece)}”.{aired_too([brought])}")


def _put_back(desk: Desk, order: RetractOrder) -> Ending:
    piece = put_back(desk.studio, order.episode)
    desk.call_run(f"put back “{title_of(piece)}”")
    with one_at_a_time(desk.show):
        brought = bring_up_to_date(desk, Request())
    return Ending(f"Put back: “{title_of(piece)}”.{aired_too([brought])}")
