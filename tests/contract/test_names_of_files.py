"""Names with umlauts: macOS writes `ü` as two characters, people type one. Both are the same episode."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest

from flows.contents import Contents
from pillarcast.cli import main
from pillarcast.errors import RecordingRefused
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.naming import find_episode
from pillarcast.pipeline.drops import Folder, look, look_all
from tests.show_support.place import Place, artwork, ingest_drop

TYPED = "041-Grüße"
FILED = normalize("NFD", TYPED)
NOTES = "---\ntitle: Said in the notes\nimage: 'Hüte.jpg'\n---\nWords.\n"


def run(place: Place, *words: str) -> int:
    return main(["--show", str(place.root / "show.toml"), *words])


def test_a_recording_and_its_notes_are_joined_however_they_are_written(place: Place) -> None:
    assert FILED != TYPED
    place.drop(FILED, seconds=2)
    (place.episodes / f"{TYPED}.md").write_text(NOTES, "utf-8")
    (place.episodes / normalize("NFD", "Hüte.jpg")).write_bytes(artwork())
    with place.opened() as house:
        taken = ingest_drop(house.studio, place.episodes, TYPED)
        assert taken.entry is not None
        assert (taken.entry.source, taken.entry.episode.title) == (TYPED, "Said in the notes")
        assert taken.entry.artwork is not None
        catalogue = house.studio.store.load().catalogue
        assert find_episode(catalogue, FILED) == find_episode(catalogue, f"{TYPED}.wav") == taken.entry


def test_what_an_earlier_version_kept_decomposed_is_the_same_episode(place: Place) -> None:
    place.drop(FILED, seconds=2)
    with place.opened() as house:
        first = ingest_drop(house.studio, place.episodes, FILED).entry
        assert first is not None

        def as_it_was(catalogue: Catalogue) -> Catalogue:
            return catalogue.with_entry(first.model_copy(update={"source": FILED}))

        house.studio.store.change(as_it_was)
    place.drop(FILED, seconds=2, seed=2)  # other audio: found by its name alone
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, FILED)
        (entry,) = house.studio.store.load().catalogue.entries
        assert (entry.guid, entry.source) == (first.guid, TYPED)
        assert entry.recording != first.recording


def test_the_watcher_asks_for_it_once(tmp_path: Path) -> None:
    (tmp_path / "episodes").mkdir()
    contents = Contents(tmp_path / "episodes", tmp_path / "articles", 0, tmp_path / "hashes.json")
    assert contents.settled() == []
    (tmp_path / "episodes" / f"{FILED}.wav").write_bytes(b"x")
    asked = []
    for _ in range(3):
        for settled in contents.settled():
            asked.append(settled.asked)
            contents.done(settled)
    assert asked == [TYPED]
    assert look_all(tmp_path / "episodes", tmp_path / "articles").named(asked[0]).recording is not None


def test_two_recordings_of_one_name_are_told(tmp_path: Path) -> None:
    for name in (FILED, TYPED):
        (tmp_path / f"{name}.wav").write_bytes(b"x")
    (problem,) = look(tmp_path).problems
    assert "there are 2 recordings of that name" in problem.what


def test_notes_that_wait_for_a_recording_are_named_by_check(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (place.episodes / "041-first.md").write_text("---\ntitle: First\n---\nWords.\n", "utf-8")
    assert run(place, "check") == 0
    told = capsys.readouterr()
    mend = "Drop one, or call them as their recording is called, or write `type: article`."
    assert f"warning: 041-first.md: has no recording beside it. {mend}" in told.err
    assert "All is well." not in told.out


@pytest.mark.parametrize(("name", "found"), [
    ("42", "042-profile"), ("042", "042-profile"), ("#42", "042-profile"), ("042-PROFILE.wav", "042-profile"),
    ("episodes/042-profile.wav", "042-profile"), ("043-talk.v2", "043-talk.v2"), ("043-talk", "043-talk"),
])  # fmt: skip
def test_the_number_in_front_names_a_drop(tmp_path: Path, name: str, found: str) -> None:
    for file in ("042-profile.wav", "043-talk.v2.wav", "043-talk.wav"):
        (tmp_path / file).write_bytes(b"x")
    assert look(tmp_path).named(name).name == found


@pytest.mark.parametrize(("name", "told"), [
    ("43", "43: names two drops: 043-talk, 043-talk.v2. Say the file name."),
    ("042-profile.v2", "042-profile.v2: there is no such drop. Did you mean 042-profile?"),
    ("profle", "profle: there is no such drop. Did you mean 042-profile?"),
    ("99", "99: there is no such drop. There are: 042-profile, 043-talk, 043-talk.v2."),
])  # fmt: skip
def test_what_names_no_single_drop_says_what_there_is(tmp_path: Path, name: str, told: str) -> None:
    assert "Nothing lies there yet." in refusal(look(tmp_path), name)
    for file in ("042-profile.wav", "043-talk.v2.wav", "043-talk.wav"):
        (tmp_path / file).write_bytes(b"x")
    assert refusal(look(tmp_path), name) == told


def refusal(folder: Folder, name: str) -> str:
    with pytest.raises(RecordingRefused) as told:
        folder.named(name)
    return str(told.value)


def test_commands_take_the_number_of_a_drop(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.drop("042-profile", seconds=2)
    assert run(place, "check", "42") == 0
    assert run(place, "ingest", "042") == 0
    assert run(place, "publish", "42") == 0
    place.drop("042-profile", seconds=2, seed=2)
    capsys.readouterr()
    assert run(place, "replace", "42", "--yes") == 0
    assert "“042-profile”" in capsys.readouterr().out
