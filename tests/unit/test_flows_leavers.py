"""A show's folder that is gone was taken away; what only looks like it may be a disk that does not answer."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from flows.leavers import Leavers, Stand
from flows.roll import Line, Roll
from flows.shows import show_named
from pillarcast.errors import SettingsError
from pillarcast.model.show import Notify
from tests.show_support.place import Place


@pytest.fixture
def shows(tmp_path: Path) -> Path:
    for name in ("one", "two"):
        Place(tmp_path / "shows" / name)
    return tmp_path / "shows"


def stand(shows: Path) -> Stand:
    return Stand.of(shows / "two" / "show.toml")


def test_a_folder_that_is_gone_was_taken_away(shows: Path) -> None:
    two = stand(shows)
    assert not two.is_taken_away()
    (shows / "two").rename(shows.parent / "two")
    assert two.is_taken_away()


def test_an_empty_folder_may_be_a_disk_that_is_not_mounted(shows: Path) -> None:
    two = stand(shows)
    (shows / "two").rename(shows.parent / "two")
    (shows / "two").mkdir()
    assert not two.is_taken_away()


def test_a_folder_on_which_a_disk_was_mounted_stays(shows: Path) -> None:
    two = stand(shows).model_copy(update={"is_mount": True})
    (shows / "two").rename(shows.parent / "two")
    assert not two.is_taken_away()


def test_a_link_without_an_end_stays(shows: Path) -> None:
    (shows / "two").rename(shows.parent / "two")
    (shows / "two").symlink_to(shows.parent / "two")
    two = stand(shows)
    (shows.parent / "two").rename(shows.parent / "elsewhere")
    assert not two.is_taken_away()
    (shows / "two").unlink()
    assert two.is_taken_away()


def test_where_no_show_is_left_all_of_them_may_be_on_a_disk_that_is_away(shows: Path) -> None:
    two = stand(shows)
    shows.rename(shows.with_name("away"))
    assert not two.is_taken_away()
    shows.mkdir()
    assert not two.is_taken_away()
    Place(shows / "three")
    assert two.is_taken_away()


def test_a_folder_that_is_exchanged_for_another_is_not_missed(shows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leavers, two = Leavers(), {"two": stand(shows)}
    (shows / "two").rename(shows.parent / "two")
    assert leavers.at_rest(two) == []
    (shows.parent / "two").rename(shows / "two")
    monkeypatch.setattr("flows.leavers._REST_S", 0.0)
    assert leavers.at_rest(two) == []
    (shows / "two").rename(shows.parent / "two")
    assert leavers.at_rest(two) == ["two"]


def test_the_roll_is_the_same_after_a_restart(shows: Path) -> None:
    path = shows.parent / "work" / "roll.json"
    roll, line = Roll.read(path), Line(stand=stand(shows), notify=Notify(urls=("ntfy://x",)), scheduled=(uuid4(),))
    roll.enter("two", line)
    assert Roll.read(path).lines == {"two": line}
    assert Roll.read(path).expected == {"two": stand(shows)}
    roll.enter("two", line.model_copy(update={"is_away": True}))
    assert Roll.read(path).expected == {}
    roll.strike("two")
    assert Roll.read(path).lines == {}
    path.write_text("{", "utf-8")
    assert Roll.read(path).lines == {}


def test_a_run_of_a_show_that_is_gone_does_not_take_the_only_one_that_is_left_for_it(
    shows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILLARCAST_SHOW", str(shows))
    (shows / "two").rename(shows.parent / "two")
    assert show_named("one").file == shows / "one" / "show.toml"
    with pytest.raises(SettingsError, match="no show goes by that name"):
        show_named("two")
