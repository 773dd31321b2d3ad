"""The commands doctor, restore and preview as their user meets them: words, JSON, and exit codes."""

from __future__ import annotations

import json

import pytest
import requests

from pillarcast.cli import main
from pillarcast.errors import NeedsOperator, NeedsOwner
from pillarcast.model.addresses import CATALOGUE, FEED
from tests.show_support.place import Place, ingest_drop, publish_all


@pytest.fixture
def live(place: Place) -> Place:
    place.drop("041-first", seconds=2)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-first")
        publish_all(house.studio, "041-first")
    return place


def run(place: Place, *words: str) -> int:
    return main(["--show", str(place.root / "show.toml"), *words])


def test_a_healthy_show_is_said_to_be_well(live: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(live, "doctor") == 0
    assert "All is well." in capsys.readouterr().out


def test_doctor_says_what_is_wrong_and_repairs_it_when_told(live: Place, capsys: pytest.CaptureFixture[str]) -> None:
    with live.opened() as house:
        house.studio.bucket.remove(FEED)
    assert run(live, "doctor") == NeedsOperator.exit_code
    assert f"{FEED}: is gone." in capsys.readouterr().err
    assert run(live, "doctor", "--repair", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["found"]
    assert told["left"] == []
    assert run(live, "doctor") == 0


def test_a_lost_catalogue_is_said_by_every_command_and_brought_back(live: Place) -> None:
    with live.opened() as house:
        house.studio.bucket.remove(CATALOGUE)
    assert run(live, "publish") == NeedsOperator.exit_code
    assert run(live, "doctor", "--repair") == 0
    assert run(live, "publish") == 0


def test_versions_are_listed_and_one_is_brought_back(live: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(live, "restore", "--json") == 0
    numbers = [one["version"] for one in json.loads(capsys.readouterr().out)]
    assert numbers == sorted(numbers, reverse=True)
    assert run(live, "restore", str(numbers[-1]), "--yes") == 0
    assert run(live, "publish") == 0
    assert run(live, "doctor") == 0


def test_what_lies_there_is_known_after_a_restore_and_other_audio_is_named(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """The version knows an earlier recording, and an earlier name."""
    place.drop("041-first", seconds=2)
    place.drop("042-second", seed=2, seconds=2)
    assert run(place, "ingest") == 0
    with place.opened() as house:
        revision = house.studio.store.load().catalogue.revision
    place.drop("041-first", seed=3, seconds=3)
    (place.episodes / "042-second.wav").rename(place.episodes / "042-renamed.wav")
    assert run(place, "ingest") == 0
    place.drop("043-third", seed=4, seconds=2)
    (place.episodes / "044-copy.wav").write_bytes((place.episodes / "042-renamed.wav").read_bytes())
    assert run(place, "restore", str(revision), "--yes") == 0
    capsys.readouterr()
    assert run(place, "plan") == 0
    said = capsys.readouterr().out
    assert "Not taken yet: 043-third.\n" in said
    assert "041-first: the queue holds other audio than lies there; `pillarcast ingest 041-first` takes" in said
    assert run(place, "ingest", "041-first") == 0
    capsys.readouterr()
    assert run(place, "plan") == 0
    assert "other audio" not in capsys.readouterr().out


def test_nothing_is_brought_back_without_a_yes(live: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(live, "restore", "1") == NeedsOwner.exit_code
    assert "Say --yes to do it." in capsys.readouterr().err


def test_a_version_that_is_not_kept_is_no_matter_of_a_yes(live: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(live, "restore", "999") == NeedsOwner.exit_code
    assert "no version 999 is kept" in capsys.readouterr().err


def test_versions_are_told_apart_by_what_changed(live: Place, capsys: pytest.CaptureFixture[str]) -> None:
    (live.episodes / "041-first.md").write_text("---\ntitle: First of all\n---\nWords.\n", "utf-8")
    assert run(live, "ingest") == 0
    assert run(live, "retract", "41", "--yes") == 0
    capsys.readouterr()
    assert run(live, "restore") == 0
    lines = [line.rpartition("  ")[2] for line in capsys.readouterr().out.splitlines()]
    assert lines[:3] == ["“First of all” retracted", "notes of “First of all”", "“First” live"]
    assert lines[-1] == "the oldest that is kept"


def test_a_folder_says_that_it_has_no_links(live: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(live, "preview", "041-first") == NeedsOperator.exit_code
    assert "folder" in capsys.readouterr().err


@pytest.mark.s3
def test_a_preview_opens_one_file_without_keys(s3_place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    s3_place.drop("041-first", seconds=2)
    with s3_place.opened() as house:
        entry = ingest_drop(house.studio, s3_place.episodes, "041-first").entry
    assert run(s3_place, "preview", "041-first", "--hours", "1", "--json") == 0
    url = json.loads(capsys.readouterr().out)["url"]
    answer = requests.get(url, timeout=10)
    assert (answer.status_code, len(answer.content)) == (200, entry.master.file.length_bytes)
    assert requests.get(url.partition("?")[0], timeout=10).status_code == 403
    other = url.replace(entry.master.file.key.rpartition("/")[2], entry.recording.key.rpartition("/")[2])
    assert requests.get(other, timeout=10).status_code == 403
    assert run(s3_place, "preview", "041-first", "--hours", "999") == NeedsOwner.exit_code
