"""All shows that are served, each with a watch of its own; those that come meanwhile join them, and others leave."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import PrefectException

from flows.leavers import Leavers, taken_away
from flows.newcomers import Newcomers
from flows.offering import Counter
from flows.renewing import OpenShow
from flows.shows import Served, key_of
from flows.telling import Kind, Teller
from flows.watching import Watch
from pillarcast.errors import PillarcastError

logger = logging.getLogger("pillarcast.watching")
_LOOK_EVERY_S = 5.0


@dataclass
class Round:
    """`watches` grows with each show that joins, and shrinks with each whose folder was taken away; `stack` closes the
    houses of all."""

    client: PrefectClient
    counter: Counter
    stack: AsyncExitStack
    watches: list[Watch] = field(default_factory=list)
    _leavers: Leavers = field(default_factory=Leavers)
    _tasks: dict[Path, asyncio.Task[None]] = field(default_factory=dict)

    async def begin(self, shows: Sequence[Served]) -> None:
        """SettingsError and the like for any of them: at the start somebody looks on."""
        await asyncio.gather(*(self._join(show) for show in shows))

    async def run(self) -> None:
        """For ever. A watch that breaks is a fault of ours and ends it all, instead of in silence."""
        newcomers = Newcomers({watch.served.show.file for watch in self.watches})
        for watch in self.watches:
            self._begin(watch)
        try:
            while True:
                await self._wait()
                for key in await asyncio.to_thread(self._leavers.at_rest, self.counter.roll.expected):
                    await self._leave(key, newcomers)
                for file in await asyncio.to_thread(newcomers.at_rest):
                    await self._joined(file, newcomers)
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _wait(self) -> None:
        if not self._tasks:  # the only one that could be served has left
            await asyncio.sleep(_LOOK_EVERY_S)
            return
        done, _ = await asyncio.wait(self._tasks.values(), timeout=_LOOK_EVERY_S)
        for task in done:
            task.result()

    def _begin(self, watch: Watch) -> None:
        self._tasks[watch.served.show.file] = asyncio.create_task(watch.run())

    async def _joined(self, file: Path, newcomers: Newcomers) -> None:
        """Nothing where it cannot be served; it is tried again at the next look."""
        try:
            show = Served(await asyncio.to_thread(key_of, file), file)
            line = self.counter.roll.lines.get(show.key)
            watch = await self._join(show)
        except PillarcastError as error:
            if said := newcomers.refused(file, error):
                logger.warning("%s", said)
            return
        except (httpx.HTTPError, PrefectException, OSError):  # the watches say that the server is away
            return
        newcomers.known.add(file)
        logger.info("%s: %s, served from now on", show.key, "is back" if line and line.is_away else "a new show")
        self._begin(watch)

    async def _leave(self, key: str, newcomers: Newcomers) -> None:
        """Of a folder that was taken away, now or while nothing ran. Tried again at the next look while the server is
        away; a crash in between lets the owner be told twice."""
        with suppress(httpx.HTTPError, PrefectException):
            await self.counter.pause(key)
            for watch in [one for one in self.watches if one.served.show.key == key]:
                await self._end(watch)
                newcomers.known.discard(watch.served.show.file)
            line = self.counter.roll.lines[key]
            problem = taken_away(key, line.stand)
            logger.warning("%s", problem)
            path = self.counter.roll.path
            teller = Teller(line.notify, path.parent if path else None)
            await asyncio.to_thread(teller.tell, Kind.WARNING, f"{key} is served no more", [problem])
            self.counter.roll.enter(key, line.model_copy(update={"is_away": True}))

    async def _end(self, watch: Watch) -> None:
        self.watches.remove(watch)
        task = self._tasks.pop(watch.served.show.file)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.to_thread(watch.served.close)

    async def _join(self, show: Served) -> Watch:
        opened = OpenShow(show, self.counter)
        await opened.begin()
        self.stack.callback(opened.close)
        watch = Watch(opened, self.client)
        await asyncio.to_thread(watch.folder.mkdir, parents=True, exist_ok=True)
        self.watches.append(watch)
        return watch
