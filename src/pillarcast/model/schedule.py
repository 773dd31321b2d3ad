"""Slots: the air times that a show keeps, in its own zone, right over both changes of daylight saving."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator

from pillarcast.model.base import Value

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EVERY = re.compile(r"^(\w+)\s+([01]?\d|2[0-3]):([0-5]\d)$")


class CatchUp(StrEnum):
    """What becomes of an episode whose slot passed while nothing ran."""

    AT_ONCE = "at once"
    NEXT_SLOT = "next slot"


class Schedule(Value):
    """`[schedule]`: when episodes air."""

    every: str = Field(default="Thursday 06:00", description="A weekday and an hour; `day 06:00` for a daily show.")
    zone: str = Field(default="America/New_York", description="The time zone of that hour (IANA name).")
    skip: tuple[date, ...] = Field(default=(), description="Days on which nothing airs, such as `[2026-12-24]`.")
    catch_up: CatchUp = Field(
        default=CatchUp.AT_ONCE, description="`at once` or `next slot`: when to air what was missed while nothing ran."
    )

    @field_validator("every")
    @classmethod
    def _is_known_day(cls, every: str) -> str:
        match = _EVERY.match(every.strip())
        if match is None or match[1].capitalize() not in (*WEEKDAYS, "Day"):
            raise ValueError(f'{every!r} is no air time; write a weekday and an hour, such as "Thursday 06:00"')
        return f"{match[1].capitalize()} {int(match[2]):02}:{match[3]}"

    @field_validator("zone")
    @classmethod
    def _is_known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f'{zone!r} is no time zone; write one such as "America/New_York"') from error
        return zone

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def hour(self) -> time:
        return time.fromisoformat(self.every.split()[1])

    @property
    def weekdays(self) -> frozenset[int]:
        """Monday is 0, as in `date.weekday()`."""
        day = self.every.split()[0]
        return frozenset(range(7)) if day == "Day" else frozenset({WEEKDAYS.index(day)})


def slots_after(schedule: Schedule, moment: datetime) -> Iterator[datetime]:
    """The slots strictly after `moment`, ascending, in UTC, skipped days left out; without end."""
    day = moment.astimezone(schedule.tz).date()
    while True:
        if day.weekday() in schedule.weekdays and day not in schedule.skip:
            slot = wall_to_utc(schedule.tz, day, schedule.hour)
            if slot > moment:
                yield slot
        day += timedelta(days=1)


def next_slot(schedule: Schedule, moment: datetime, taken: Collection[datetime] = ()) -> datetime:
    """The first slot after `moment` that no other episode has."""
    free = (slot for slot in slots_after(schedule, moment) if slot not in taken)
    return next(islice(free, 1))


def is_slot(schedule: Schedule, moment: datetime) -> bool:
    """Whether the show airs at that moment, by what show.toml says now."""
    return next_slot(schedule, moment - timedelta(microseconds=1)) == moment


def wall_to_utc(zone: ZoneInfo, day: date, hour: time) -> datetime:
    """An hour on the wall as an instant.

    An hour that occurs twice is its first occurrence. An hour that daylight saving skips is the instant
    at which it would have been, which the wall shows as one hour later (PEP 495, fold=0).
    """
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)
