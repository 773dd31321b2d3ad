"""A show's folder that is renamed below shows/, where all work folders lie side by side: its guids stay."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pillarcast.errors import NeedsOperator
from pillarcast.pipeline.files import keep_bytes
from pillarcast.wiring import open_house
from tests.show_support.place import Place, ingest_drop, publish_all

TITLE, DESCRIPTION = "Career Talk", "Careers, managed on purpose."
KINDS = pytest.mark.parametrize("kind", ["folder", pytest.param("embedded", marks=pytest.mark.s3)])


@pytest.fixture
def shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PILLARCAST_WORK_DIR", str(tmp_path / "work"))
    return tmp_path / "shows"


def placed(folder: Path, kind: str) -> Place:
    return Place(folder, f'[bucket]\nkind = "{kind}"\n')


def aired(place: Place) -> dict[str, str]:
    """The guids by the names of files, once one episode is out."""
    place.drop("041-rush", seconds=2)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-rush")
        place.clock.forward(days=7)
        publish_all(house.studio)
    return guids(place.root)


def guids(folder: Path) -> dict[str, str]:
    with open_house(folder / "show.toml") as house:
        entries = house.studio.store.load().catalogue.entries
        return {entry.source: entry.guid for entry in entries}


def with_other_words(folder: Path, *words: str) -> Path:
    file = folder / "show.toml"
    text = file.read_text("utf-8")
    for word in words:
        text = text.replace(word, "Said otherwise")
    file.write_text(text, "utf-8")
    return folder


@KINDS
def test_a_renamed_show_waits_for_its_bucket(shows: Path, kind: str) -> None:
    known = aired(placed(shows / "alpha", kind))
    after = (shows / "alpha").rename(shows / "beta")
    with pytest.raises(NeedsOperator, match=r"beta: .*whose folder was .*/alpha, are in") as told:
        guids(after)
    (shows.parent / "work/beta").mkdir(exist_ok=True)  # whoever watches the folder keeps something there
    (shows.parent / "work/beta/hashes.json").write_text("{}")
    command = re.search(r"`(mkdir .*)`", str(told.value))
    assert command is not None
    subprocess.run(command[1], shell=True, check=True)
    assert guids(after) == known


@pytest.mark.parametrize("changed", [TITLE, DESCRIPTION])
def test_it_is_known_though_one_of_its_words_changed_too(shows: Path, changed: str) -> None:
    aired(placed(shows / "alpha", "folder"))
    with_other_words((shows / "alpha").rename(shows / "beta"), changed)
    with pytest.raises(NeedsOperator, match="would be a new one to listeners"):
        guids(shows / "beta")


def test_other_shows_are_let_in(shows: Path) -> None:
    """Beside one of the same words that is there, and after one of other words that is gone."""
    aired(placed(shows / "alpha", "folder"))
    assert guids(placed(shows / "twin", "folder").root) == {}
    shutil.rmtree(shows / "alpha")
    assert guids(with_other_words(placed(shows / "other", "folder").root, TITLE, DESCRIPTION)) == {}


def test_a_work_folder_that_another_show_left_is_no_way_round(shows: Path) -> None:
    aired(placed(shows / "alpha", "folder"))
    left = with_other_words(placed(shows / "beta", "folder").root, TITLE, DESCRIPTION)
    assert guids(left) == {}
    shutil.rmtree(left)
    (shows / "alpha").rename(left)
    with pytest.raises(NeedsOperator, match="would be a new one to listeners"):
        guids(left)


def test_shows_whose_names_were_exchanged_wait(shows: Path) -> None:
    aired(placed(shows / "alpha", "folder"))
    other = with_other_words(placed(shows / "beta", "folder").root, TITLE, DESCRIPTION)
    with open_house(other / "show.toml") as house:
        keep_bytes(house.studio, b"words", "text/plain", "words.txt")
    for old, new in (("alpha", "third"), ("beta", "alpha"), ("third", "beta")):
        (shows / old).rename(shows / new)
    for name in ("alpha", "beta"):
        with pytest.raises(NeedsOperator, match=r"name it as before\. If"):
            guids(shows / name)


def test_a_show_may_get_other_words_where_it_is(shows: Path) -> None:
    known = aired(placed(shows / "alpha", "folder"))
    assert guids(with_other_words(shows / "alpha", TITLE, DESCRIPTION)) == known


def test_an_installation_that_was_moved_is_the_same(shows: Path) -> None:
    """The other show is not gone, though its note still names where it was."""
    aired(placed(shows / "alpha", "folder"))
    moved = shows.rename(shows.parent / "elsewhere").parent / "elsewhere"
    (moved.parent / "new").mkdir()
    moved = moved.rename(moved.parent / "new/shows")
    assert guids(placed(moved / "beta", "folder").root) == {}


def test_an_older_work_folder_gets_its_note(shows: Path) -> None:
    known = aired(placed(shows / "alpha", "folder"))
    note = shows.parent / "work/alpha/whose.json"
    note.unlink()
    assert guids(shows / "alpha") == known
    assert note.exists()


def test_a_work_folder_of_one_show_has_no_note(tmp_path: Path) -> None:
    guids(placed(tmp_path / "show", "folder").root)
    assert not list(tmp_path.rglob("whose.json"))
