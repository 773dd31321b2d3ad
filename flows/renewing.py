"""A show that is served: its house stays open, and both are made anew when its file has changed."""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from dataclasses import dataclass, field

from flows.changes import ShowFile, in_one_line
from flows.hours import plan_extra_runs
from flows.leavers import Stand
from flows.offering import Counter
from flows.shows import Served, served_now
from pillarcast.errors import NeedsOwner
from pillarcast.wiring import House, open_house

logger = logging.getLogger("pillarcast.watching")


@dataclass
class OpenShow:
    """`house` lets the catalogue be asked; Prefect's database may be lost at any time. `is_broken` while the file is:
    a run would read it too."""

    show: Served
    counter: Counter
    is_broken: bool = False
    _file: ShowFile = field(init=False)
    _stand: Stand = field(init=False)
    _is_stale: bool = False
    _said: str = ""
    _opened: ExitStack = field(default_factory=ExitStack)
    _house: House | None = None

    def __post_init__(self) -> None:
        self._file, self._stand = ShowFile(self.show.file), Stand.of(self.show.file)

    @property
    def house(self) -> House:
        assert self._house is not None, "it is opened first"
        return self._house

    async def begin(self) -> None:
        await self._serve(self.show)

    async def renew(self) -> None:
        """Where the file changed. A broken one is said once, and what it said before holds until it is whole."""
        self._is_stale |= self._file.has_changed()
        if not self._is_stale:
            return
        if await asyncio.to_thread(self._stand.is_taken_away):
            self.is_broken = True  # whoever serves all shows lets go of this one, and says so
            return
        try:
            await self._serve(await asyncio.to_thread(served_now, self.show))
        except NeedsOwner as error:
            self._say_once(in_one_line(self.show, error))
            self.is_broken = True  # and tried again: another show may give up the name that this one wants
        else:
            logger.info("%s: made anew, as its file says now", self.show.key)
            self.is_broken, self._said, self._is_stale = False, "", False

    @property
    def is_there(self) -> bool:
        """Whether to look: where the file is gone the folder may be, and whoever looks would write there."""
        return not self.is_broken and self.show.file.is_file()

    def _say_once(self, line: str) -> None:
        if line != self._said:
            logger.warning("%s", line)
        self._said = line

    def close(self) -> None:
        self._opened.close()

    async def _serve(self, show: Served) -> None:
        """The new house is open before the old one closes: an embedded server that both need stays."""
        async with self.counter.places:
            with ExitStack() as stack:
                house = await asyncio.to_thread(stack.enter_context, open_house(show.file))
                studio = house.studio
                loaded = await asyncio.to_thread(studio.store.load)  # a bucket that is away leaves all as it was
                await self.counter.offer(show, studio.show.notify)
                schedule, now = studio.show.schedule, studio.clock.now()
                await asyncio.to_thread(plan_extra_runs, show, schedule, loaded.catalogue, now)
                if show.key != self.show.key:
                    await self.counter.withdraw(self.show)
                opened = stack.pop_all()
        before, self._opened, self._house, self.show = self._opened, opened, house, show
        await asyncio.to_thread(before.close)
