"""Approval: the plan is shown, and nothing happens until a person says yes in the UI."""

from __future__ import annotations

from prefect import pause_flow_run
from prefect.exceptions import FlowPauseTimeout
from prefect.input import RunInput
from pydantic import Field

from flows.desk import Desk
from flows.facts import plan_rows
from flows.pages import keep_table
from pillarcast.errors import NeedsOwner
from pillarcast.model.plan import Plan
from pillarcast.pipeline.planning import Request, plan

_LOOK_EVERY_S = 2


class Approval(RunInput):
    """What the person answers."""

    is_approved: bool = Field(default=True, title="Publish it", description="Off ends the run; nothing is published.")


def wait_for_approval(desk: Desk, request: Request, hours: int) -> None:
    """Returns when somebody said yes. NeedsOwner where nobody did, or somebody said no."""
    planned, _ = plan(desk.studio, desk.studio.store.load().catalogue, request)
    if not planned:
        return
    keep_table(plan_rows(desk.studio, planned), "The plan, waiting for approval")
    desk.say(f"Waiting for approval of {len(planned.actions)} changes, up to {hours} hours: press Resume.")
    asked = Approval.with_initial_data(description=_question(desk, planned))
    try:
        answer = pause_flow_run(
            wait_for_input=asked,
            timeout=hours * 3600,
            poll_interval=_LOOK_EVERY_S,
            _sync=True,  # type: ignore[call-overload]
        )
    except FlowPauseTimeout:
        raise _not_published(f"nobody approved it in {hours} hours") from None
    if not answer.is_approved:
        raise _not_published("somebody said no")


def _not_published(why: str) -> NeedsOwner:
    return NeedsOwner("publish", f"nothing was published: {why}", "Run it again when it may go live.")


def _question(desk: Desk, planned: Plan) -> str:
    rows = [f"| {row['what']} | {row['of what']} | `{row['where']}` |" for row in plan_rows(desk.studio, planned)]
    return "\n".join(["## May this be published?", "", "| what | of what | where |", "|---|---|---|", *rows])
