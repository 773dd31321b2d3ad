"""The feeds beside the main one, as show.toml declares them: other formats, and articles."""

from __future__ import annotations

import io

import podcastparser
import pytest

from pillarcast.errors import PillarcastError
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import publish
from pillarcast.render.feed_reader import read_feed
from pillarcast.render.lint import Severity, lint
from pillarcast.settings import load
from tests.show_support.place import Place, ingest_drop, publish_all

MORE = """
[master]
formats = ["mp3", "m4a", "opus"]
[feed]
second = [{ format = "m4a" }, { format = "opus", title = "Small" }]
"""
ARTICLE = "---\ntype: article\ntitle: On salary\npublish_at: 2026-05-01 09:00\n---\nAsk *first*.\n"
TYPES = {"feed.xml": "audio/mpeg", "feed-m4a.xml": "audio/x-m4a", "feed-opus.xml": "audio/ogg"}


@pytest.fixture(params=["folder", pytest.param("s3", marks=pytest.mark.s3)])
def show(request: pytest.FixtureRequest) -> Place:
    show: Place = request.getfixturevalue("place" if request.param == "folder" else "s3_place")
    show.more = MORE
    show.write_show()
    show.drop("one", "---\ntitle: One\n---\nWords.\n", seconds=2)
    (show.episodes / "on-salary.md").write_text(ARTICLE, "utf-8")
    return show


def test_every_declared_feed_names_audio_of_its_format_that_is_there(show: Place) -> None:
    guids, titles = set(), set()
    with show.opened() as house:
        for name in ("one", "on-salary"):
            ingest_drop(house.studio, show.episodes, name)
        publish_all(house.studio, "one")
        publish_all(house.studio)
        public = house.studio.public
        for name, media_type in TYPES.items():
            answer = public.get(house.studio.addresses.of(f"public/{name}"))
            assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "application/rss+xml")
            parsed = podcastparser.parse("https://example.com/", io.BytesIO(answer.body))
            (episode,) = parsed["episodes"]
            (enclosure,) = episode["enclosures"]
            assert enclosure["mime_type"] == media_type
            audio = public.head(enclosure["url"])
            assert (audio.status, audio.headers["content-length"]) == (200, str(enclosure["file_size"]))
            assert audio.headers["content-type"] == media_type
            there = read_feed(answer.body)
            (one,) = there.episodes
            alternates = {source.uri for media in one.episode.alternates for source in media.sources}
            assert {enclosure["url"], *alternates} == {house.studio.addresses.of(key) for key in _audio(show)}
            assert len(alternates) == 2
            errors = {found.rule for found in lint(answer.body) if found.severity is Severity.ERROR}
            assert errors <= {"apple/enclosure-type"}, name  # Apple plays no Opus
            guids.add(there.feed.guid)
            titles.add(parsed["title"])
        blog = public.get(house.studio.addresses.of("public/blog.xml"))
        assert (blog.status, b"<title>On salary</title>" in blog.body) == (200, True)
    assert len(guids) == 3
    assert titles == {"Career Talk", "Career Talk (M4A)", "Small"}


def _audio(show: Place) -> list[str]:
    with show.opened() as house:
        keys = [stored.key for stored in house.studio.bucket.keys("public/media/")]
    return [key for key in keys if key.endswith((".mp3", ".m4a", ".opus"))]


def test_a_feed_that_is_declared_no_longer_goes(show: Place) -> None:
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, "one")
        publish_all(house.studio, "one")
    show.more = MORE.replace('{ format = "m4a" }, ', "") + "blog = false\n"
    show.write_show()
    with show.opened() as house:
        publish(house.studio, Request())
        statuses = [house.studio.public.get(house.studio.addresses.of(f"public/{name}")).status for name in TYPES]
        assert (statuses[0], statuses[2]) == (200, 200)
        assert statuses[1] in (403, 404)
        kept = [stored.key for stored in house.studio.bucket.keys("private/feed/m4a/")]
        assert kept == []


def test_a_feed_without_audio_of_its_format_is_refused(place: Place) -> None:
    place.more = '[feed]\nsecond = [{ format = "opus" }]\n'
    place.write_show()
    with pytest.raises(PillarcastError, match="add it to `formats`"):
        load(place.root / "show.toml")
