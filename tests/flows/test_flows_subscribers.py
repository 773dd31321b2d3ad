"""Private feeds and Prefect: no log, artifact or name of a run holds an address; an expired one is asked away."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta

import pytest
from prefect.client.orchestration import get_client

from flows.asking import ask_for_closing
from flows.deploying import deployment_of, offers
from flows.ingest import ingest
from flows.orders import IngestOrder, PublishOrder
from flows.publish import publish
from flows.shows import served
from pillarcast.pipeline.subscribing import add_subscriber, subscriptions
from tests.prefect_support.running import run
from tests.prefect_support.server import PrefectServer
from tests.show_support.place import MONDAY, Place


def test_no_page_and_no_log_of_a_run_holds_the_address(
    show: Place, server: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILLARCAST_FEED_SECRET", "a secret that nobody guesses")
    file = show.root / "show.toml"
    show.drop("041-social-media", "---\ntitle: Social media\n---\n")
    run(ingest, IngestOrder())
    add_subscriber(file, "Ada", date(2099, 1, 1))
    assert run(publish, PublishOrder(episode="41")).is_completed()
    with show.opened() as house:
        (ada,) = subscriptions(house.studio)
        assert house.studio.public.get(ada.url).status == 200
    token = ada.url.rpartition("/for/")[2].partition("/")[0]
    text = file.read_text("utf-8")
    file.write_text(text.replace("[[feed.subscriber]]", "[[feed.subscriber]]\nrevoked = true"), "utf-8")
    assert run(publish, PublishOrder()).is_completed()
    with show.opened() as house:
        assert house.studio.public.get(ada.url).status == 404
    shown = []
    for record in server.runs("publish")[-2:]:
        left = server.artifacts(record["id"])
        shown += [json.dumps(record), json.dumps(left, ensure_ascii=False), server.logs(record["id"])]
    everything = "\n".join(shown)
    assert token not in everything
    assert everything.count(f"for/{token[:4]}…") == 2  # written by one run, removed by the other


def test_an_expired_feed_is_asked_away_once(show: Place, server: PrefectServer) -> None:
    (mine,) = served()
    (offer,) = [offer for offer in offers(mine) if offer.flow is publish]

    async def asked() -> list[str]:
        await (await deployment_of(offer, mine)).aapply()
        async with get_client() as client:
            moments = (MONDAY, MONDAY + timedelta(seconds=59), MONDAY + timedelta(hours=1))
            runs = [await ask_for_closing(client, mine, moment) for moment in moments]
        return [str(one.id) for one in runs]

    first, again, later = asyncio.run(asked())
    assert first == again != later
