"""Which deployments a show has, and what a Prefect server must know besides: limits, and what becomes of dead runs."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from prefect import Flow
from prefect.automations import Automation
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import GlobalConcurrencyLimitCreate, GlobalConcurrencyLimitUpdate
from prefect.client.schemas.objects import StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.events import EventTrigger, Posture
from prefect.events.actions import ChangeFlowRunState
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.schedules import Schedule as PrefectSchedule
from prefect.types.entrypoint import EntrypointType

from flows.hours import air_time, day_before
from flows.import_feed import import_feed
from flows.ingest import ingest
from flows.publish import publish
from flows.queue import queue
from flows.reminder import reminder
from flows.retract import retract
from flows.shows import Served
from flows.verify import verify
from flows.weekly import weekly
from pillarcast import settings as knobs

CHANGES, LOOKS = "changes the show", "only looks"
"""Runs inherit the tags of their deployment: these are true of each, whoever asks for it."""
_ENDS = ("Completed", "Failed", "Crashed", "Cancelled")
_SILENT_AFTER = timedelta(seconds=100)
"""Three heartbeats of 30 s, and some patience."""
ENGINE = shlex.join([sys.executable, "-m", "prefect.engine"])
"""What a worker starts for a run. Named, because otherwise it starts a second process first, which looks for the code
of the flow; ours is installed. Every machine has the programs in the same place."""
_NOT_BEGUN_AFTER = timedelta(minutes=4)
"""A process begins within seconds, on a crowded machine within a minute."""


@dataclass(frozen=True)
class Offer:
    """One flow as a deployment. `is_local` runs only where the drop folder is."""

    flow: Flow[..., Any]
    tag: str
    schedule: PrefectSchedule | None = None
    is_local: bool = False


def offers(show: Served) -> tuple[Offer, ...]:
    """SettingsError where show.toml cannot be read."""
    _, described = knobs.load(show.file)
    return (
        Offer(ingest, CHANGES, is_local=True),
        Offer(publish, CHANGES),
        Offer(weekly, CHANGES, air_time(described.schedule)),
        Offer(reminder, LOOKS, day_before(described.schedule)),
        Offer(verify, LOOKS),
        Offer(queue, CHANGES),
        Offer(retract, CHANGES),
        Offer(import_feed, CHANGES, is_local=True),
    )


async def deployment_of(offer: Offer, show: Served, pool: str = "") -> RunnerDeployment:
    """Run from anywhere: the flow is imported by its module's name, from the installed package."""
    return await offer.flow.ato_deployment(
        name=show.key,
        description=offer.flow.description,
        tags=[show.key, offer.tag],
        schedules=[offer.schedule] if offer.schedule else [],
        entrypoint_type=EntrypointType.MODULE_PATH,
        work_pool_name=pool or None,
        job_variables={"command": ENGINE} if pool else None,
    )


async def prepare_limit(client: PrefectClient, show: Served, *, is_alone: bool) -> None:
    """What is there already stays as it is, but for places of the dead: where nobody else runs flows of this server, a
    place that is taken before we begin is held by nobody. The server's own memory of who holds it dies with it."""
    try:
        found = await client.read_global_concurrency_limit_by_name(show.limit)
    except ObjectNotFound:
        with suppress(ObjectAlreadyExists):
            await client.create_global_concurrency_limit(GlobalConcurrencyLimitCreate(name=show.limit, limit=1))
    else:
        if is_alone and found.active_slots:
            await client.update_global_concurrency_limit(show.limit, GlobalConcurrencyLimitUpdate(active_slots=0))


async def prepare_automations(client: PrefectClient) -> None:
    """Where several machines run flows, one of them may die in silence."""
    for automation in dead_runs():
        if not await client.read_automations_by_name(automation.name):
            await automation.acreate()


def dead_runs() -> Iterator[Automation]:
    """A run whose machine died would be called Running for ever. The show's next run does what it left undone."""
    yield _called_crashed(
        "A run fell silent",
        after="heartbeat",
        expect=("heartbeat", *_ENDS, "Paused", "Suspended"),
        within=_SILENT_AFTER,
        message="No heartbeat for 100 seconds: its process is taken for dead. The next run finishes what it began.",
    )
    yield _called_crashed(
        "A run never began",
        after="Pending",
        expect=("Running", "Paused", *_ENDS),
        within=_NOT_BEGUN_AFTER,
        message="Taken, and not begun within four minutes. The next run does its work.",
    )


def _called_crashed(name: str, after: str, expect: tuple[str, ...], within: timedelta, message: str) -> Automation:
    return Automation(
        name=name,
        description=message,
        trigger=EventTrigger(
            match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"},
            after={f"prefect.flow-run.{after}"},
            expect={f"prefect.flow-run.{event}" for event in expect},
            posture=Posture.Proactive,
            threshold=1,
            within=within,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, name="Silent", message=message)],
    )
