"""Private feeds: given, renewed, revoked and expired, in a folder and on a real S3 server, and told to no log."""

from __future__ import annotations

import logging
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from pillarcast.cli import main
from pillarcast.errors import ChangeRefused, NeedsOperator, Problem, SettingsError, Unreachable
from pillarcast.model.addresses import CATALOGUE, FEED
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.subscribing import (
    add_subscriber,
    has_closed_feeds,
    renew_subscriber,
    revoke_subscriber,
    subscriptions,
)
from pillarcast.render.feed_items import read_items
from pillarcast.settings import load
from tests.show_support.place import Place, ingest_drop, publish_all

SECRET = "the secret of these tests, which nobody guesses"
TOKEN = re.compile(r"for/([0-9a-f]{40})/feed\.xml")


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.s3)])
def show(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A show with a live episode."""
    show: Place = request.getfixturevalue("place" if request.param == "folder" else "s3_place")
    monkeypatch.setenv("PILLARCAST_FEED_SECRET", SECRET)
    show.drop("one", "---\ntitle: One\n---\nWords.\n", seconds=2)
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, "one")
        publish_all(house.studio, "one")
    return show


def command(show: Place, *words: str) -> int:
    return main(["--show", str(show.root / "show.toml"), *words])


def url_of(show: Place, name: str) -> str:
    with show.opened() as house:
        return next(one.url for one in subscriptions(house.studio) if one.subscriber.name == name)


def status_of(show: Place, url: str) -> int:
    with show.opened() as house:
        return house.studio.public.get(url).status


def test_a_subscriber_is_added_listens_and_is_revoked(
    show: Place, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    assert command(show, "subscribers", "add", "Ada Long", "--until", "2099-12-31") == 0
    (token,) = TOKEN.findall(capsys.readouterr().out)
    for words in (["plan"], ["publish"], ["plan"], ["subscribers"], ["verify"], ["doctor"], ["status"]):
        assert command(show, *words) == 0, words
    url = url_of(show, "Ada Long")
    with show.opened() as house:
        answer = house.studio.public.get(url)
        assert (answer.status, [item.title for item in read_items(answer.body)]) == (200, ["One"])
        assert b"<itunes:block>Yes</itunes:block>" in answer.body
        assert answer.headers.get("cache-control", "private, no-store") == "private, no-store"
        others = [stored.key for stored in house.studio.bucket.keys("public/") if token not in stored.key]
        assert FEED in others
        assert [key for key in others if token.encode() in house.studio.bucket.fetch(key)[0]] == []

        house.studio.bucket.remove(f"public/for/{token}/feed.xml")
    assert command(show, "doctor", "--json") == NeedsOperator.exit_code
    assert command(show, "doctor", "--repair") == 0
    assert command(show, "plan", "--json") == 0
    assert command(show, "export", str(show.root / "export")) == 0
    exported = [path.read_bytes() for path in (show.root / "export").rglob("*") if path.is_file()]
    assert not any(token.encode() in body for body in exported)

    assert command(show, "subscribers", "revoke", "Ada Long") == 0
    assert status_of(show, url) == 200
    assert command(show, "plan") == 0
    assert command(show, "publish") == 0
    assert status_of(show, url) in (403, 404)
    with show.opened() as house:
        assert [stored.key for stored in house.studio.bucket.keys("public/for/")] == []
    assert command(show, "subscribers", "--addresses") == 0
    said = capsys.readouterr()
    assert "revoked" in said.out
    until = said.out.rindex("revoked")
    assert token not in said.out[:until] + said.err + caplog.text
    assert f"for/{token[:4]}…/feed.xml" in said.out


def test_a_feed_is_there_until_its_day_ends_in_the_zone_of_the_show(show: Place) -> None:
    file = show.root / "show.toml"
    add_subscriber(file, "Bo", date(2026, 6, 2))
    with show.opened() as house:
        publish(house.studio, Request())
    url = url_of(show, "Bo")
    show.clock.moment = show.clock.moment.replace(day=3, hour=3)  # still the 2nd of June in New York
    with show.opened() as house:
        assert not has_closed_feeds(house.studio, house.studio.store.load().catalogue)
        assert not plan(house.studio, house.studio.store.load().catalogue, Request())[0]
    show.clock.forward(hours=2)
    with show.opened() as house:
        assert has_closed_feeds(house.studio, house.studio.store.load().catalogue)
        publish(house.studio, Request())
        assert not has_closed_feeds(house.studio, house.studio.store.load().catalogue)
    assert status_of(show, url) in (403, 404)


def test_a_new_address_replaces_the_old_one_and_follows_new_episodes(show: Place) -> None:
    file = show.root / "show.toml"
    add_subscriber(file, "Cy", None)
    add_subscriber(file, "Di", None)
    with show.opened() as house:
        publish(house.studio, Request())
        public = house.studio.bucket.fetch(FEED)
    old, other = url_of(show, "Cy"), url_of(show, "Di")
    renew_subscriber(file, "Cy")
    show.clock.forward(hours=1)
    show.drop("two", "---\ntitle: Two\n---\n", seed=2, seconds=2)
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, "two")
        publish_all(house.studio, "two")
        new = house.studio.public.get(url_of(show, "Cy")).body
        assert [item.title for item in read_items(new)] == ["Two", "One"]
        assert public is not None
    assert (status_of(show, old), status_of(show, other)) in ((403, 200), (404, 200))


def test_a_subscriber_changes_nothing_for_the_public(show: Place) -> None:
    with show.opened() as house:
        before = house.studio.bucket.head(FEED)
    add_subscriber(show.root / "show.toml", "Ed", None)
    with show.opened() as house:
        planned = publish(house.studio, Request()).plan
        assert len(planned.actions) == 1
        assert house.studio.bucket.head(FEED) == before


def test_the_secret_is_taken_as_it_is_given(show: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line break at its end is part of it: without it every subscriber would have another address."""
    add_subscriber(show.root / "show.toml", "Bob", None)
    addresses = set()
    for secret in (SECRET, f"{SECRET}\n"):
        monkeypatch.setenv("PILLARCAST_FEED_SECRET", secret)
        addresses.add(url_of(show, "Bob"))
    assert len(addresses) == 2


def test_without_the_secret_nobody_is_added_and_anybody_can_be_revoked(
    show: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PILLARCAST_FEED_SECRET")
    before = (show.root / "show.toml").read_bytes()
    assert command(show, "subscribers", "add", "Bob") == SettingsError.exit_code
    assert (show.root / "show.toml").read_bytes() == before
    add_subscriber(show.root / "show.toml", "Bob", None)
    capsys.readouterr()
    assert command(show, "check") != 0
    assert "PILLARCAST_FEED_SECRET: is missing" in "".join(capsys.readouterr())
    assert command(show, "subscribers", "list") == 0
    assert "Bob" in capsys.readouterr().out
    assert command(show, "subscribers", "revoke", "Bob") == 0
    assert "revoked" in capsys.readouterr().out


def test_without_the_secret_nothing_is_taken_away(show: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    add_subscriber(show.root / "show.toml", "Flo", None)
    with show.opened() as house:
        publish(house.studio, Request())
    url = url_of(show, "Flo")
    text = (show.root / "show.toml").read_text("utf-8")
    for secret in ("", "too short"):
        monkeypatch.setenv("PILLARCAST_FEED_SECRET", secret)
        assert command(show, "subscribers", "add", "Gus") == SettingsError.exit_code
        assert (show.root / "show.toml").read_text("utf-8") == text
        with show.opened() as house, pytest.raises(SettingsError, match="PILLARCAST_FEED_SECRET"):
            publish(house.studio, Request())
    assert status_of(show, url) == 200


def test_errors_hold_no_address() -> None:
    key = f"public/for/{'ab' * 20}/feed.xml"
    error = Unreachable(f"https://cdn.example.com/{key}", f"{key} is busy", "Wait.")
    for said in (str(error), repr(error), str(error.problem), repr(error.problem), str(Problem(key, key))):
        assert "ab" * 20 not in said
        assert "for/abab…/feed.xml" in said


WRITTEN = """
[show]
title = "T" # mine
description = "D"
host = "H"
[feed]
locked = true

[[feed.subscriber]] # the first
name = "Ada"
# she pays
expires = 2027-01-01

[[feed.subscriber]]
serial = 4
name = "Bo, \\"the\\" 2nd"
[site]
accent = "#112233"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "show.toml"
    path.write_text(WRITTEN, "utf-8")
    return path


def test_show_toml_stays_as_its_owner_wrote_it(file: Path) -> None:
    revoke_subscriber(file, "Ada")
    renew_subscriber(file, 'Bo, "the" 2nd')
    add_subscriber(file, "Çy\n", date(2028, 2, 29))
    text = file.read_text("utf-8")
    for mine in ('title = "T" # mine', "[[feed.subscriber]] # the first", "# she pays", 'accent = "#112233"'):
        assert mine in text
    _, show = load(file)
    assert [(one.name, one.revoked, one.serial, one.expires) for one in show.feed.subscriber] == [
        ("Ada", True, 1, date(2027, 1, 1)),
        ('Bo, "the" 2nd', False, 5, None),
        ("Çy\n", False, 1, date(2028, 2, 29)),
    ]
    assert [path.name for path in file.parent.iterdir()] == ["show.toml"]


def test_who_is_there_twice_or_not_at_all_is_said(file: Path) -> None:
    before = file.read_text("utf-8")
    with pytest.raises(ChangeRefused, match="is a subscriber already"):
        add_subscriber(file, "Ada", None)
    with pytest.raises(ChangeRefused, match="There are: Ada"):
        revoke_subscriber(file, "Zoe")
    assert file.read_text("utf-8") == before
    file.write_text(before + '\n[[feed.subscriber]]\nname = "Ada"\n', "utf-8")
    with pytest.raises(Exception, match="two subscribers are called 'Ada'"):
        load(file)


@pytest.mark.parametrize(
    "odd",
    [
        WRITTEN.replace("[feed]\n", "").replace("[[feed.subscriber]] # the first", "[unrelated]\n[[feed.subscriber]]"),
        'title = "T"\nfeed = { locked = true }\n',
        'feed.subscriber = [{ name = "Ada" }]\n',
    ],
)
def test_what_is_written_in_another_way_is_changed_rightly_or_not_at_all(file: Path, odd: str) -> None:
    file.write_text(odd, "utf-8")
    before = tomllib.loads(file.read_text("utf-8"))
    try:
        revoke_subscriber(file, "Ada")
    except (SettingsError, ChangeRefused):
        assert tomllib.loads(file.read_text("utf-8")) == before
    else:
        before["feed"]["subscriber"][0]["revoked"] = True
        assert tomllib.loads(file.read_text("utf-8")) == before


def test_the_catalogue_knows_and_nobody_may_read_it(show: Place) -> None:
    add_subscriber(show.root / "show.toml", "Hal", None)
    with show.opened() as house:
        publish(house.studio, Request())
        assert house.studio.public.get(house.studio.addresses.of(CATALOGUE)).status in (403, 404)
