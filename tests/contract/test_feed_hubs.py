"""Hubs: one notice a change, a receipt for each, and never a reason for a publish to fail."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest

from pillarcast.adapters.podping import Podping
from pillarcast.adapters.websub import WebSub
from pillarcast.errors import AccessDenied, Ambiguous, SettingsError, Unreachable, Unsupported
from pillarcast.pipeline.announcing import announce
from tests.feed_support.listeners import Ear, listening
from tests.show_support.place import MONDAY, Place, ingest_drop, publish_all

FEED_URL = "https://cdn.example.com/show/feed.xml"


@pytest.fixture
def ear() -> Iterator[Ear]:
    with listening() as ear:
        yield ear


def test_websub_says_which_feed_has_changed(ear: Ear) -> None:
    WebSub(f"{ear.url}/hub").announce(FEED_URL)
    (body,) = ear.posts("/hub")
    assert parse_qs(body.decode()) == {"hub.mode": ["publish"], "hub.url": [FEED_URL], "hub.topic": [FEED_URL]}


def test_podping_says_which_feed_has_changed_with_the_owners_token(ear: Ear) -> None:
    ear.status = 200
    Podping("a-token", server=f"{ear.url}/").announce(FEED_URL)
    ((method, path, query, headers, _body),) = ear.heard
    assert (method, path) == ("GET", "/")
    assert query == {"url": [FEED_URL], "reason": ["update"], "medium": ["podcast"]}
    assert headers["authorization"] == "a-token"


@pytest.mark.parametrize(("status", "error"), [(400, Unsupported), (403, AccessDenied), (503, Ambiguous)])
def test_a_hub_that_refuses_says_so(ear: Ear, status: int, error: type[Exception]) -> None:
    ear.status = status
    with pytest.raises(error):
        WebSub(f"{ear.url}/hub").announce(FEED_URL)


def test_a_refused_token_is_not_told_to_anybody(ear: Ear) -> None:
    ear.status = 403
    with pytest.raises(AccessDenied) as refused:
        Podping("a-secret-token", server=f"{ear.url}/").announce(FEED_URL)
    assert "PILLARCAST_PODPING_TOKEN" in str(refused.value)
    assert "a-secret-token" not in str(refused.value)


def test_a_hub_that_is_not_there_is_no_fault_of_the_show() -> None:
    with pytest.raises(Unreachable):
        WebSub("http://127.0.0.1:9/hub").announce(FEED_URL)
    with pytest.raises(SettingsError, match="is no address"):
        WebSub("hub.example.com")


def test_a_hub_hears_once_of_each_change(place: Place, ear: Ear) -> None:
    place.more = f'[feed]\nhubs = ["{ear.url}/hub"]\n'
    place.write_show()
    place.drop("one", "---\ntitle: One\n---\n")
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "one")
        publish_all(house.studio, "one")
        assert announce(house.studio) == ()
        assert announce(house.studio) == ()
        publish_all(house.studio)
        assert announce(house.studio) == ()
        assert len(ear.posts("/hub")) == 1
        (place.episodes / "one.md").write_text("---\ntitle: One, mended\n---\n", "utf-8")
        ingest_drop(house.studio, place.episodes, "one")
        publish_all(house.studio)
        assert announce(house.studio) == ()
        assert len(ear.posts("/hub")) == 2
    assert place.clock.now() == MONDAY


def test_a_hub_that_fails_is_told_by_the_next_run(place: Place, ear: Ear) -> None:
    place.more = f'[feed]\nhubs = ["{ear.url}/hub"]\n'
    place.write_show()
    place.drop("one", "---\ntitle: One\n---\n")
    ear.status = 500
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "one")
        publish_all(house.studio, "one")
        (problem,) = announce(house.studio)
        assert problem.is_warning
        ear.status = 202
        assert announce(house.studio) == ()
        assert announce(house.studio) == ()
    assert len(ear.posts("/hub")) == 2
