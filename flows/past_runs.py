"""What Prefect remembers of a show's runs."""

from __future__ import annotations

from datetime import datetime

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort

from flows.shows import Served

DEAD = [StateType.CRASHED, StateType.CANCELLED]


def of_show(show: Served) -> DeploymentFilter:
    """All of its deployments."""
    return DeploymentFilter(name=DeploymentFilterName(any_=[show.key]))


async def dead_since(client: PrefectClient, show: Served, since: datetime) -> list[FlowRun]:
    """By when their death was seen, which may be long after they began: they wait for a yes, and nobody is there to
    see it while the machine is off."""
    which = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=DEAD)), end_time=FlowRunFilterEndTime(after_=since)
    )
    return await _runs(client, show, which, FlowRunSort.END_TIME_DESC)


async def others_since(client: PrefectClient, show: Served, since: datetime) -> list[FlowRun]:
    """By when they began."""
    which = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(not_any_=DEAD)),
        start_time=FlowRunFilterStartTime(after_=since),
    )
    return await _runs(client, show, which, FlowRunSort.START_TIME_DESC)


async def _runs(client: PrefectClient, show: Served, which: FlowRunFilter, sort: FlowRunSort) -> list[FlowRun]:
    return await client.read_flow_runs(deployment_filter=of_show(show), flow_run_filter=which, sort=sort)
