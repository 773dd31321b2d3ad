"""Where each show is, for the screen of `up`; looked at again when its file has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flows.changes import ShowFile, in_one_line
from flows.facts import in_zone
from flows.shows import Served, served_now
from pillarcast.errors import PillarcastError
from pillarcast.model.schedule import next_slot
from pillarcast.wiring import House, open_house


@dataclass
class Place:
    """What the screen says of one show. `house` may be closed: only its words are read."""

    show: Served
    house: House
    _file: ShowFile = field(init=False)

    def __post_init__(self) -> None:
        self._file = ShowFile(self.show.file)

    def rows(self) -> Iterator[tuple[str, str]]:
        studio, settings = self.house.studio, self.house.settings
        yield studio.show.show.title, f"deployments “{self.show.key}”"
        yield "  drop folder", str(settings.episodes)
        yield "  site", studio.addresses.home
        yield "  feed", studio.addresses.feed
        yield "  bucket", settings.bucket_endpoint or settings.bucket
        yield "  next slot", self.next_slot

    @property
    def next_slot(self) -> str:
        schedule = self.house.studio.show.schedule
        return in_zone(next_slot(schedule, datetime.now(UTC)), schedule.tz)

    def news(self) -> str:
        """What there is to say of a file that changed, once; empty where it did not."""
        if not self._file.has_changed():
            return ""
        try:
            self.show = served_now(self.show)
            with open_house(self.show.file) as self.house:
                self.house.studio.store.load()  # a bucket that cannot be reached holds nothing
                return f"{self.show.key}: {self.show.file.name} has changed and holds. Next slot: {self.next_slot}."
        except PillarcastError as error:
            return in_one_line(self.show, error)
