"""Puts a show's deployments on the server, and takes them away again."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound
from prefect.runner import Runner

from flows.deploying import deployment_of, offers, prepare_limit
from flows.shows import Served
from pillarcast.errors import SettingsError

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
    places: asyncio.Semaphore = field(init=False)
    _names: dict[str, Path] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places = asyncio.Semaphore(_SHOWS_AT_ONCE if self.pool else 1)

    async def offer(self, show: Served) -> None:
        """What is there already is made as show.toml says now, its schedules included. SettingsError where another show
        goes by that name."""
        is_new = show.key not in self._names
        if self._names.setdefault(show.key, show.file) != show.file:
            what = f"another show goes by “{show.key}”"
            raise SettingsError(str(show.file), what, "Give one of them another title.")
        await prepare_limit(self.client, show, is_alone=self.is_alone and is_new)
        for offer in offers(show):
            if self.pool and not offer.is_local:
                await (await deployment_of(offer, show, self.pool)).aapply()
            else:
                await self.runner.aadd_deployment(await deployment_of(offer, show))

    async def withdraw(self, show: Served) -> None:
        """For a show that goes by another name now: otherwise it would air by both."""
        for offer in offers(show):
            with suppress(ObjectNotFound):
                deployment = await self.client.read_deployment_by_name(f"{offer.flow.name}/{show.key}")
                await self.client.delete_deployment(deployment.id)
        self._names.pop(show.key, None)
