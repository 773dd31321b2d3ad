"""Runs whose process died: they are called crashed, and who serves the show tells their owner."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Crashed

from flows.past_runs import dead_since
from flows.shows import Served
from flows.telling import AGAIN_AFTER_S, Kind, Teller
from pillarcast.errors import Problem

_UNDER_WAY = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING, StateType.PAUSED)
_DEAD = "pillarcast was stopped in the middle of it. What had begun is finished by the next run."
_UNANSWERED = "pillarcast was stopped while it waited for a yes. Nothing was published by it."
_MEND = (
    "Nothing to do while pillarcast runs: what it had begun is finished within a quarter of an hour. "
    "What it had not begun stands in `pillarcast status` as it was: press Run once more."
)
_ASK_AGAIN = "Press Run once more, and answer."


async def bury_dead_runs(client: PrefectClient) -> None:
    """Only for who knows that nobody else runs flows of this server."""
    types = FlowRunFilterStateType(any_=[*_UNDER_WAY])
    runs = await client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=types)), limit=200)
    for run in runs:
        message = _UNANSWERED if run.state_type is StateType.PAUSED else _DEAD
        await client.set_flow_run_state(run.id, Crashed(message=message), force=True)


async def tell_of_the_dead(client: PrefectClient, show: Served, teller: Teller, now: datetime) -> None:
    """Each once; what died longer ago than tellers remember is history."""
    dead = await dead_since(client, show, now - timedelta(seconds=AGAIN_AFTER_S))
    for run in [run for run in dead if run.state_type is StateType.CRASHED]:
        title = f"{run.name} was cut off"
        await asyncio.to_thread(teller.tell, Kind.FAILURE, title, [_what_happened(run)], once=str(run.id))


def _what_happened(run: FlowRun) -> Problem:
    said = " ".join((run.state.message if run.state and run.state.message else "its process ended").split())
    return Problem(run.name, f"was cut off: {said}", _ASK_AGAIN if said == _UNANSWERED else _MEND)
