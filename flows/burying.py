"""Runs that were under way when everything ended: called crashed, so that nobody waits for them."""

from __future__ import annotations

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

_UNDER_WAY = (StateType.RUNNING, StateType.PENDING, StateType.CANCELLING, StateType.PAUSED)
_DEAD = "pillarcast was stopped in the middle of it. Nothing is half done that the next run does not finish."


async def bury_dead_runs(client: PrefectClient) -> None:
    """Only for who knows that nobody else runs flows of this server."""
    types = FlowRunFilterStateType(any_=[*_UNDER_WAY])
    runs = await client.read_flow_runs(flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=types)), limit=200)
    for run in runs:
        await client.set_flow_run_state(run.id, Crashed(message=_DEAD), force=True)
