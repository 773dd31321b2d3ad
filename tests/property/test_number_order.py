"""Numbers: whatever order recordings are taken and mastered in, they wait in the order of their numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random

from hypothesis import event, given
from hypothesis import strategies as st

from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.episode import Episode, EpisodeKind
from pillarcast.model.number_order import COMING, in_order, moved_between, overtaken_by, slot_for
from pillarcast.model.queue_words import move_of, place_of
from pillarcast.model.queueing import moved, never_made
from pillarcast.model.schedule import Schedule, slots_after
from tests.property.test_queue_on_schedule import MASTER

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
WEEKLY = Schedule()
SLOTS = list(islice(slots_after(WEEKLY, NOW), 30))
numbers = st.integers(1, 60)


def episode(number: int | None, season: int | None = None, kind: EpisodeKind = EpisodeKind.FULL) -> Episode:
    return Episode(title=f"No. {number}", number=number, season=season, kind=kind)


def waiting(number: int | None, slot: datetime | None, dropped_at: datetime = NOW, **more: object) -> Entry:
    guid = more.pop("guid", f"g{number}")
    said = {"guid": guid, "slug": guid, "source": f"{guid}.wav", "episode": episode(number), "recording": None, **more}
    return Entry.model_validate({"slot": slot, "dropped_at": dropped_at, **said})


def show(*entries: Entry) -> Catalogue:
    return Catalogue(show_guid="s", entries=entries)


gaps = st.lists(st.sampled_from(SLOTS[:12]), unique=True, min_size=8, max_size=8)
one_aired_early = st.booleans().flatmap(lambda is_one: st.permutations(SLOTS[is_one : 8 + is_one]))


@st.composite
def shows(draw: st.DrawFn, chosen_slots: st.SearchStrategy[list[datetime]] = gaps) -> Catalogue:
    """One that waits in the order of its numbers, with gaps; and among them what was placed by hand, has an hour of its
    own, has no number, or aired long ago with a lower one."""
    chosen = sorted(draw(st.sets(st.integers(11, 60), min_size=4, max_size=4)))
    slots = draw(chosen_slots)
    before = NOW - timedelta(days=30)
    row = [waiting(number, slot, before, master=MASTER) for number, slot in zip(chosen, sorted(slots[:4]), strict=True)]
    kinds: list[dict[str, object]] = [
        {"is_placed": True},
        {"is_pinned": True},
        {"episode": episode(None)},
        {"episode": episode(3, kind=EpisodeKind.BONUS)},
    ]
    others = [
        waiting(number, slot, before, master=MASTER, guid=f"other{place}", **kind)
        for place, (slot, kind) in enumerate(zip(slots[4:], kinds, strict=True))
        for number in (draw(st.integers(11, 60)),)
    ]
    aired = waiting(10, None, before, master=MASTER, published_at=before)
    return show(aired, *row, *others)


def taken(catalogue: Catalogue, entry: Entry) -> Catalogue:
    slot = entry.slot or slot_for(catalogue, entry, WEEKLY, NOW)
    return catalogue.with_entry(entry.model_copy(update={"slot": slot}))


def ready(catalogue: Catalogue, guid: str) -> Catalogue:
    return in_order(catalogue.with_entry(catalogue.entry(guid).model_copy(update={"master": MASTER})), guid, NOW)


def arrived(
    catalogue: Catalogue, drops: Iterable[Entry], random: Random | None = None, bad: int | None = None
) -> Catalogue:
    """All drops taken, each in its minute, and mastered, by several runs at once where the order is random."""
    left, under_way = [*drops], list[Entry]()
    minute = 0
    while left or under_way:
        if left and (not under_way or random is None or random.random() < 0.5):
            one, minute = left.pop(0), minute + 1
            under_way.append(one)
            catalogue = taken(catalogue, one.model_copy(update={"dropped_at": NOW + timedelta(minutes=minute)}))
            if random is not None:
                continue
        one = under_way.pop(random.randrange(len(under_way)) if random else 0)
        catalogue = ready(catalogue, one.guid) if one.episode.number != bad else never_made(catalogue, one.guid, NOW)
    return catalogue


def slots_of(catalogue: Catalogue) -> dict[str, datetime | None]:
    return {entry.guid: entry.slot for entry in catalogue.entries}


def drops_of(chosen: Iterable[int]) -> list[Entry]:
    return [waiting(number, None, guid=f"new{number}") for number in chosen]


drops = st.lists(st.integers(11, 60), unique=True, min_size=1, max_size=6)


@given(shows(), drops, st.randoms())
def test_whatever_order_they_are_taken_and_mastered_in_the_queue_is_the_same(
    before: Catalogue, chosen: list[int], random: Random
) -> None:
    after = arrived(before, drops_of(chosen), random)
    assert slots_of(after) == slots_of(arrived(before, drops_of(sorted(chosen))))
    free = [entry for entry in after.queue if entry.guid.startswith(("g", "new")) and entry.episode.number]
    ranks = [(entry.episode.number or 0, entry.source) for entry in free]
    assert ranks == sorted(ranks)
    assert len({entry.slot for entry in after.queue}) == len(after.queue)


@given(shows(), drops, st.randoms())
def test_nothing_comes_forward_and_what_was_placed_or_fixed_stays(
    before: Catalogue, chosen: list[int], random: Random
) -> None:
    after = arrived(before, drops_of(chosen), random)
    event(f"{len(moved_between(before, after, ''))} gave way")
    for entry in before.entries:
        now = after.entry(entry.guid)
        assert now == entry or (now.slot or NOW) > (entry.slot or NOW)
        assert now == entry or entry.guid.startswith("g")
        assert now == entry or overtaken_by(after, now)
        assert now == entry.model_copy(update={"slot": now.slot})


@given(shows(), st.integers(1, 10), st.randoms())
def test_a_number_that_the_show_has_passed_moves_nobody(before: Catalogue, number: int, random: Random) -> None:
    after = arrived(before, drops_of([number]), random)
    assert slots_of(before).items() <= slots_of(after).items()
    assert after.entry(f"new{number}").slot == next(slot for slot in SLOTS if slot not in slots_of(before).values())


@given(shows(one_aired_early), drops, st.randoms(), st.data())
def test_what_turns_out_to_be_no_episode_leaves_no_trace(
    before: Catalogue, chosen: list[int], random: Random, data: st.DataObject
) -> None:
    bad = data.draw(st.sampled_from(chosen))
    after = arrived(before, drops_of(chosen), random, bad)
    good = [number for number in chosen if number != bad]
    assert slots_of(after) == slots_of(arrived(before, drops_of(good)))


@given(shows(), drops, drops, st.integers(1, 6), st.randoms())
def test_what_its_owner_moved_stays_where_she_put_it(
    before: Catalogue, first: list[int], then: list[int], position: int, random: Random
) -> None:
    queue = arrived(before, drops_of(first), random)
    moved_by_hand = moved(queue, queue.entry(f"new{first[0]}"), position, WEEKLY, NOW)
    after = arrived(moved_by_hand, drops_of([number for number in then if number not in first]), random)
    one = after.entry(f"new{first[0]}")
    assert one == moved_by_hand.entry(one.guid)
    assert place_of(after, one) == "placed by hand"


def test_several_dropped_the_evening_before_the_slot_air_in_their_order() -> None:
    evening = SLOTS[0] - timedelta(hours=9)
    queue = show(waiting(43, SLOTS[0], evening - timedelta(hours=1), master=MASTER))
    late = waiting(41, SLOTS[1], evening, master=MASTER)
    after = in_order(queue.with_entry(late), "g41", evening)
    assert [entry.episode.number for entry in after.queue] == [41, 43]


def test_what_airs_within_a_day_and_was_seen_to_stays() -> None:
    seen = SLOTS[0] - timedelta(days=5)
    queue = show(
        waiting(43, SLOTS[0], seen, master=MASTER), waiting(44, SLOTS[1], seen, master=MASTER), waiting(41, SLOTS[2])
    )
    for ahead, order in ((COMING, [43, 41, 44]), (COMING + timedelta(minutes=1), [41, 43, 44])):
        now = SLOTS[0] - ahead
        late = queue.entry("g41").model_copy(update={"dropped_at": now, "master": MASTER})
        after = in_order(queue.with_entry(late), "g41", now)
        assert [entry.episode.number for entry in after.queue] == order


def test_nothing_is_brought_into_the_coming_day_because_the_notes_of_another_name_a_number_now() -> None:
    now = SLOTS[0] - timedelta(hours=3)
    long_ago = now - timedelta(days=20)
    fresh = waiting(44, SLOTS[0], now, master=MASTER)
    queue = show(fresh, waiting(42, SLOTS[1], long_ago, master=MASTER))
    assert in_order(queue, "g44", now) == queue
    assert [entry.episode.number for entry in in_order(queue, "g44", NOW).queue] == [42, 44]


def test_what_has_no_master_yet_moves_nobody() -> None:
    queue = show(waiting(43, SLOTS[0], master=MASTER), waiting(41, SLOTS[1]))
    assert in_order(queue, "g41", NOW) == queue
    assert [entry.episode.number for entry in ready(queue, "g41").queue] == [41, 43]


def test_seasons_go_before_numbers_and_are_not_compared_with_none() -> None:
    def one(name: str, number: int, season: int | None, slot: datetime) -> Entry:
        return waiting(number, slot, guid=name, source=name, episode=episode(number, season), master=MASTER)

    queue = show(one("s2e1", 1, 2, SLOTS[0]), one("s1e9", 9, 1, SLOTS[1]), one("5", 5, None, SLOTS[2]))
    assert [entry.source for entry in in_order(queue, "s1e9", NOW).queue] == ["s1e9", "s2e1", "5"]
    assert in_order(queue, "5", NOW) == queue


def test_the_owner_is_told_who_moved_and_why() -> None:
    queue = show(waiting(43, SLOTS[0], NOW - timedelta(days=1), master=MASTER), waiting(41, SLOTS[1]))
    after = ready(queue, "g41")
    (late,) = moved_between(queue, after, "g41")
    words = move_of(late, after.entry("g41"), lambda moment: f"{moment:%d %B}")
    assert words == "“No. 43” moves to 12 March, because “No. 41” goes first"
    assert place_of(after, late) == "“No. 41” came later and goes first, by its number"
    assert place_of(after, after.queue[0]) == ""
