"""What a run puts on air stands in Prefect before the feed says it: who finds the run dead says what it left unsaid."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import httpx
from prefect import get_run_logger
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterStartTime,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import PrefectException
from prefect.runtime import flow_run

from flows.facts import hour
from flows.shows import Served
from flows.telling import AGAIN_AFTER_S, Kind, Teller
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.plan import Air
from pillarcast.pipeline.studio import Studio

_MARK = "pillarcast.airs"
_DEAD = (StateType.CRASHED, StateType.CANCELLED)


def mark_airs(airs: Iterable[Air]) -> None:
    """On the run that does it. Without an answer of the server the show goes on air all the same."""
    guids, run_id = " ".join(air.guid for air in airs), flow_run.get_id()
    if not guids or not run_id:
        return
    try:
        with get_client(sync_client=True) as client:
            client.update_flow_run_labels(UUID(run_id), {_MARK: guids})
    except (httpx.HTTPError, PrefectException) as error:
        get_run_logger().warning("Prefect was not told what airs (%s).", type(error).__name__)


async def tell_what_was_left_unsaid(
    client: PrefectClient, show: Served, studio: Studio, catalogue: Catalogue, teller: Teller
) -> None:
    """Of each episode that a dead run brought into the feed, once. Not what another run put on air: that one speaks."""
    if Kind.SUCCESS.value not in teller.wanted.on:
        return  # nobody wants it, so Prefect is not asked for it each minute
    runs = await _runs_since(client, show, studio.clock.now() - timedelta(seconds=AGAIN_AFTER_S))
    dead = [run for run in runs if run.state_type in _DEAD]
    said = {guid for run in runs if run not in dead for guid in _marked(run)}
    unsaid = {guid for run in dead for guid in _marked(run)} - said
    in_feed = unsaid & {line.guid for line in catalogue.ledger}
    for entry in catalogue.live.where(lambda card: card.guid in in_feed):
        title, words = f"Live: “{entry.episode.title}”.", _words(studio, entry)
        await asyncio.to_thread(teller.tell, Kind.SUCCESS, title, (), words, once=f"live {entry.guid}")


async def _runs_since(client: PrefectClient, show: Served, since: datetime) -> list[FlowRun]:
    return await client.read_flow_runs(
        deployment_filter=DeploymentFilter(name=DeploymentFilterName(any_=[show.key])),
        flow_run_filter=FlowRunFilter(start_time=FlowRunFilterStartTime(after_=since)),
        sort=FlowRunSort.START_TIME_DESC,
    )


def _marked(run: FlowRun) -> list[str]:
    return str(run.labels.get(_MARK, "")).split()


def _words(studio: Studio, entry: Entry) -> str:
    return (
        f"On air since {hour(studio, entry.published_at)}: {studio.addresses.page(entry.slug)}\n\n"
        "The run that put it on air was cut off before it could say so."
    )
