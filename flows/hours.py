"""A show's air time as Prefect's schedules, and runs of their own for the hours that those miss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from prefect.client.orchestration import get_client
from prefect.exceptions import ObjectNotFound
from prefect.schedules import Cron
from prefect.schedules import Schedule as PrefectSchedule
from prefect.states import Scheduled

from flows.shows import Served
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.queueing import on_schedule
from pillarcast.model.schedule import Schedule

OWN_HOUR = "hour of its own"
"""The tag of such a run."""
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")


def air_time(schedule: Schedule) -> PrefectSchedule:
    """Every hour of the show, skipped days included: on those the run finds nothing due."""
    return Cron(_cron(schedule, days_before=0), timezone=schedule.zone)


def day_before(schedule: Schedule) -> PrefectSchedule:
    """The same hour, one day earlier."""
    return Cron(_cron(schedule, days_before=1), timezone=schedule.zone)


def _cron(schedule: Schedule, days_before: int) -> str:
    every_day = len(schedule.weekdays) == len(_DAYS)
    day = "*" if every_day else _DAYS[(min(schedule.weekdays) - days_before) % len(_DAYS)]
    return f"{schedule.hour.minute} {schedule.hour.hour} * * {day}"


def is_regular(schedule: Schedule, slot: datetime) -> bool:
    """Whether Prefect's schedule meets this slot: it begins an hour that daylight saving skips too early."""
    local = slot.astimezone(schedule.tz)
    return local.time() == schedule.hour and local.weekday() in schedule.weekdays


def irregular_slots(schedule: Schedule, catalogue: Catalogue, now: datetime) -> Iterator[datetime]:
    """The hours at which something airs that no regular run meets: those that notes name, above all."""
    pieces = (
        *(entry.slot for entry in on_schedule(catalogue, schedule, now).queue),
        *(article.slot for article in catalogue.articles if not article.published_at and not article.retracted_at),
    )
    yield from sorted({slot for slot in pieces if slot and slot > now and not is_regular(schedule, slot)})


def plan_extra_runs(show: Served, schedule: Schedule, catalogue: Catalogue, now: datetime) -> tuple[datetime, ...]:
    """One run of `weekly` for each irregular slot, once, whoever asks. Nothing where the show is not served."""
    slots = tuple(irregular_slots(schedule, catalogue, now))
    with get_client(sync_client=True) as client:
        try:
            weekly = client.read_deployment_by_name(f"weekly/{show.key}") if slots else None
        except ObjectNotFound:
            return ()
        for slot in slots:
            assert weekly is not None
            client.create_flow_run_from_deployment(
                weekly.id,
                state=Scheduled(scheduled_time=slot + timedelta(seconds=1)),
                idempotency_key=f"slot:{show.key}:{slot.isoformat()}",
                name=f"weekly {slot.astimezone(schedule.tz):%Y-%m-%d %H:%M}",
                tags=[OWN_HOUR],
            )
    return slots
