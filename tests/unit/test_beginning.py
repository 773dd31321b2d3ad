"""`pillarcast init`: what is answered is what the show says afterwards, and a place that takes nothing is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from pillarcast.cli import main
from pillarcast.settings import load

WORDS = ["--host", "Ada", "--description", "Talks."]


@pytest.mark.parametrize("title", ['{title} "q" \\ ü \u2028', "A\x7fB", "# [show]", "🎙 'x'"])
def test_any_title_comes_back(tmp_path: Path, title: str) -> None:
    assert main(["init", str(tmp_path / "show"), "--title", title, *WORDS]) == 0
    _, show = load(tmp_path / "show/show.toml")
    assert show.show.title == title
    assert main(["init", str(tmp_path / "show"), "--title", "B", *WORDS]) == 3
    assert load(tmp_path / "show/show.toml")[1].show.title == title


def test_a_place_that_takes_nothing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["init", str(tmp_path / "file/show"), "--title", "A", *WORDS]) == 4
    assert f"{tmp_path / 'file/show'}" in capsys.readouterr().err


@pytest.mark.usefixtures("no_more")
def test_the_end_of_the_input_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "show")]) == 130
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "show").exists()


@pytest.fixture
def no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-D at the first question."""

    def ended(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", ended)
