"""What commands say to whoever meets them for the first time, and what names they take."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from pillarcast.cli import main
from pillarcast.pipeline.intending import Touched
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import begin
from tests.show_support.place import Place, publish_all

ARTICLE = "---\ntype: article\ntitle: On salary\npublish_at: 2026-05-01 09:00\n---\nAsk *first*.\n"


@pytest.fixture
def show(place: Place) -> Place:
    """One episode is live, one is queued, an article is live."""
    place.drop("041-first", seconds=2)
    place.drop("042-so & so", seconds=2, seed=2)
    (place.root / "articles").mkdir()
    (place.root / "articles" / "salary.md").write_text(ARTICLE, "utf-8")
    assert run(place, "ingest") == 0
    with place.opened() as house:
        publish_all(house.studio, "41")
        publish_all(house.studio)
    return place


def run(place: Place, *words: str) -> int:
    return main(["--show", str(place.root / "show.toml"), *words])


def test_a_live_article_is_listed_by_the_name_that_commands_take(
    show: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(show, "status") == 0
    told = capsys.readouterr().out
    assert "Live articles\n" in told
    assert "On salary  (salary)" in told
    assert run(show, "retract", "salary", "--yes") == 0
    assert run(show, "status") == 0
    assert "On salary  (salary)" not in capsys.readouterr().out


def test_a_command_that_is_suggested_can_be_pasted(show: Place, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(show, "queue", "042-so & so", "0") == 3
    assert "Say `pillarcast queue '042-so & so' 1` to air it next." in capsys.readouterr().err
    assert run(show, "plan") == 0
    assert "`pillarcast publish '042-so & so'` airs it now." in capsys.readouterr().out
    assert run(show, "publish", "so & so") == 0
    show.drop("042-so & so", seconds=2, seed=3)
    assert run(show, "ingest", "42") == 3
    assert "`pillarcast replace '042-so & so'`" in capsys.readouterr().err


def test_what_was_done_before_is_said_in_its_own_words(show: Place, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(show, "publish", "41") == 0
    assert "“First” is live since Mon 01 Jun 2026" in capsys.readouterr().out
    assert run(show, "publish") == 0
    assert "Nothing to do: nothing is due" in capsys.readouterr().out
    assert run(show, "retract", "41", "--yes") == 0
    assert "made from outside" in capsys.readouterr().out
    assert run(show, "retract", "41", "--yes") == 0
    told = capsys.readouterr().out
    assert told.startswith("“First” is retracted already, since ")
    assert "Nothing to do" not in told


@pytest.mark.parametrize("words", [("status",), ("retract", "41", "--yes"), ("publish", "none")])
def test_a_reader_who_leaves_stops_nothing(show: Place, words: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "pillarcast.cli", "--show", str(show.root / "show.toml"), *words]
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert ended.returncode == (3 if "none" in words else 0)
    assert "BrokenPipe" not in ended.stderr
    with show.opened() as house:
        assert len(house.studio.store.load().catalogue.live) == ("retract" not in words)


@pytest.mark.parametrize(("words", "told"), [
    (["publsh"], "publsh: pillarcast knows no such word. Did you mean `publish`? `pillarcast --help` lists them.\n"),
    (["xyzzy"], "xyzzy: pillarcast knows no such word. `pillarcast --help` lists them.\n"),
    (["subscribers", "ad"], "Did you mean `add`? `pillarcast subscribers --help` lists them.\n"),
])  # fmt: skip
def test_a_misspelt_command_is_answered_with_the_nearest(
    capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(told)


def test_the_help_names_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "0 all is well, 2 the command was misspelt, 3 you must change something" in told


def test_what_cannot_be_replaced_is_told_before_a_yes(show: Place, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(show, "replace", "42") == 3
    told = capsys.readouterr()
    assert "is queued. Drop the new recording; it is taken by itself." in told.err
    assert told.out == ""


def test_an_episode_whose_publish_died_is_said_to_be_going_on_air(
    show: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with show.opened() as house:
        begin(house.studio, Request("42"), Touched())
    capsys.readouterr()
    assert run(show, "status") == 0
    told = capsys.readouterr().out
    assert "So & so  (042-so & so, going on air)" in told
    assert "its publish is not finished: the next run finishes it, `pillarcast publish` does it now" in told
    assert run(show, "plan") == 0
    assert "on air      “So & so”" in capsys.readouterr().out
    assert run(show, "publish", "42") == 0
    told = capsys.readouterr().out
    assert told.startswith("live: “So & so”, ")
    assert "is live since" not in told
    assert run(show, "plan") == 0
    assert "Nothing to do" in capsys.readouterr().out
    assert run(show, "status") == 0
    assert "going on air" not in capsys.readouterr().out


def test_json_names_what_a_run_finished_among_what_aired(show: Place, capsys: pytest.CaptureFixture[str]) -> None:
    with show.opened() as house:
        begin(house.studio, Request("42"), Touched())
    capsys.readouterr()
    assert run(show, "publish", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [air["title"] for air in told["aired"]] == ["So & so"]
    assert {check["subject"] for check in told["checks"]} == {"feed", "So & so"}


def test_an_empty_slot_is_said_with_the_command_that_fills_it(show: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """“First” aired before its hour, and what waits behind it keeps the slot at which its owner saw it."""
    capsys.readouterr()
    mend = re.compile(r"^“So & so” waits for \d+ \w+: `pillarcast queue '042-so & so' 1` airs it then\.$", re.MULTILINE)
    for words in ("status", "publish"):
        assert run(show, words) == 0
        told = capsys.readouterr().out
        assert "nothing is queued for it" in told
        assert mend.search(told)
    assert run(show, "queue", "042-so & so", "1") == 0
    capsys.readouterr()
    for words in ("status", "publish"):
        assert run(show, words) == 0
        assert "waits for" not in capsys.readouterr().out
