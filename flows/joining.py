"""All shows that are served, each with a watch of its own; those that come meanwhile join them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import PrefectException

from flows.newcomers import Newcomers
from flows.offering import Counter
from flows.renewing import OpenShow
from flows.shows import Served, key_of
from flows.watching import Watch
from pillarcast.errors import PillarcastError

logger = logging.getLogger("pillarcast.watching")
_LOOK_EVERY_S = 5.0


@dataclass
class Round:
    """`watches` grows with each show that joins; `stack` closes their houses."""

    client: PrefectClient
    counter: Counter
    stack: AsyncExitStack
    watches: list[Watch] = field(default_factory=list)

    async def begin(self, shows: Sequence[Served]) -> None:
        """SettingsError and the like for any of them: at the start somebody looks on."""
        await asyncio.gather(*(self._join(show) for show in shows))

    async def run(self) -> None:
        """For ever. A watch that breaks is a fault of ours and ends it all, instead of in silence."""
        newcomers = Newcomers({watch.served.show.file for watch in self.watches})
        tasks = {asyncio.create_task(watch.run()) for watch in self.watches}
        try:
            while True:
                done, _ = await asyncio.wait(tasks, timeout=_LOOK_EVERY_S)
                for task in done:
                    task.result()
                for file in await asyncio.to_thread(newcomers.at_rest):
                    tasks |= await self._joined(file, newcomers)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _joined(self, file: Path, newcomers: Newcomers) -> set[asyncio.Task[None]]:
        """Nothing where it cannot be served; it is tried again at the next look."""
        try:
            watch = await self._join(Served(await asyncio.to_thread(key_of, file), file))
        except PillarcastError as error:
            if line := newcomers.refused(file, error):
                logger.warning("%s", line)
            return set()
        except (httpx.HTTPError, PrefectException, OSError):  # the watches say that the server is away
            return set()
        newcomers.known.add(file)
        logger.info("%s: a new show, served from now on", watch.served.show.key)
        return {asyncio.create_task(watch.run())}

    async def _join(self, show: Served) -> Watch:
        opened = OpenShow(show, self.counter)
        await opened.begin()
        self.stack.callback(opened.close)
        watch = Watch(opened, self.client)
        await asyncio.to_thread(watch.folder.mkdir, parents=True, exist_ok=True)
        self.watches.append(watch)
        return watch
