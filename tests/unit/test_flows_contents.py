"""What counts as a new drop: copies in flight, renames, edits, touches, and files that were there before."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.contents import Contents, Settled
from pillarcast.model.base import FileRef
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.files import file_ref

SETTLE_S = 0.15


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "episodes").mkdir()
    return tmp_path / "episodes"


@pytest.fixture
def contents(folder: Path) -> Contents:
    begun = Contents(folder, folder.parent / "articles", SETTLE_S, folder.parent / "hashes.json")
    assert begun.settled() == []
    return begun


def taken(contents: Contents) -> Iterator[Settled]:
    """Looks until nothing moves any more, and takes what came."""
    for _ in range(3):
        for settled in contents.settled():
            contents.done(settled)
            yield settled
        time.sleep(SETTLE_S)


def test_a_drop_comes_once(contents: Contents, folder: Path) -> None:
    (folder / "041-a.wav").write_bytes(b"x" * 1000)
    assert contents.settled() == []
    (first,) = taken(contents)
    assert (first.name, first.is_new) == ("041-a", True)
    assert list(taken(contents)) == []


def test_a_slow_copy_is_left_alone_until_it_is_whole(contents: Contents, folder: Path) -> None:
    with (folder / "041-a.wav").open("ab", buffering=0) as file:
        for _ in range(6):
            file.write(b"x" * 1000)
            assert contents.settled() == []
            time.sleep(SETTLE_S / 2)
    (settled,) = taken(contents)
    whole = Contents(folder, folder.parent / "articles", 0, folder.parent / "other.json")
    assert settled.content == next(taken(whole)).content


@pytest.mark.parametrize("name", [".041-a.wav", "041-a.wav.part", "041-a.wav.crdownload", "041-a.txt"])
def test_what_is_no_drop_is_passed_over(contents: Contents, folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"x" * 1000)
    assert list(taken(contents)) == []


def test_an_empty_file_waits_for_its_bytes(contents: Contents, folder: Path) -> None:
    (folder / "041-a.wav").touch()
    assert list(taken(contents)) == []


@pytest.mark.parametrize("empty", ["041-a.wav", "041-a.md"])
def test_what_stays_empty_is_asked_for_so_that_its_owner_is_told(
    contents: Contents, folder: Path, empty: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "041-a.wav").write_bytes(b"x" * 1000)
    (folder / empty).write_bytes(b"")
    assert list(taken(contents)) == []
    monkeypatch.setattr("flows.contents._EMPTY_S", SETTLE_S)
    (settled,) = taken(contents)
    assert settled.name == "041-a"


def test_a_copy_that_is_renamed_when_whole_comes_once(contents: Contents, folder: Path) -> None:
    (folder / "041-a.wav.part").write_bytes(b"x" * 1000)
    assert list(taken(contents)) == []
    (folder / "041-a.wav.part").rename(folder / "041-a.wav")
    assert len(list(taken(contents))) == 1


def test_a_rename_keeps_the_content(contents: Contents, folder: Path) -> None:
    (folder / "041-a.wav").write_bytes(b"x" * 1000)
    (before,) = taken(contents)
    (folder / "041-a.wav").rename(folder / "042-b.wav")
    (after,) = taken(contents)
    assert (after.name, after.content) == ("042-b", before.content)


def test_touching_a_file_is_no_change(contents: Contents, folder: Path) -> None:
    (folder / "041-a.wav").write_bytes(b"x" * 1000)
    list(taken(contents))
    os.utime(folder / "041-a.wav")
    assert list(taken(contents)) == []


def test_edited_notes_are_another_content_of_the_same_recording(contents: Contents, folder: Path) -> None:
    (folder / "041-a.wav").write_bytes(b"x" * 1000)
    (folder / "041-a.md").write_text("One")
    (before,) = taken(contents)
    (folder / "041-a.md").write_text("Two")
    (after,) = taken(contents)
    assert before.recording_sha256 == after.recording_sha256
    assert before.content != after.content


def test_a_drop_that_becomes_what_it_was_is_told_apart_also_after_a_restart(contents: Contents, folder: Path) -> None:
    changes = []
    (folder / "041-a.wav").write_bytes(b"x" * 1000)
    for words in ("One", "Two", "One"):
        (folder / "041-a.md").write_text(words)
        changes += [settled.change for settled in taken(contents)]
    assert changes[0] == ""
    assert len({*changes}) == 3
    (folder / "041-a.md").write_text("Two")
    (after,) = taken(Contents(folder, contents.articles, 0, contents.hashes))
    assert after.change not in ("", *changes)
    assert [settled.change for settled in taken(Contents(folder, contents.articles, 0, contents.hashes))] == [""]


def test_notes_wait_for_their_recording_but_an_article_does_not(contents: Contents, folder: Path) -> None:
    (folder / "041-a.md").write_text("---\ntitle: A\n---\nNotes")
    (folder / "news.md").write_text("---\ntitle: News\ntype: article\n---\nRead this")
    assert [(settled.name, settled.is_alone) for settled in taken(contents)] == [("041-a", True), ("news", False)]


def test_notes_whose_recording_was_taken_and_removed_are_told_to_be_alone(contents: Contents, folder: Path) -> None:
    (folder / "041-a.wav").write_bytes(b"x" * 1000)
    (folder / "041-a.md").write_text("Before.", "utf-8")
    assert [settled.is_alone for settled in taken(contents)] == [False]
    (folder / "041-a.wav").unlink()
    list(taken(contents))
    (folder / "041-a.md").write_text("After, and longer.", "utf-8")
    (settled,) = taken(contents)
    assert (settled.name, settled.recording_sha256, settled.is_article, settled.is_alone) == ("041-a", "", False, True)


def test_what_is_wrong_with_the_folder_is_told_once(contents: Contents, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.wav").write_bytes(b"x")
    (folder / "041-a.wav").symlink_to(tmp_path / "elsewhere.wav")
    assert [settled.name for settled in taken(contents)] == [""]
    (folder / "041-a.wav").unlink()
    assert list(taken(contents)) == []


def test_after_a_restart_files_are_known_without_being_read(contents: Contents, folder: Path) -> None:
    (folder / "041-a.wav").write_bytes(b"x" * 1000)
    (before,) = taken(contents)
    noted = contents.hashes.read_text("utf-8").replace(before.recording_sha256, "f" * 64)
    contents.hashes.write_text(noted, "utf-8")
    (after,) = taken(Contents(folder, contents.articles, SETTLE_S, contents.hashes))
    assert (after.recording_sha256, after.is_new) == ("f" * 64, False)


def test_a_drop_that_vanishes_while_we_look_is_no_error(contents: Contents, folder: Path) -> None:
    shutil.copytree(folder, folder / "041-a")
    (folder / "041-a" / "a.wav").write_bytes(b"x" * 1000)
    contents.settled()
    shutil.rmtree(folder / "041-a")
    assert list(taken(contents)) == []


def test_what_we_may_not_read_holds_nothing_back(
    contents: Contents, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests may be one who may read everything."""

    def read(path: Path, media_type: str) -> FileRef:
        if path.stem == "041-a":
            raise PermissionError(13, "Permission denied", str(path))
        return file_ref(path, media_type)

    monkeypatch.setattr("flows.contents.file_ref", read)
    for name in ("041-a.wav", "042-b.wav"):
        (folder / name).write_bytes(b"x" * 1000)
    assert [settled.name for settled in taken(contents)] == ["041-a", "042-b"]


def test_an_article_comes_alone_and_is_not_taken_for_a_recording_of_its_name(contents: Contents, folder: Path) -> None:
    contents.articles.mkdir()
    (contents.articles / "041-a.md").write_text("Words without audio.", "utf-8")
    (folder / "041-a.wav").write_bytes(b"x" * 1000)
    assert {(settled.asked, settled.is_article) for settled in taken(contents)} == {
        ("041-a", False),
        ("articles/041-a", True),
    }
    found = look_all(folder, contents.articles)
    assert found.named("articles/041-a").is_article
    assert found.named("041-a").recording is not None
    assert list(taken(contents)) == []
