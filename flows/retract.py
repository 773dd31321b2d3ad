"""The flow `retract`: takes a live episode or article out of feed, pages and blogs."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.bringing import bring_up_to_date
from flows.desk import Desk, Ending, at_desk
from flows.limits import one_at_a_time
from flows.orders import RetractOrder
from pillarcast.errors import NeedsOwner
from pillarcast.model.naming import title_of
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.retracting import NOTICE, notice_of
from pillarcast.pipeline.retracting import retract as mark_retracted


@flow(
    name="retract",
    description=f"Takes a live episode or article out of feed, pages and blogs. {NOTICE}",
    flow_run_name="retract",
)
async def retract(order: RetractOrder) -> State[Any]:
    return await at_desk(lambda desk: _retract(desk, order))


def _retract(desk: Desk, order: RetractOrder) -> Ending:
    if not order.is_sure:
        raise NeedsOwner(order.episode, "was not retracted", "Switch on “Yes, take it out” and run it again.")
    with one_at_a_time(desk.show):
        piece = mark_retracted(desk.studio, order.episode)
        desk.page.say(notice_of(piece))
        bring_up_to_date(desk, Request())
    desk.call_run(f"retract “{title_of(piece)}”")
    return Ending(f"Retracted: “{title_of(piece)}”.")
