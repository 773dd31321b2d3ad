"""Puts a show's deployments on the server, pauses them, and takes them away again."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import StateType
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner

from flows.deploying import Offer, deployment_of, offers, prepare_limit
from flows.hours import OWN_HOUR
from flows.leavers import Stand
from flows.roll import Line, Roll
from flows.shows import Served
from pillarcast.errors import SettingsError
from pillarcast.model.show import Notify

_SHOWS_AT_ONCE = 4
"""Told to a server with workers. Alone one after the other: many writers at once stall SQLite."""


@dataclass
class Counter:
    """`runner` takes the runs that belong here; with a `pool`, its workers take all others. `places` is held by whoever
    makes a show's deployments. `is_alone` where nobody else runs flows of this server."""

    client: PrefectClient
    runner: Runner
    pool: str = ""
    is_alone: bool = False
    roll: Roll = field(default_factory=Roll)
    places: asyncio.Semaphore = field(init=False)
    _names: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = asyncio.Semaphore(_SHOWS_AT_ONCE if self.pool else 1)

    async def offer(self, show: Served, notify: Notify | None = None) -> None:
        """What is there already is made as show.toml says now, its schedules included. SettingsError where another show
        goes by that name."""
        is_new = show.key not in self._names
        if self._names.setdefault(show.key, show.file) != show.file:
            what = f"another show goes by “{show.key}”"
            raise SettingsError(str(show.file), what, "Give one of them another title.")
        await prepare_limit(self.client, show, is_alone=self.is_alone and is_new)
        put = [(offer, await self._put(offer, show)) for offer in offers(show)]
        scheduled = tuple(found for offer, found in put if offer.schedule)
        line = Line(stand=Stand.of(show.file), notify=notify or Notify(), scheduled=scheduled)
        await asyncio.to_thread(self.roll.enter, show.key, line)

    async def _put(self, offer: Offer, show: Served) -> UUID:
        if self.pool and not offer.is_local:
            return await (await deployment_of(offer, show, self.pool)).aapply()
        return await self.runner.aadd_deployment(await deployment_of(offer, show))

    async def pause(self, key: str) -> None:
        """For a show whose folder was taken away: whatever it would run by itself would fail. Its deployments stay, and
        all that hangs on them; to `offer` them once more lets them go on."""
        line = self.roll.lines[key]
        for deployment in line.scheduled:
            with suppress(ObjectNotFound):
                await self.client.pause_deployment(deployment)
        await self._forget_own_hours(line)
        self._names.pop(key, None)

    async def _forget_own_hours(self, line: Line) -> None:
        """Prefect takes back what stands in a schedule, and we what we asked for beside it: asked for anew one day."""
        if not line.scheduled:
            return
        waiting = FlowRunFilter(
            tags=FlowRunFilterTags(all_=[OWN_HOUR]),
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        )
        of_ours = DeploymentFilter(id=DeploymentFilterId(any_=[*line.scheduled]))
        for run in await self.client.read_flow_runs(deployment_filter=of_ours, flow_run_filter=waiting):
            with suppress(ObjectNotFound):
                await self.client.delete_flow_run(run.id)

    async def withdraw(self, show: Served) -> None:
        """For a show that goes by another name now: otherwise it would air by both."""
        for offer in offers(show):
            with suppress(ObjectNotFound):
                deployment = await self.client.read_deployment_by_name(f"{offer.flow.name}/{show.key}")
                await self.client.delete_deployment(deployment.id)
        self._names.pop(show.key, None)
        await asyncio.to_thread(self.roll.strike, show.key)
