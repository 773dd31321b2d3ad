"""The queue follows show.toml: another hour, another day, days to skip."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.episode import Episode
from pillarcast.model.master import Loudness, Master
from pillarcast.model.plan import Air, Plan, Postpone
from pillarcast.model.queueing import airing_at, first_waiting, moved, never_made, on_schedule
from pillarcast.model.schedule import WEEKDAYS, Schedule, is_slot, next_slot, slots_after

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
ZONES = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe"]
_QUIET = Loudness(integrated_lufs=-16, range_lu=4, true_peak_dbtp=-1)
MASTER = Master(
    file=FileRef(key="k", sha256="0", length_bytes=1, media_type="audio/mpeg"),
    duration_s=60,
    sample_rate_hz=44_100,
    channels=1,
    bitrate_kbps=96,
    before=_QUIET,
    after=_QUIET,
)
schedules = st.builds(
    Schedule,
    every=st.builds(
        "{} {:02}:{:02}".format, st.sampled_from([*WEEKDAYS, "Day"]), st.integers(0, 23), st.integers(0, 59)
    ),
    zone=st.sampled_from(ZONES),
    skip=st.lists(st.dates(date(2026, 2, 20), date(2026, 5, 1)), max_size=6).map(tuple),
)


def queued(number: int, slot: datetime, *, is_pinned: bool = False) -> Entry:
    return Entry(
        guid=f"g{number}",
        slug=f"s{number}",
        source=f"{number}.wav",
        recording=None,
        episode=Episode(title=str(number)),
        slot=slot,
        is_pinned=is_pinned,
        dropped_at=NOW - timedelta(days=40, minutes=-number),
    )


@st.composite
def queues(draw: st.DrawFn) -> tuple[Schedule, Catalogue]:
    """A queue as its schedule made it, with gaps, something missed, and hours that notes name."""
    schedule = draw(schedules)
    slots = list(islice(slots_after(schedule, NOW - timedelta(days=15)), 12))
    chosen = sorted(draw(st.sets(st.sampled_from(slots), max_size=6)))
    entries = [queued(number, slot) for number, slot in enumerate(chosen)]
    own = draw(st.lists(st.integers(-200, 2000), max_size=2, unique=True))
    entries += [queued(10 + place, NOW + timedelta(hours=at), is_pinned=True) for place, at in enumerate(own)]
    return schedule, Catalogue(show_guid="s", entries=tuple(entries))


@given(queues())
def test_while_show_toml_says_the_same_nothing_moves(one: tuple[Schedule, Catalogue]) -> None:
    schedule, catalogue = one
    assert on_schedule(catalogue, schedule, NOW) == catalogue


@given(queues(), schedules)
def test_another_schedule_moves_what_does_not_fit_and_keeps_the_order(
    one: tuple[Schedule, Catalogue], schedule: Schedule
) -> None:
    before = one[1]
    after = on_schedule(before, schedule, NOW)
    places = {entry.guid: entry for entry in after.entries}
    for entry in before.entries:
        new = places[entry.guid]
        assert entry.slot is not None
        assert new.slot is not None
        is_ahead = new.slot > NOW - timedelta(hours=1) or entry.slot <= NOW
        assert new == entry or (not entry.is_pinned and is_ahead)
        assert entry.is_pinned or is_slot(schedule, new.slot)
        assert new.slot > entry.slot - timedelta(days=3.5)
    free = [entry for entry in before.queue if not entry.is_pinned]
    assert all(places[a.guid].slot < places[b.guid].slot for a, b in pairwise(free))
    assert on_schedule(after, schedule, NOW) == after


@given(queues(), st.integers(0, 5), st.integers(1, 8))
def test_a_move_fills_the_slots_ahead_without_a_gap(
    one: tuple[Schedule, Catalogue], choice: int, position: int
) -> None:
    schedule, catalogue = one
    free = [entry for entry in catalogue.queue if not entry.is_pinned]
    if not free:
        return
    after = moved(catalogue, free[choice % len(free)], position, schedule, NOW)
    slots = [entry.slot for entry in after.queue if not entry.is_pinned]
    pinned = {entry.slot for entry in catalogue.queue if entry.is_pinned}
    come = [entry.slot for entry in free if entry.slot and entry.slot <= NOW]
    ahead = islice((slot for slot in slots_after(schedule, NOW) if slot not in pinned), len(free) - len(come))
    assert slots == [*come, *ahead]
    assert {entry.guid for entry in after.queue} == {entry.guid for entry in catalogue.queue}


def test_two_in_one_slot_as_a_restore_may_leave_them_air_one_after_the_other() -> None:
    slot = datetime(2026, 3, 5, 11, tzinfo=UTC)
    catalogue = Catalogue(show_guid="s", entries=(queued(1, slot), queued(2, slot)))
    assert [f"{entry.slot:%d}" for entry in on_schedule(catalogue, Schedule(), NOW).queue] == ["05", "12"]


def test_a_skipped_thursday_pushes_on_what_comes_after_it() -> None:
    thursdays = [datetime(2026, 3, day, hour, tzinfo=UTC) for day, hour in ((5, 11), (12, 10), (26, 10))]
    catalogue = Catalogue(show_guid="s", entries=tuple(queued(number, slot) for number, slot in enumerate(thursdays)))
    after = on_schedule(catalogue, Schedule(skip=(date(2026, 3, 5),)), NOW)
    assert [f"{entry.slot:%d}" for entry in after.queue] == ["12", "19", "26"]


def test_wednesday_instead_of_thursday_is_this_week_while_it_lies_ahead() -> None:
    catalogue = Catalogue(show_guid="s", entries=(queued(1, datetime(2026, 3, 5, 11, tzinfo=UTC)),))
    wednesdays = Schedule(every="Wednesday 07:30")
    days = [on_schedule(catalogue, wednesdays, NOW + timedelta(days=days)).queue[0].slot for days in (0, 2)]
    assert [f"{day:%d}" for day in days if day] == ["04", "11"]


def test_an_hour_that_has_just_come_is_the_runs_own_though_nobody_wrote_the_change_down() -> None:
    """Edited from 06:00 to 05:00 on Wednesday: the first run after that comes seconds after the new hour."""
    catalogue = Catalogue(show_guid="s", entries=(queued(1, datetime(2026, 3, 5, 11, tzinfo=UTC)),))
    now = datetime(2026, 3, 5, 10, 0, 5, tzinfo=UTC)
    (entry,) = on_schedule(catalogue, Schedule(every="Thursday 05:00"), now).queue
    assert entry.slot == datetime(2026, 3, 5, 10, 0, tzinfo=UTC)


def test_what_airs_next_week_does_not_air_this_week_because_the_hour_changed() -> None:
    """This week's has aired at 06:00; half an hour later the hour becomes 07:00, or the day Friday."""
    catalogue = Catalogue(show_guid="s", entries=(queued(1, datetime(2026, 3, 12, 10, tzinfo=UTC)),))
    now = datetime(2026, 3, 5, 11, 30, tzinfo=UTC)
    days = [
        on_schedule(catalogue, Schedule(every=every), now).queue[0].slot for every in ("Thursday 07:00", "Friday 07:00")
    ]
    assert [f"{day:%d}" for day in days if day] == ["12", "13"]


@given(queues())
def test_what_is_named_for_an_empty_slot_airs_in_it_once_it_is_moved(one: tuple[Schedule, Catalogue]) -> None:
    schedule, catalogue = one[0], with_masters(one[1])
    slot = next_slot(schedule, NOW)
    if airing_at(catalogue, slot):
        return
    movable = [entry for entry in catalogue.queue if not entry.is_pinned]
    found = first_waiting(catalogue)
    assert found == (movable[0] if movable else None)
    if found:
        after = moved(catalogue, found, 1, schedule, NOW)
        assert [entry.guid for entry in airing_at(after, slot)] == [found.guid]


def with_masters(catalogue: Catalogue) -> Catalogue:
    entries = tuple(entry.model_copy(update={"master": MASTER}) for entry in catalogue.entries)
    return catalogue.model_copy(update={"entries": entries})


def test_another_slot_alone_is_nothing_that_the_public_sees() -> None:
    slot = datetime(2026, 3, 5, 11, tzinfo=UTC)
    later = Postpone("g1", "One", slot)
    assert not Plan((later,)).is_seen
    assert Plan((later, Air("g2", "Two", slot))).is_seen


def grown(schedule: Schedule, catalogue: Catalogue, dropped: list[int], first: int = 100) -> Catalogue:
    """As drops come in: each takes the next free slot."""
    for number in dropped:
        taken = {entry.slot for entry in catalogue.queue if entry.slot}
        entry = queued(number, next_slot(schedule, NOW, taken))
        minute = NOW + timedelta(minutes=number - first)
        catalogue = catalogue.with_entry(entry.model_copy(update={"dropped_at": minute}))
    return catalogue


@given(queues(), st.lists(st.booleans(), min_size=1, max_size=6), st.randoms())
def test_what_turned_out_to_be_no_episode_leaves_no_gap(
    one: tuple[Schedule, Catalogue], good: list[bool], random: Random
) -> None:
    """Whatever the order in which that is found: the queue is the one of the others alone."""
    schedule, catalogue = one
    drops = {100 + place: is_good for place, is_good in enumerate(good)}
    with_all = grown(schedule, catalogue, list(drops))
    bad = [number for number, is_good in drops.items() if not is_good]
    random.shuffle(bad)
    for number in bad:
        with_all = never_made(with_all, f"g{number}", NOW)
    alone = grown(schedule, catalogue, [number for number, is_good in drops.items() if is_good])
    assert {entry.guid: entry.slot for entry in with_all.queue} == {entry.guid: entry.slot for entry in alone.queue}


@given(queues())
def test_what_has_a_master_or_is_unknown_stays(one: tuple[Schedule, Catalogue]) -> None:
    _schedule, catalogue = one
    made = [entry.model_copy(update={"master": MASTER}) for entry in catalogue.entries]
    mastered = catalogue.model_copy(update={"entries": tuple(made)})
    for guid in ("", "unknown", *(entry.guid for entry in made)):
        assert never_made(mastered, guid, NOW) == mastered


def test_nobody_comes_to_a_slot_that_has_passed() -> None:
    """He would air at once, though he was promised for the next one."""
    queue = grown(Schedule(), Catalogue(show_guid="s"), [41, 42, 43])
    passed, promised, later = (entry.slot for entry in queue.queue)
    assert passed
    assert promised
    at_its_hour = never_made(queue, "g41", passed)
    assert [entry.slot for entry in at_its_hour.queue] == [promised, later]
    before = never_made(queue, "g41", passed - timedelta(seconds=1))
    assert [entry.slot for entry in before.queue] == [passed, promised]
