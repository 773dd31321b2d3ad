"""What the screen of `up` says: where shows are, what became of runs, and what an edited show.toml is worth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from flows.leavers import Stand
from flows.shows import Served
from pillarcast.cli.runs import Run, Runs
from pillarcast.cli.up_places import Place, Places
from pillarcast.cli.up_screen import Screen
from tests.show_support.place import Place as Folder


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr("flows.changes._REST_S", 0.0)
    folder = Folder(tmp_path / "show")
    monkeypatch.setenv("PILLARCAST_SHOW", str(folder.root / "show.toml"))
    with folder.opened() as house:
        return Place(Served("career-talk", folder.root / "show.toml"), house)


def edit(place: Place, old: str, new: str) -> None:
    place.show.file.write_text(place.show.file.read_text("utf-8").replace(old, new), "utf-8")


def test_an_edited_show_is_said_once_and_moves_the_next_slot(place: Place) -> None:
    assert dict(place.rows())["  next slot"].startswith("Thursday, ")
    assert place.news() == ""
    edit(place, "Thursday 06:00", "Friday 07:30")
    said = place.news()
    assert said.startswith("career-talk: show.toml has changed and holds. Next slot: Friday, ")
    assert place.news() == ""
    assert dict(place.rows())["  next slot"].startswith("Friday, ")


def test_a_broken_show_is_said_in_one_line_and_the_screen_stays(place: Place) -> None:
    edit(place, 'every = "Thursday 06:00"', 'every = "Thursday')
    said = place.news()
    assert said.startswith("career-talk: show.toml: cannot be read (")
    assert "\n" not in said
    assert place.news() == ""
    assert dict(place.rows())["  next slot"].startswith("Thursday, ")


def test_a_show_that_comes_later_joins_once_it_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILLARCAST_SHOW", str(tmp_path / "shows"))
    one = Folder(tmp_path / "shows" / "one")
    with one.opened() as house:
        places = Places([Place(Served("one", one.root / "show.toml"), house)])
    assert list(places.news()) == []
    two = Folder(tmp_path / "shows" / "two", '[bucket]\nkind = "cupboard"\n')
    assert list(places.news()) == [], "it may be written still"
    (refused,) = places.news()
    assert refused.startswith("two: settings: PILLARCAST_BUCKET, or `bucket.kind`")
    assert refused.endswith("Until then this new show is not served.")
    assert list(places.news()) == [], "said once"
    two.bucket = one.bucket
    two.write_show()
    assert list(places.news()) == [], "it may be written still"
    (joined,) = places.news()
    assert joined == f"two: a new show, served from now on. Its drop folder: {two.episodes}."
    assert [place.show.key for place in places.every] == ["one", "two"]
    assert list(places.news()) == []


def test_one_that_is_taken_away_leaves_and_one_that_went_before_the_start_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.leavers._REST_S", 0.0)
    monkeypatch.setenv("PILLARCAST_SHOW", str(tmp_path / "shows"))
    served = []
    for name in ("one", "two"):
        folder = Folder(tmp_path / "shows" / name)
        with folder.opened() as house:
            served.append(Place(Served(name, folder.root / "show.toml"), house))
    places = Places(served, {"three": Stand(file=tmp_path / "shows" / "three" / "show.toml")})
    (said,) = places.news()
    assert said.startswith(f"three: its folder {tmp_path / 'shows' / 'three'} was taken away")
    (tmp_path / "shows" / "two").rename(tmp_path / "two")
    (said,) = places.news()
    assert said.startswith("two: its folder ")
    assert said.endswith("What is live stays live.")
    assert [place.show.key for place in places.every] == ["one"]
    assert list(places.news()) == []
    (tmp_path / "two").rename(tmp_path / "shows" / "two")
    assert list(places.news()) == [], "it may be written still"
    (said,) = places.news()
    assert said.startswith("two: is back, served from now on.")


SLOT = datetime(2026, 6, 4, 12, tzinfo=UTC)


def run(name: str, kind: str, began_s: float, ended_s: float | None, message: str = "") -> Run:
    """As the server tells of it; seconds from the slot."""
    ended = SLOT + timedelta(seconds=ended_s) if ended_s is not None else None
    state = {"message": message, "timestamp": str(ended or SLOT + timedelta(seconds=began_s))}
    return {
        "id": f"id-of-{name}",
        "state_id": f"{name}-{kind}-{began_s}",
        "name": name,
        "state_type": kind,
        "start_time": str(SLOT + timedelta(seconds=began_s)),
        "end_time": str(ended) if ended else None,
        "state": state,
    }


def told(*seen: list[Run]) -> list[str]:
    """What a log of `up` says when it sees these one after the other."""
    out = StringIO()
    console = Console(file=out, width=400, highlight=False)
    screen = Screen(Runs("http://here"), Places([]), console, lambda: SLOT)
    for runs in seen:
        screen._seen = runs
        screen._tell()
    return [line.rstrip() for line in out.getvalue().splitlines()]


def at(seconds: float) -> str:
    return f"{(SLOT + timedelta(seconds=seconds)).astimezone():%H:%M:%S}"


def test_a_run_is_told_with_the_time_of_its_end_and_in_that_order() -> None:
    slow, quick = run("slow", "COMPLETED", -1, 4, "Live."), run("quick", "COMPLETED", 0, 2)
    assert told([slow, quick], [slow, quick]) == [f"{at(2)} ✓ quick", f"{at(4)} ✓ slow  Live."]


def test_every_problem_of_a_refusal_is_told() -> None:
    refused = run("ingest", "FAILED", 0, 1, "041.md: has no title. Write one.\n041.jpg: is too small.")
    assert told([refused]) == [
        f"{at(1)} ✗ ingest  041.md: has no title. Write one.",
        "           041.jpg: is too small.",
    ]


def test_a_run_that_waits_for_a_yes_says_where_to_press_and_again_when_it_asks_again() -> None:
    first, again = run("publish “A”", "PAUSED", 0, None), run("publish “A”", "PAUSED", 9, None)
    lines = told([first], [first], [again], [run("publish “A”", "RUNNING", 12, None)])
    assert [line.partition(" ")[0] for line in lines] == [at(0), at(9)]
    assert "? publish “A”  waits for your yes: open http://here/v2/runs/flow-run/id-of-publish “A” and" in lines[0]


def test_a_run_of_another_day_is_not_taken_for_one_of_today() -> None:
    screen = Screen(Runs("http://here"), Places([]), now=lambda: SLOT)
    ended = (SLOT - timedelta(days=3)).astimezone()
    shown = screen._run_line(run("weekly", "COMPLETED", 0, (ended - SLOT).total_seconds()))
    assert shown.plain == f"{ended:%a %d %b %H:%M} ✓ weekly"
