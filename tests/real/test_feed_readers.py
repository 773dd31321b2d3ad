"""The parser of the Podcast Index and a real WebSub hub."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import given, settings

from pillarcast.adapters.websub import WebSub
from pillarcast.model.published import Published
from tests.feed_support.hostile import episodes
from tests.feed_support.listeners import listening
from tests.feed_support.views import notes_key, render_feed, view_of
from tests.golden.feed_cases import cases
from tests.testbeds.micropub import python_with
from tests.testbeds.partytime import parse_feeds
from tests.testbeds.place import free_port, process, wait_until

pytestmark = pytest.mark.real
Written = list[tuple[Published, str]]


def test_partytime_reads_every_golden_feed() -> None:
    names = [case.name for case in cases()]
    read = dict(zip(names, parse_feeds(*[case / "feed.xml" for case in cases()]), strict=True))
    assert [name for name, feed in read.items() if feed is None] == []
    money, parts = read["money"], read["chapters-and-soundbites"]
    assert money is not None
    assert parts is not None
    assert money["podcastFunding"] == [{"message": "Buy me a coffee & cake", "url": "https://example.com/pay"}]
    (item,) = money["items"]
    assert [split["type"] for split in item["value"]["valueTimeSplits"]] == ["remoteItem", "recipients"]
    assert parts["items"][1]["podcastSoundbites"][0] == {"startTime": 73, "duration": 60, "title": "The best"}
    assert parts["items"][0]["podcastChapters"]["url"] == "https://example.com/chapters.json"


def test_partytime_reads_back_what_the_catalogue_holds(tmp_path: Path) -> None:
    """Many generated catalogues, read by one process: starting it takes longer than reading."""
    held: list[Written] = []

    @settings(deadline=None, max_examples=60, database=None)
    @given(episodes(largest=4))
    def generate(written: Written) -> None:
        held.append(written)

    generate()
    paths = [tmp_path / f"{number}.xml" for number in range(len(held))]
    for path, written in zip(paths, held, strict=True):
        bodies = {notes_key(notes): notes.encode("utf-8", "replace") for _one, notes in written if notes}
        path.write_bytes(render_feed(view_of([one for one, _notes in written]), bodies))
    for feed, written in zip(parse_feeds(*paths), held, strict=True):
        assert feed is not None
        _compare({item["guid"]: item for item in feed["items"]}, [one for one, _notes in written])


def _compare(found: dict[str, Any], written: list[Published]) -> None:
    assert set(found) == {one.guid for one in written}
    for one in written:
        item, enclosure = found[one.guid], one.enclosure
        assert item["enclosure"] == {
            "url": enclosure.url, "length": enclosure.length_bytes, "type": enclosure.media_type,
        }  # fmt: skip
        assert item["duration"] == round(one.duration_s)
        assert item["explicit"] is bool(one.episode.is_explicit)
        starts = [bite["startTime"] for bite in item.get("podcastSoundbites", [])]
        # It takes a soundbite at the very beginning for one without a start.
        assert starts == pytest.approx([bite.start_s for bite in one.episode.soundbites if bite.start_s])
        assert len(item.get("podcastPeople", [])) == len(one.episode.people)


def test_a_real_hub_delivers_exactly_once_for_each_notice(tmp_path: Path) -> None:
    """The hub verifies the subscriber, takes our notice, fetches the feed and posts it to the subscriber."""
    python = python_with("flask-websub-0.4.1", "flask-websub==0.4.1", "requests", "setuptools", "wheel")
    script = Path(__file__).parents[1] / "testbeds" / "websub_hub.py"
    port = free_port()
    hub_url = f"http://127.0.0.1:{port}/hub"
    log = tmp_path / "hub.log"
    with listening() as ear, process(python, script, str(port), tmp_path, log=log) as hub:
        topic = f"{ear.url}/feed"
        ear.links = f'<{hub_url}>; rel="hub", <{topic}>; rel="self"'
        wait_until(lambda: _is_hub(hub_url), hub, log)
        form = {"hub.mode": "subscribe", "hub.topic": topic, "hub.callback": f"{ear.url}/callback"}
        assert requests.post(hub_url, data=form, timeout=10).status_code == 202
        for number in (1, 2):
            ear.feed = f"<rss>{number}</rss>".encode()
            WebSub(hub_url).announce(topic)
            assert ear.posts("/callback") == [f"<rss>{one}</rss>".encode() for one in range(1, number + 1)]


def _is_hub(url: str) -> bool:
    """It knows no GET."""
    try:
        return requests.get(url, timeout=5).status_code == 405
    except requests.RequestException:
        return False
