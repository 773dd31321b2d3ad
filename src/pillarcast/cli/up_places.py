"""Where each show is, for the screen of `up`; looked at again when its file has changed, or one has come or gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flows.changes import ShowFile, in_one_line
from flows.facts import in_zone
from flows.leavers import Leavers, Stand, taken_away
from flows.newcomers import Newcomers
from flows.shows import Served, key_of, served_now
from pillarcast.errors import PillarcastError
from pillarcast.model.schedule import next_slot
from pillarcast.wiring import House, open_house


@dataclass
class Place:
    """What the screen says of one show. `house` may be closed: only its words are read."""

    show: Served
    house: House
    stand: Stand = field(init=False)
    _file: ShowFile = field(init=False)

    def __post_init__(self) -> None:
        self._file, self.stand = ShowFile(self.show.file), Stand.of(self.show.file)

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
        if not self._file.has_changed() or self.stand.is_taken_away():
            return ""
        try:
            self.show = served_now(self.show)
            with open_house(self.show.file) as self.house:
                self.house.studio.store.load()  # a bucket that cannot be reached holds nothing
                return f"{self.show.key}: {self.show.file.name} has changed and holds. Next slot: {self.next_slot}."
        except PillarcastError as error:
            return in_one_line(self.show, error)


@dataclass
class Places:
    """Of all shows that are served; `every` grows where one joins, and shrinks where one was taken away. `expected` are
    those that were served before."""

    every: list[Place]
    expected: Mapping[str, Stand] = field(default_factory=dict)
    _newcomers: Newcomers = field(init=False)
    _leavers: Leavers = field(default_factory=Leavers)
    _left_before: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._newcomers = Newcomers({place.show.file for place in self.every})

    def news(self) -> Iterator[str]:
        """A line for each thing that changed since the last look."""
        yield from filter(None, [place.news() for place in self.every])
        expected = {**self.expected, **{place.show.key: place.stand for place in self.every}}
        yield from [self._left(key, expected[key]) for key in self._leavers.at_rest(expected)]
        yield from filter(None, [self._joined(file) for file in self._newcomers.at_rest()])

    def _left(self, key: str, stand: Stand) -> str:
        for place in [place for place in self.every if place.show.key == key]:
            self.every.remove(place)
            self._newcomers.known.discard(place.show.file)
        self.expected = {known: one for known, one in self.expected.items() if known != key}
        self._left_before.add(key)
        return str(taken_away(key, stand))

    def _joined(self, file: Path) -> str:
        try:
            with open_house(file) as house:
                house.studio.store.load()
                place = Place(Served(key_of(file), file), house)
        except PillarcastError as error:
            return self._newcomers.refused(file, error)
        self._newcomers.known.add(file)
        self.every.append(place)
        what = "is back" if place.show.key in self._left_before else "a new show"
        return f"{place.show.key}: {what}, served from now on. Its drop folder: {house.settings.episodes}."
