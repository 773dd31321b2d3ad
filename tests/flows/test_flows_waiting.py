"""What waits for its owner: a file that stays empty, until it is mended or taken away."""

from __future__ import annotations

import asyncio

import pytest
from prefect.client.orchestration import get_client
from prefect.runner import Runner

from flows.contents import Contents
from flows.ingest import ingest
from flows.offering import Counter
from flows.orders import IngestOrder
from flows.renewing import OpenShow
from flows.shows import served
from flows.watching import Watch
from pillarcast.cli import main
from tests.prefect_support.running import run
from tests.show_support.place import Place


@pytest.fixture
def contents(show: Place, monkeypatch: pytest.MonkeyPatch) -> Contents:
    monkeypatch.setattr("flows.contents._EMPTY_S", 0.0)
    return Contents(show.episodes, show.root / "articles", 0, show.root / "hashes.json")


def status(show: Place, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["--show", str(show.root / "show.toml"), "status"])
    return capsys.readouterr().out.partition("Waits for you")[2]


def take_what_settled(contents: Contents) -> list[str]:
    settled = contents.settled()
    for one in settled:
        run(ingest, IngestOrder(drop=one.asked))
        contents.done(one)
    return [one.name for one in settled]


async def look_once_a_minute(show: Place, contents: Contents) -> None:
    with show.opened() as house:
        async with get_client() as client:
            open_show = OpenShow(served()[0], Counter(client, Runner()), _house=house)
            await Watch(open_show, client)._look_after_the_due(contents)


def test_an_empty_file_waits_for_its_owner_until_it_is_mended(
    show: Place, contents: Contents, capsys: pytest.CaptureFixture[str]
) -> None:
    (show.episodes / "041-a.wav").touch()
    assert take_what_settled(contents) == ["041-a"]
    assert "041-a.wav: the file is empty" in status(show, capsys)
    contents.forget()
    assert take_what_settled(contents) == ["041-a"]
    asyncio.run(look_once_a_minute(show, contents))
    assert status(show, capsys).count("041-a.wav") == 1, "it lies there still"
    show.drop("041-a")
    assert take_what_settled(contents) == ["041-a"]
    assert status(show, capsys) == ""


def test_a_refused_file_that_is_taken_away_waits_for_nobody(
    show: Place, contents: Contents, capsys: pytest.CaptureFixture[str]
) -> None:
    (show.episodes / "041-a.wav").touch()
    take_what_settled(contents)
    (show.episodes / "041-a.wav").unlink()
    asyncio.run(look_once_a_minute(show, contents))
    assert status(show, capsys) == ""
