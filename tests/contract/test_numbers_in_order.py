"""Recordings that are dropped together air in the order of their numbers, whichever is taken first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice

import pytest

from pillarcast.cli import main
from pillarcast.errors import RecordingRefused
from pillarcast.model.schedule import Schedule, slots_after
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import as_it_stands, ingest_all
from pillarcast.pipeline.intake import intake, note_refusal
from pillarcast.pipeline.retracting import put_back, retract
from pillarcast.pipeline.staging import stage
from tests.show_support.place import Place, ingest_drop, publish_all


def run(place: Place, *words: str) -> int:
    return main(["--show", str(place.root / "show.toml"), *words])


@pytest.fixture
def today(place: Place) -> Place:
    """With the clock that commands have."""
    place.clock.moment = datetime.now(UTC)
    return place


def days(place: Place) -> Iterator[str]:
    """The days on which the show airs, as commands write them."""
    schedule = Schedule()
    slots = slots_after(schedule, place.clock.moment)
    return (f"{slot.astimezone(schedule.tz):%a %d %b %Y %H:%M %Z}" for slot in slots)


def names(place: Place) -> list[str]:
    return [name for name, _ in queue(place)]


def drop(place: Place, *names: str) -> None:
    for seed, name in enumerate(names, start=len([*place.episodes.iterdir()])):
        place.drop(name, seconds=2, seed=seed)


def queue(place: Place) -> list[tuple[str, str]]:
    with place.opened() as house:
        waiting = house.studio.store.load().catalogue.queue
        return [(entry.source, f"{entry.slot:%d %B}") for entry in waiting]


def test_the_last_one_mastered_first_airs_last_and_its_tags_say_so(place: Place) -> None:
    drop(place, "043-c", "041-a", "042-b")
    with place.opened() as house:
        for name in ("043-c", "041-a", "042-b"):
            ingest_drop(house.studio, place.episodes, name)
    assert queue(place) == [("041-a", "04 June"), ("042-b", "11 June"), ("043-c", "18 June")]
    place.clock.forward(days=3)
    with place.opened() as house:
        assert [air.title for air in publish_all(house.studio).plan.airs] == ["A"]
        assert not publish_all(house.studio).plan
    assert names(place) == ["042-b", "043-c"]


def test_what_moved_and_is_gone_by_now_is_not_told_of(place: Place) -> None:
    drop(place, "042-b", "041-a")
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "042-b")
        taken = ingest_drop(house.studio, place.episodes, "041-a")
        standing = house.studio.store.load().catalogue
    assert [entry.source for entry in as_it_stands(taken, standing).moved] == ["042-b"]
    without = standing.model_copy(update={"entries": standing.kept.where(lambda card: card.source == "041-a")})
    assert as_it_stands(taken, without).moved == ()


def test_runs_that_master_at_once_come_to_one_queue(place: Place) -> None:
    drops = ["043-c", "041-a", "044-d", "042-b"]
    drop(place, *drops)

    def take(name: str) -> None:
        with place.opened() as house:
            ingest_drop(house.studio, place.episodes, name)

    with ThreadPoolExecutor(4) as pool:
        [*pool.map(take, drops)]
    assert queue(place) == [("041-a", "04 June"), ("042-b", "11 June"), ("043-c", "18 June"), ("044-d", "25 June")]


def test_who_died_before_the_master_was_made_is_put_in_its_place_by_the_next_run(place: Place) -> None:
    drop(place, "043-c", "041-a")
    folder = look(place.episodes)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "043-c")
        intake(house.studio, folder.named("041-a"), folder, 0)
    assert names(place) == ["043-c", "041-a"], "it is not ready, and moves nobody"
    with place.opened() as house:
        ingest_all(house.studio, folder, 0)
    assert names(place) == ["041-a", "043-c"]


def test_numbers_of_different_length_are_numbers(place: Place) -> None:
    drop(place, "9-i", "10-j", "100-k")
    assert run(place, "ingest") == 0
    assert names(place) == ["9-i", "10-j", "100-k"]


def test_a_recording_that_is_refused_moves_nobody(place: Place) -> None:
    drop(place, "042-b")
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "042-b")
        before = house.studio.store.load().catalogue.entries
        broken = place.drop("041-a", seconds=6, seed=5)
        broken.write_bytes(broken.read_bytes()[: broken.stat().st_size * 6 // 10])
        with pytest.raises(RecordingRefused):
            ingest_drop(house.studio, place.episodes, "041-a")
        assert house.studio.store.load().catalogue.entries == before


def test_of_three_the_broken_one_leaves_no_gap(place: Place) -> None:
    drop(place, "043-c", "042-b")
    broken = place.drop("041-a", seconds=6, seed=5)
    broken.write_bytes(broken.read_bytes()[: broken.stat().st_size * 6 // 10])
    folder = look(place.episodes)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "043-c")
        taken = intake(house.studio, folder.named("041-a"), folder, 0)
        ingest_drop(house.studio, place.episodes, "042-b")
        assert queue(place) == [("042-b", "04 June"), ("041-a", "11 June"), ("043-c", "18 June")]
        with pytest.raises(RecordingRefused) as refused:
            stage(house.studio, taken.guid)
        note_refusal(house.studio, folder.named("041-a"), refused.value, unmade=taken.guid)
    assert queue(place) == [("042-b", "04 June"), ("043-c", "11 June")]


def test_what_the_owner_moved_stays_and_so_does_the_rest_for_a_straggler(today: Place) -> None:
    drop(today, "043-c", "044-d")
    assert run(today, "ingest") == 0
    assert run(today, "queue", "44", "1") == 0
    drop(today, "042-b", "041-a")
    for name in ("042-b", "041-a"):
        assert run(today, "ingest", name) == 0
    assert names(today) == ["044-d", "041-a", "042-b", "043-c"]
    assert run(today, "publish", "42") == 0
    drop(today, "040-late")
    before = dict(queue(today))
    assert run(today, "ingest", "40") == 0
    assert before.items() < dict(queue(today)).items()


def test_a_number_that_notes_name_later_puts_it_in_its_place(today: Place, capsys: pytest.CaptureFixture[str]) -> None:
    drop(today, "talk", "042-b")
    for name in ("talk", "042-b"):
        assert run(today, "ingest", name) == 0
    (today.episodes / "talk.md").write_text("---\nepisode: 43\n---\nWords.\n", "utf-8")
    capsys.readouterr()
    assert run(today, "ingest", "talk") == 0
    told = capsys.readouterr().out
    assert names(today) == ["042-b", "talk"]
    first, second = islice(days(today), 2)
    assert f"changed: “Talk”, airs {second}" in told
    assert f"“B” moves to {first}, because “Talk” has another place now." in told
    assert run(today, "queue", "43", "1") == 0
    (today.episodes / "talk.md").write_text("---\nepisode: 44\n---\nOther words.\n", "utf-8")
    assert run(today, "ingest", "talk") == 0
    assert names(today) == ["talk", "042-b"], "its owner has placed it since"


def test_other_words_move_nothing(today: Place) -> None:
    drop(today, "041-a", "042-b")
    assert run(today, "ingest") == 0
    assert run(today, "queue", "42", "1") == 0
    for name in ("041-a", "042-b"):
        (today.episodes / f"{name}.md").write_text("---\ntitle: Other\n---\nWords.\n", "utf-8")
    assert run(today, "ingest") == 0
    assert names(today) == ["042-b", "041-a"]


def test_an_hour_in_the_notes_and_out_again_leads_back_to_the_number(today: Place) -> None:
    drop(today, "041-a", "042-b", "043-c")
    assert run(today, "ingest") == 0
    notes = today.episodes / "042-b.md"
    notes.write_text("---\npublish_at: 2099-01-01 08:00\n---\n", "utf-8")
    assert run(today, "ingest", "42") == 0
    assert names(today) == ["041-a", "043-c", "042-b"]
    assert run(today, "queue", "41", "1") == 0  # closes the gap
    notes.write_text("---\ntitle: B\n---\n", "utf-8")
    assert run(today, "ingest", "42") == 0
    assert names(today) == ["041-a", "042-b", "043-c"]


def test_what_is_put_back_goes_to_where_its_number_belongs(today: Place) -> None:
    drop(today, "041-a", "042-b", "043-c")
    assert run(today, "ingest") == 0
    with today.opened() as house:
        retract(house.studio, "42")
    assert run(today, "queue", "41", "1") == 0  # closes the gap
    with today.opened() as house:
        put_back(house.studio, "42")
    assert names(today) == ["041-a", "042-b", "043-c"]


def test_a_queue_in_which_nobody_moved_anything_has_no_word_that_an_older_pillarcast_does_not_know(
    place: Place,
) -> None:
    drop(place, "042-b", "041-a")
    with place.opened() as house:
        ingest_all(house.studio, look(place.episodes), 0)
        (entry, *_) = house.studio.store.load().catalogue.entries
        assert "is_placed" not in entry.model_dump_json(exclude_defaults=True)


def test_whoever_looks_is_told_who_moved_and_why(today: Place, capsys: pytest.CaptureFixture[str]) -> None:
    drop(today, "042-b", "043-c")
    assert run(today, "ingest") == 0
    drop(today, "041-a")
    capsys.readouterr()
    assert run(today, "ingest") == 0
    told = capsys.readouterr().out.splitlines()
    first, second, third = islice(days(today), 3)
    assert f"new: “A”, airs {first}" in told
    assert f"“B” moves to {second}, because “A” goes first." in told
    assert f"“C” moves to {third}, because “A” goes first." in told
    assert run(today, "queue") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.rpartition("  (")[2] for line in lines[1:]] == ["“A” came later and goes first, by its number)"] * 2
    assert run(today, "plan") == 0
    assert f"Moved back, because lower numbers came later: “B” ({second}), “C” ({third})." in capsys.readouterr().out
    drop(today, "039-y", "040-z")
    assert run(today, "ingest", "--json") == 0
    told = json.loads(capsys.readouterr().out)["moved"]
    assert [move.partition("”")[0] for move in told] == ["“A", "“B", "“C"]
    assert all(move.endswith("because “Z” goes first") for move in told)
