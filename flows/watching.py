"""While shows are served: drops are taken, what is overdue is done, who died is told of. One loop a show."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import PrefectException
from watchfiles import awatch

from flows.asking import ask_for_closing, ask_for_ingest, ask_for_overdue, ask_for_posts, posts_left_open
from flows.contents import Contents, Settled
from flows.dead_runs import tell_of_the_dead
from flows.renewing import OpenShow
from flows.telling import Teller
from flows.unsaid import tell_what_was_left_unsaid
from pillarcast.errors import PillarcastError
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.known import taken_by
from pillarcast.pipeline.drops import Folder, look_all
from pillarcast.pipeline.intake import forget_gone
from pillarcast.pipeline.renames import copies, learn_names
from pillarcast.pipeline.subscribing import has_closed_feeds

logger = logging.getLogger("pillarcast.watching")
_LOOK_EVERY_MS = 1000
"""Network shares announce nothing: the folder is looked at again and again, however quiet it is."""
_DUE_EVERY_S = 60.0
_SWEEP_EVERY_S = 900.0


async def wake_all(watches: Sequence[Watch], stop: asyncio.Event) -> None:
    """Wakes every show at each change, and every second; a show that joined later every second. Until `stop` is set."""
    async for _ in _changes([watch.folder for watch in watches], stop):
        for watch in watches:
            watch.wake()


async def _changes(folders: Sequence[Path], stop: asyncio.Event) -> AsyncIterator[object]:
    """One watcher for all folders: Linux gives 128 to all programs of a user. Without any, every second has to do."""
    try:
        async for changes in awatch(*folders, stop_event=stop, rust_timeout=_LOOK_EVERY_MS, yield_on_timeout=True):
            yield changes
    except (OSError, RuntimeError) as error:  # as watchfiles says it, by what the system lacks
        logger.warning("No folder can be watched (%s): they are looked at every second.", error)
    while not stop.is_set():
        yield ()
        await asyncio.sleep(_LOOK_EVERY_MS / 1000)


@dataclass
class Watch:
    served: OpenShow
    client: PrefectClient
    _swept_at: float = field(default_factory=time.monotonic)
    _looked_at: float = 0.0
    _is_away: bool = False
    _copies: set[str] = field(default_factory=set)
    _waker: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Looks whenever it is woken, for ever. Where the server or the bucket is away, everything waits for them."""
        settings = self.served.house.settings
        contents = Contents(settings.episodes, settings.articles, settings.settle_s, settings.work / "hashes.json")
        while True:
            self._waker.clear()
            await self._patiently(contents)
            await self._waker.wait()

    def wake(self) -> None:
        self._waker.set()

    @property
    def folder(self) -> Path:
        return self.served.house.settings.episodes

    async def _patiently(self, contents: Contents) -> None:
        try:
            await self.served.renew()
            if self.served.is_there:
                await self._look(contents)
                await self._look_after_the_due(contents)
        except (httpx.HTTPError, PrefectException, PillarcastError, OSError) as error:
            if not self._is_away:
                logger.warning("Drops wait: %s: %s", type(error).__name__, error)
            self._is_away = True
        else:
            self._is_away = False

    async def _look(self, contents: Contents) -> None:
        if time.monotonic() - self._swept_at > _SWEEP_EVERY_S:
            self._swept_at = time.monotonic()
            contents.forget()
        at_rest = await asyncio.to_thread(contents.settled)
        if at_rest:
            await asyncio.to_thread(self._learn_names, contents, await asyncio.to_thread(self._folder))
        for settled in at_rest:
            if not settled.is_alone or await asyncio.to_thread(self._has_recording, settled.name):
                await self._ask(settled)
            contents.done(settled)

    async def _ask(self, settled: Settled) -> None:
        run = await ask_for_ingest(self.client, self.served.show, settled, self._catalogue)
        logger.info("%s: run %s", settled.asked or "episodes/", run.name)

    def _learn_names(self, contents: Contents, folder: Folder) -> None:
        """No run is asked for where a file was only renamed: what is edited later must be known by its new name."""
        for one in learn_names(self.served.house.studio, folder, contents.content_of):
            logger.info("%s: is the file of “%s” now, which was %s", one.new, one.title, one.old)

    def _release_copies(self, contents: Contents, folder: Folder) -> None:
        """A second copy had its run with the first. Once the first has other audio, nobody has it yet."""
        found = {copy.subject: copy for copy in copies(self._catalogue(), folder, contents.content_of)}
        for name in found.keys() - self._copies:
            logger.warning("%s", found[name])
        for name in self._copies - found.keys():
            contents.look_again(name)
        self._copies = {*found}

    def _folder(self) -> Folder:
        settings = self.served.house.settings
        return look_all(settings.episodes, settings.articles)

    async def _look_after_the_due(self, contents: Contents) -> None:
        if time.monotonic() - self._looked_at < _DUE_EVERY_S:
            return
        show, studio, settings = self.served.show, self.served.house.studio, self.served.house.settings
        folder = await asyncio.to_thread(self._folder)
        await asyncio.to_thread(self._learn_names, contents, folder)
        await asyncio.to_thread(self._release_copies, contents, folder)
        await asyncio.to_thread(forget_gone, studio, folder)
        catalogue = await asyncio.to_thread(self._catalogue)
        await ask_for_overdue(self.client, show, catalogue, studio.clock.now())
        if posts_left_open(catalogue, [blog.name for blog in studio.show.blog]):
            await ask_for_posts(self.client, show, studio.clock.now())
        if has_closed_feeds(studio, catalogue):
            await ask_for_closing(self.client, show, studio.clock.now())
        teller = Teller(studio.show.notify, settings.work)
        await tell_of_the_dead(self.client, show, teller, studio.clock.now())
        await tell_what_was_left_unsaid(self.client, show, studio, catalogue, teller)
        self._looked_at = time.monotonic()

    def _has_recording(self, name: str) -> bool:
        """Of these notes, in the bucket: all others wait for theirs."""
        return taken_by(self._catalogue(), name) is not None

    def _catalogue(self) -> Catalogue:
        return self.served.house.studio.store.load().catalogue
