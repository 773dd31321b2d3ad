"""The flow `import` on the real engine: tried first, then done; what it says of every field, and what it refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from prefect.client.orchestration import get_client

from flows.deploying import deployment_of, offers
from flows.import_feed import import_feed
from flows.orders import ImportOrder, PublishOrder
from flows.publish import publish
from flows.shows import served
from pillarcast.model.addresses import FEED
from pillarcast.pipeline.exporting import export_show
from pillarcast.render.feed_reader import read_feed
from tests.feed_support.old_host import OldHost, old_host
from tests.prefect_support.running import run
from tests.prefect_support.server import PrefectServer
from tests.show_support.place import Place
from tests.unit.test_import_quirks import HEAD, feed


@pytest.fixture
def host() -> Iterator[OldHost]:
    with old_host() as host:
        for number in (1, 2):
            host.put(f"/{number}.mp3", bytes([number]) * 30_000, "audio/mpeg")
        host.put("/feed", _feed(host.url), "application/rss+xml")
        yield host


def _feed(url: str) -> bytes:
    items = [
        f"<title>Talk {number}</title><guid>old-{number}</guid><pubDate>Thu, 0{number} Jan 2026 11:00:00 GMT</pubDate>"
        f'<enclosure url="{url}/{number}.mp3" length="30000" type="audio/mpeg"/><description>Words</description>'
        for number in (2, 1)
    ]
    return feed(*items, head=HEAD)


def test_it_is_tried_first_then_done_and_published(show: Place, server: PrefectServer, host: OldHost) -> None:
    tried = run(import_feed, ImportOrder(source=f"{host.url}/feed"))
    assert tried.is_completed(), tried.message
    assert tried.message == "Would take in 2 episodes; the report is clean."
    record = server.runs("import")[-1]
    assert record["name"] == f"try to import {host.url}/feed"
    left = server.artifacts(record["id"])
    assert "2 of 2 items taken, 2 compared field by field." in left["markdown"][0]
    assert "Clean: every difference is explained." in left["markdown"][0]
    (table,) = left["table"]
    assert {"field", "times", "why", "example"} == set(table[0])
    assert [path for path, _range in host.asked] == ["/feed"]
    with show.opened() as house:
        assert house.studio.store.load().catalogue.entries == ()

    done = run(import_feed, ImportOrder(source=f"{host.url}/feed", is_dry_run=False))
    assert done.is_completed(), done.message
    assert (done.message or "").startswith("Took in 2 episodes.")
    (taken,) = [rows for rows in server.artifacts(server.runs("import")[-1]["id"])["table"] if "guid" in rows[0]]
    assert {(row["guid"], row["audio"]) for row in taken} == {("old-1", "in the bucket"), ("old-2", "in the bucket")}
    assert run(publish, PublishOrder()).is_completed()
    with show.opened() as house:
        found = house.studio.bucket.fetch(FEED)
        assert found is not None
        assert [episode.guid for episode in read_feed(found[0]).episodes] == ["old-2", "old-1"]
    again = run(import_feed, ImportOrder(source=f"{host.url}/feed", is_dry_run=False))
    assert again.message == "Nothing new: every episode is here already."


def test_media_may_stay_and_be_fetched_by_a_later_run(show: Place, server: PrefectServer, host: OldHost) -> None:
    run(import_feed, ImportOrder(source=f"{host.url}/feed", is_dry_run=False, has_media_left=True))
    with show.opened() as house:
        entries = house.studio.store.load().catalogue.entries
        assert {entry.media_url for entry in entries} == {f"{host.url}/1.mp3", f"{host.url}/2.mp3"}
    fetched = run(import_feed, ImportOrder(source=f"{host.url}/feed", is_dry_run=False))
    assert fetched.is_completed(), fetched.message
    with show.opened() as house:
        entries = house.studio.store.load().catalogue.entries
        assert {entry.media_url for entry in entries} == {""}
        assert {entry.guid for entry in entries} == {"old-1", "old-2"}


def test_a_locked_feed_and_what_is_none_are_refused_in_plain_words(
    show: Place, server: PrefectServer, host: OldHost
) -> None:
    locked = _feed(host.url).replace(b"<language>", b"<podcast:locked>yes</podcast:locked><language>")
    host.put("/feed", locked, "text/xml")
    refused = run(import_feed, ImportOrder(source=f"{host.url}/feed", is_dry_run=False))
    assert refused.is_failed()
    assert "locked against imports" in (refused.message or "")
    host.put("/page", b"<html>A page</html>", "text/html")
    page = run(import_feed, ImportOrder(source=f"{host.url}/page"))
    assert page.is_failed()
    assert "is no RSS feed" in (page.message or "")
    assert run(import_feed, ImportOrder(source=f"{host.url}/feed", is_dry_run=False, is_mine=True)).is_completed()


def test_an_exported_folder_moves_in_whole(show: Place, server: PrefectServer, host: OldHost, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    with Place(tmp_path / "other").opened() as other:
        from pillarcast.adapters.downloads import Downloads
        from pillarcast.pipeline.importing import import_show, plan_import

        downloads = Downloads(f"{host.url}/feed")
        import_show(other.studio, plan_import(other.studio, f"{host.url}/feed", downloads), downloads)
        export_show(other.studio, folder)
    tried = run(import_feed, ImportOrder(source=str(folder)))
    assert tried.message == "Would take in 2 episodes, whole."
    done = run(import_feed, ImportOrder(source=str(folder), is_dry_run=False))
    assert done.is_completed(), done.message
    with show.opened() as house:
        assert {entry.guid for entry in house.studio.store.load().catalogue.entries} == {"old-1", "old-2"}
    again = run(import_feed, ImportOrder(source=str(folder)))
    assert "this show has episodes or articles already" in (again.message or "")


def test_the_deployment_has_a_form_that_begins_with_a_try(show: Place, server: PrefectServer) -> None:
    (served_show,) = served()
    (offer,) = [offer for offer in offers(served_show) if offer.flow is import_feed]

    async def registered() -> dict[str, object]:
        deployment = await deployment_of(offer, served_show)
        await deployment.aapply()
        async with get_client() as client:
            found = await client.read_deployment_by_name(f"import/{served_show.key}")
        assert found.parameter_openapi_schema is not None
        return found.parameter_openapi_schema

    schema = asyncio.run(registered())
    form = schema["definitions"]["ImportOrder"]  # type: ignore[index]
    assert form["required"] == ["source"]
    assert form["properties"]["is_dry_run"]["default"] is True
    assert {field["title"] for field in form["properties"].values()} >= {"Old feed", "Only try it"}
    assert all(field["description"].endswith(".") for field in form["properties"].values())
    assert form["additionalProperties"] is False
