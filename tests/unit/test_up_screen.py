"""What the screen of `up` says: where shows are, what became of runs, and what an edited show.toml is worth."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.shows import Served
from pillarcast.cli.up_places import Place
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
