"""Approval: the plan is shown, and nothing happens until a person says yes in the UI."""

from __future__ import annotations

import asyncio
from collections import Counter

from prefect.flow_runs import apause_flow_run
from prefect.input import RunInput
from pydantic import Field

from flows.desk import Desk
from flows.facts import plan_rows
from flows.pages import keep_table
from pillarcast.errors import NeedsOwner
from pillarcast.model.plan import Plan
from pillarcast.pipeline.planning import Request, plan

_LOOK_EVERY_S = 2
_LONGER_S = 300
"""By so much the server's patience is longer than ours: it has words of its own for a run whose time is up."""


class Approval(RunInput):
    """What the person answers."""

    is_approved: bool = Field(default=True, title="Publish it", description="Off ends the run; nothing is published.")


def wait_for_approval(desk: Desk, request: Request, hours: float) -> None:
    """Returns when somebody said yes to what would be done now. NeedsOwner where nobody did, or somebody said no."""
    approved = ""
    while True:
        planned, _ = plan(desk.studio, desk.studio.store.load().catalogue, request)
        question = _question(desk, planned)
        if not planned or question == approved:
            return
        if approved:
            desk.say("The plan is no longer the one that was approved: it is asked for again.")
        keep_table(plan_rows(desk.studio, planned), "The plan, waiting for approval")
        where = "press Resume, behind ⋮ at the top of the run's page"
        desk.say(f"Waiting for approval of {len(planned.actions)} changes, up to {hours} hours: {where}.")
        _wait_for_yes(question, hours)
        approved = question


def _wait_for_yes(question: str, hours: float) -> None:
    try:
        answer = asyncio.run(_ask(question, hours))
    except TimeoutError:
        raise _not_published(f"nobody approved it in {hours} hours") from None
    if not answer.is_approved:
        raise _not_published("somebody said no")


async def _ask(question: str, hours: float) -> Approval:
    asked = Approval.with_initial_data(description=question)
    seconds = hours * 3600
    pause = apause_flow_run(wait_for_input=asked, timeout=round(seconds) + _LONGER_S, poll_interval=_LOOK_EVERY_S)
    return await asyncio.wait_for(pause, seconds)


def _not_published(why: str) -> NeedsOwner:
    return NeedsOwner("publish", f"nothing was published: {why}", "Run it again when it may go live.")


def _question(desk: Desk, planned: Plan) -> str:
    """The plan for a dialog: alike changes are one line; the whole of it stands in the table."""
    rows = Counter((str(row["what"]), str(row["of what"])) for row in plan_rows(desk.studio, planned))
    lines = [f"| {what} | {title or '–'} | {count} |" for (what, title), count in rows.items()]
    airs = [f"**“{air.title}”** goes on air." for air in planned.airs]
    return "\n\n".join([*airs, "\n".join(["| what | of what | changes |", "|---|---|---|", *lines])])
