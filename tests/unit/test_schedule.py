"""Slots over daylight saving, skipped days, and what becomes of those that were missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pillarcast.model.schedule import WEEKDAYS, Schedule, next_slot, slots_after

ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "UTC", "America/St_Johns"]
schedules = st.builds(
    Schedule,
    every=st.builds(
        "{} {:02}:{:02}".format, st.sampled_from([*WEEKDAYS, "Day"]), st.integers(0, 23), st.integers(0, 59)
    ),
    zone=st.sampled_from(ZONES),
    skip=st.lists(st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=3).map(tuple),
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))


def test_thursday_at_six_stays_at_six_over_both_changes_of_daylight_saving() -> None:
    schedule = Schedule(every="Thursday 06:00", zone="America/New_York")
    slots = list(islice(slots_after(schedule, datetime(2026, 2, 26, 12, tzinfo=UTC)), 40))
    assert {slot.astimezone(schedule.tz).strftime("%a %H:%M") for slot in slots} == {"Thu 06:00"}
    assert {slot.hour for slot in slots} == {10, 11}


def test_an_hour_that_daylight_saving_skips_airs_one_hour_later_on_the_wall_and_one_that_repeats_airs_once() -> None:
    spring = Schedule(every="Sunday 02:30", zone="America/New_York")
    slot = next_slot(spring, datetime(2026, 3, 7, tzinfo=UTC))
    assert slot.astimezone(spring.tz).strftime("%d %H:%M") == "08 03:30"
    autumn = Schedule(every="Sunday 01:30", zone="America/New_York")
    first, second = islice(slots_after(autumn, datetime(2026, 10, 31, tzinfo=UTC)), 2)
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert second.astimezone(autumn.tz).day == 8


@given(schedules, moments)
def test_slots_ascend_lie_ahead_and_show_the_hour_that_was_asked_for(schedule: Schedule, moment: datetime) -> None:
    slots = list(islice(slots_after(schedule, moment), 10))
    assert all(earlier < later for earlier, later in zip([moment, *slots], slots, strict=False))
    for slot in slots:
        local = slot.astimezone(schedule.tz)
        assert local.date() not in schedule.skip
        assert local.weekday() in schedule.weekdays
        shown, asked_for = local.replace(tzinfo=None), datetime.combine(local.date(), schedule.hour)
        is_on_the_wall = asked_for.replace(tzinfo=schedule.tz).astimezone(UTC).astimezone(schedule.tz) == local
        assert is_on_the_wall
        assert timedelta(0) <= shown - asked_for <= timedelta(hours=1)


@given(schedules, moments, st.integers(1, 5))
def test_the_next_slot_is_the_first_that_nobody_has(schedule: Schedule, moment: datetime, count: int) -> None:
    taken = set(islice(slots_after(schedule, moment), count))
    free = next_slot(schedule, moment, taken)
    assert free not in taken
    assert free > max(taken)
    assert free - max(taken) < timedelta(days=40)


@pytest.mark.parametrize("every", ["Thursday", "Thorsday 06:00", "Thursday 6", "Thursday 25:00", ""])
def test_an_air_time_that_is_none_says_how_one_looks(every: str) -> None:
    with pytest.raises(ValidationError, match="Thursday 06:00"):
        Schedule(every=every)


def test_a_zone_that_is_none_says_how_one_looks() -> None:
    with pytest.raises(ValidationError, match="America/New_York"):
        Schedule(zone="Eastern")
