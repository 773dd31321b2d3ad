"""The flow `verify`: fetches the show as an app and a reader would, and compares it with what was published."""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State

from flows.desk import Desk, Ending, at_desk
from flows.facts import check_rows
from flows.orders import VerifyOrder
from flows.pages import keep_table
from pillarcast.model.naming import find_episode
from pillarcast.pipeline.verifying import check_verified
from pillarcast.pipeline.verifying import verify as verify_show


@flow(
    name="verify",
    description="Looks at the show from outside: feed, audio (length, type, ranges), pages, pictures. Changes nothing.",
    flow_run_name="verify",
)
async def verify(order: VerifyOrder = VerifyOrder()) -> State[Any]:  # noqa: B008 - the model is frozen
    return await at_desk(lambda desk: _verify(desk, order))


def _verify(desk: Desk, order: VerifyOrder) -> Ending:
    studio = desk.studio
    desk.call_run(f"verify {order.episode or 'the whole show'}")
    entry = find_episode(studio.store.load().catalogue, order.episode) if order.episode else None
    guids = [entry.guid] if entry else None
    checks = desk.attempts.effect("look from outside", lambda: verify_show(studio, guids, is_whole=order.is_whole))
    keep_table(check_rows(checks), "What was looked at from outside")
    desk.page.say(f"Feed: [{studio.addresses.feed}]({studio.addresses.feed})", "")
    check_verified(checks)
    if not checks:
        return Ending("Nothing is live yet, so there is nothing to look at.", is_news=False)
    return Ending(f"All {len(checks)} checks from outside are right.", is_news=False, report=checks)
