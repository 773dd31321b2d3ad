"""Prefect's schedule against our slots: ten years, awkward zones, skipped days, and changes of the clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prefect.client.schemas.schedules import CronSchedule
from prefect.server.schemas.schedules import CronSchedule as ServersCron

from flows.hours import air_time, day_before, irregular_slots, is_regular
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.episode import Episode
from pillarcast.model.schedule import WEEKDAYS, Schedule, slots_after

START = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = (
    "America/New_York", "America/Sao_Paulo", "America/Santiago", "America/Havana", "America/St_Johns", "Europe/London",
    "Europe/Berlin", "Africa/Cairo", "Africa/Casablanca", "Asia/Kolkata", "Asia/Gaza", "Australia/Lord_Howe",
    "Pacific/Auckland", "Pacific/Apia", "Pacific/Chatham", "UTC",
)  # fmt: skip
SCHEDULES = st.builds(
    lambda day, hour, minute, zone: Schedule(every=f"{day} {hour:02}:{minute:02}", zone=zone),
    st.sampled_from((*WEEKDAYS, "day")), st.integers(0, 23), st.sampled_from((0, 15, 30, 59)), st.sampled_from(ZONES),
)  # fmt: skip


def prefects(schedule: CronSchedule, end: datetime) -> list[datetime]:
    """The hours at which Prefect's server would start a run."""
    cron = ServersCron(cron=schedule.cron, timezone=schedule.timezone)
    dates = asyncio.run(cron.get_dates(n=1_000_000, start=START, end=end))
    return [moment.astimezone(UTC) for moment in dates if START < moment < end]


def cron_of(schedule: Schedule, *, is_day_before: bool = False) -> CronSchedule:
    made = day_before(schedule) if is_day_before else air_time(schedule)
    return CronSchedule(cron=made.cron or "", timezone=made.timezone)


@settings(max_examples=40, deadline=None)
@given(SCHEDULES)
@example(Schedule(every="Thursday 06:00", zone="America/New_York"))
@example(Schedule(every="Sunday 02:30", zone="America/New_York"))
@example(Schedule(every="day 02:15", zone="Australia/Lord_Howe"))
def test_every_slot_has_its_run(schedule: Schedule) -> None:
    """At the slot itself, or, where the clock skips that hour, earlier: those slots get a run of their own."""
    end = START + timedelta(days=366)
    ours = list(takewhile(lambda slot: slot < end, slots_after(schedule, START)))
    theirs = set(prefects(cron_of(schedule), end))
    missed = [slot for slot in ours if slot not in theirs]
    assert all(not is_regular(schedule, slot) for slot in missed)
    assert len(missed) <= 2
    extra = [moment for moment in theirs if moment not in set(ours)]
    assert len(extra) == len(missed)  # runs that find nothing due, never an episode before its hour


def test_thursdays_at_six_in_new_york_are_the_same_for_ten_years() -> None:
    schedule, end = Schedule(), START + timedelta(days=3653)
    theirs = prefects(cron_of(schedule), end)
    assert theirs == list(takewhile(lambda slot: slot < end, slots_after(schedule, START)))
    assert len(theirs) == 522
    assert {moment.astimezone(ZoneInfo("America/New_York")).strftime("%A %H:%M") for moment in theirs} == {
        "Thursday 06:00"
    }


@pytest.mark.parametrize(
    ("before", "after", "hours"), [("2026-03-05", "2026-03-12", 167), ("2026-10-29", "2026-11-05", 169)]
)
def test_both_changes_of_the_clock_keep_six_o_clock(before: str, after: str, hours: int) -> None:
    days = prefects(cron_of(Schedule()), START + timedelta(days=366))
    found = {f"{moment:%Y-%m-%d}": moment for moment in days}
    assert (found[after] - found[before]) == timedelta(hours=hours)


def test_skipped_days_are_runs_that_find_nothing_due() -> None:
    schedule, end = Schedule(skip=(date(2026, 12, 24),)), START + timedelta(days=366)
    ours = set(takewhile(lambda slot: slot < end, slots_after(schedule, START)))
    assert [f"{moment:%Y-%m-%d}" for moment in prefects(cron_of(schedule), end) if moment not in ours] == ["2026-12-24"]


@settings(max_examples=20, deadline=None)
@given(SCHEDULES)
def test_the_reminder_comes_the_day_before(schedule: Schedule) -> None:
    end = START + timedelta(days=60)
    reminders = prefects(cron_of(schedule, is_day_before=True), end)
    slots = list(takewhile(lambda slot: slot < end, slots_after(schedule, START + timedelta(days=2))))
    for slot in slots:
        ahead = [slot - moment for moment in reminders if moment < slot]
        assert timedelta(hours=20) <= min(ahead) <= timedelta(hours=26)


def test_hours_that_notes_name_get_a_run_of_their_own() -> None:
    def entry(guid: str, slot: datetime) -> Entry:
        own = {"guid": guid, "slug": guid, "source": guid, "slot": slot, "is_pinned": True}
        return Entry(recording=None, episode=Episode(title=guid), dropped_at=START, **own)

    thursday, friday = datetime(2026, 1, 8, 11, 0, tzinfo=UTC), datetime(2026, 1, 9, 15, 0, tzinfo=UTC)
    catalogue = Catalogue(show_guid="s", entries=(entry("a", thursday), entry("b", friday), entry("c", friday)))
    assert list(irregular_slots(Schedule(), catalogue, START)) == [friday]
    assert list(irregular_slots(Schedule(), catalogue, friday)) == []
