"""`check` does not say that all is well while a recording waits for its owner."""

from __future__ import annotations

import pytest

from pillarcast.cli import main
from pillarcast.errors import Problem
from tests.show_support.place import Place


def test_a_refused_recording_is_named_until_it_is_changed(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    show = ["--show", str(place.root / "show.toml")]
    place.drop("one", seconds=3)
    whole = (place.episodes / "one.wav").read_bytes()
    (place.episodes / "one.wav").write_bytes(whole[: len(whole) // 3])
    assert main([*show, "ingest"]) == 3
    capsys.readouterr()
    assert main([*show, "check"]) == 3
    told = capsys.readouterr()
    assert "refused before: one.wav: " in told.err
    assert "All is well." not in told.out
    (place.episodes / "one.wav").write_bytes(whole)
    assert main([*show, "check"]) == 0
    assert "All is well." in capsys.readouterr().out


def test_a_refusal_goes_with_its_file(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    show = ["--show", str(place.root / "show.toml")]
    (place.episodes / "one.mp3").write_bytes(b"no sound at all")
    place.drop("two", seconds=3)
    assert main([*show, "ingest"]) == 3
    assert main([*show, "status"]) == 3
    assert "one.mp3" in capsys.readouterr().out
    (place.episodes / "one.mp3").unlink()
    assert main([*show, "ingest"]) == 0
    assert main([*show, "status"]) == 0
    assert "one.mp3" not in capsys.readouterr().out


def test_a_plan_names_what_waits(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    show = ["--show", str(place.root / "show.toml")]
    place.drop("one", seconds=2)
    assert main([*show, "plan"]) == 0
    assert "Not taken yet: one." in capsys.readouterr().out
    assert main([*show, "ingest"]) == 0
    capsys.readouterr()
    assert main([*show, "plan"]) == 0
    told = capsys.readouterr().out
    assert "Next: “One” airs Thu" in told
    assert "`pillarcast publish one` airs it now." in told
    assert "Not taken yet" not in told


def test_an_edit_that_was_not_taken_is_no_secret(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    show = ["--show", str(place.root / "show.toml")]
    place.drop("one", seconds=2)
    assert main([*show, "publish"]) == 0
    assert main([*show, "publish"]) == 0
    assert "pillarcast ingest" in capsys.readouterr().out
    assert main([*show, "plan"]) == 0
    assert "pillarcast ingest" in capsys.readouterr().out


def test_what_is_seen_again_is_told_once(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    show = ["--show", str(place.root / "show.toml")]
    place.drop("one", "---\nchaptrs: []\n---\nWords.\n", seconds=2)
    (place.episodes / "two.mp3").write_bytes(b"no sound at all")
    (place.episodes / "three.md").write_text("Notes alone.\n", "utf-8")
    assert main([*show, "ingest"]) == 3
    capsys.readouterr()
    assert main([*show, "check"]) == 3
    told = capsys.readouterr()
    assert told.err.count("one.md: ") == told.err.count("two.mp3: ") == told.err.count("three.md: ") == 1
    assert "Did you mean `chapters`?\n" in told.err
    assert "refused before" not in told.err
    assert "3 to look at." in told.out


def test_a_question_has_no_full_stop() -> None:
    assert str(Problem("refused", "a.md: `chaptrs`: unknown. Did you mean `chapters`?")).endswith("`chapters`?")
    assert str(Problem("a.md", "is empty.", "Fill it.")) == "a.md: is empty. Fill it."
