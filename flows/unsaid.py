"""What a run puts on air stands in Prefect before the feed says it: who finds the run dead says what it left unsaid."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import httpx
from prefect import get_run_logger
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import PrefectException
from prefect.runtime import flow_run

from flows.facts import hour
from flows.past_runs import dead_since, others_since
from flows.shows import Served
from flows.telling import AGAIN_AFTER_S, Kind, Teller
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.plan import Air
from pillarcast.pipeline.studio import Studio

_MARK = "pillarcast.airs"


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
    memory = timedelta(seconds=AGAIN_AFTER_S)
    since = studio.clock.now() - memory
    dead = await dead_since(client, show, since)
    in_feed = _marked(dead) & {line.guid for line in catalogue.ledger}
    if not in_feed:
        return
    began = min((run.start_time for run in dead if run.start_time and _marked([run])), default=since)
    unsaid = in_feed - _marked(await others_since(client, show, began - memory))
    for entry in catalogue.live.where(lambda card: card.guid in unsaid):
        title, words = f"Live: “{entry.episode.title}”.", _words(studio, entry)
        await asyncio.to_thread(teller.tell, Kind.SUCCESS, title, (), words, once=f"live {entry.guid}")


def _marked(runs: Iterable[FlowRun]) -> set[str]:
    return {guid for run in runs for guid in str(run.labels.get(_MARK, "")).split()}


def _words(studio: Studio, entry: Entry) -> str:
    return (
        f"On air since {hour(studio, entry.published_at)}: {studio.addresses.page(entry.slug)}\n\n"
        "The run that put it on air was cut off before it could say so."
    )
