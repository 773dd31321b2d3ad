"""Asking for runs: once for each content, once for each hour, whoever asks; a tag says why. Runs by hand have none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import count

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType

from flows.contents import Settled
from flows.past_runs import of_show
from flows.shows import Served
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.known import is_known
from pillarcast.model.left_open import is_left_open
from pillarcast.model.plan import due
from pillarcast.pipeline.planning import due_articles

ACTIVE = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING]
_PATIENCE = timedelta(minutes=3)
"""The show's own run has so long to begin before another one is asked for."""
_ANEW_EVERY_S, _POSTS_EVERY_S = 900, 3600


async def ask_for_ingest(
    client: PrefectClient, show: Served, settled: Settled, load: Callable[[], Catalogue]
) -> FlowRun:
    """The run that takes this content: the one there is, unless it ended without the content being taken, or began
    before the drop was changed to another one and back."""
    key = f"{show.key}:{settled.content}"
    run = await _asked_for(client, show, settled, load, key)
    if settled.change and run.start_time is not None:
        run = await _asked_for(client, show, settled, load, f"{key}:{settled.change}")
    return run


async def _asked_for(
    client: PrefectClient, show: Served, settled: Settled, load: Callable[[], Catalogue], key: str
) -> FlowRun:
    deployment = await client.read_deployment_by_name(f"ingest/{show.key}")
    for attempt in count(1):
        run = await client.create_flow_run_from_deployment(
            deployment.id,
            parameters={"order": {"drop": settled.asked}},
            idempotency_key=key + (f":{attempt}" if attempt > 1 else ""),
            name=f"ingest {settled.asked or 'everything in episodes/'}",
            tags=["drop"],
        )
        if not _is_lost(run, settled, load):
            return run
    raise AssertionError


def _is_lost(run: FlowRun, settled: Settled, load: Callable[[], Catalogue]) -> bool:
    """Whether the run ended, and the drop was neither taken nor refused. What was restored since is no loss."""
    if run.state is None or not run.state.is_final():
        return False
    catalogue = load()
    if run.state.is_completed():
        return bool(settled.name) and not is_known(catalogue, settled.name, settled.recording_sha256)
    return settled.is_new or all(refusal.source != settled.name for refusal in catalogue.refusals)


async def ask_for_overdue(client: PrefectClient, show: Served, catalogue: Catalogue, now: datetime) -> FlowRun | None:
    """A run of `weekly` for what is due and on which nobody works: its own run died, failed, or never came."""
    since = now - _PATIENCE
    if not due(catalogue, since) and not any(due_articles(catalogue, since)) and not is_left_open(catalogue):
        return None
    if await _is_worked_on(client, show, now):
        return None
    return await _once(client, show, "weekly: what is overdue", "overdue", now)


async def ask_for_closing(client: PrefectClient, show: Served, now: datetime) -> FlowRun:
    """A run of `publish` that takes away the private feed of somebody whose last day is over."""
    return await _once(client, show, "publish: a private feed has expired", "expired", now)


async def ask_for_posts(client: PrefectClient, show: Served, now: datetime) -> FlowRun | None:
    """A run of `publish`, once an hour, for posts on a blog that did not answer, or answered wrongly."""
    if await _is_worked_on(client, show, now):
        return None
    return await _once(client, show, "publish: posts that a blog has not yet", "posts", now, _POSTS_EVERY_S)


def posts_left_open(catalogue: Catalogue, blogs: Iterable[str]) -> bool:
    """Whether a post on one of these blogs was begun, and nobody knows what came of it."""
    named = {*blogs}
    open_posts = (name for name, record in catalogue.posts.items() if not record.inputs and not record.is_withdrawn)
    return any(name.partition("/")[0] in named for name in open_posts)


async def _once(  # noqa: PLR0917 - all that a run is asked for with
    client: PrefectClient, show: Served, name: str, tag: str, now: datetime, every_s: int = _ANEW_EVERY_S
) -> FlowRun:
    """A run of the flow that `name` begins with: one in so many seconds, whoever asks."""
    deployment = await client.read_deployment_by_name(f"{name.partition(':')[0]}/{show.key}")
    key = f"{tag}:{show.key}:{int(now.timestamp()) // every_s}"
    return await client.create_flow_run_from_deployment(deployment.id, idempotency_key=key, name=name, tags=[tag])


async def _is_worked_on(client: PrefectClient, show: Served, now: datetime) -> bool:
    """Whether a run that publishes is under way, or waits for somebody to take it."""
    runs = await client.read_flow_runs(
        flow_filter=FlowFilter(name=FlowFilterName(any_=["weekly", "publish", "retract"])),
        deployment_filter=of_show(show),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=ACTIVE)),
            expected_start_time=FlowRunFilterExpectedStartTime(before_=now),
        ),
        limit=1,
    )
    return bool(runs)
