"""Who is told what by whole runs: one message each at its end, with the reason and the mend; nothing for no news."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from prefect import flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import State
from prefect.states import Completed, Crashed, Running

from flows.dead_runs import tell_of_the_dead
from flows.deploying import Offer, deployment_of, offers
from flows.desk import Desk, Ending, at_desk
from flows.ingest import ingest
from flows.orders import IngestOrder, PublishOrder, VerifyOrder
from flows.publish import publish
from flows.reminder import reminder
from flows.shows import Served, served
from flows.telling import Teller
from flows.unsaid import tell_what_was_left_unsaid
from flows.verify import verify
from pillarcast.model.show import Notify
from tests.prefect_support.mailing import PASSWORD, Receiver, smtp_server, text_of, webhook
from tests.prefect_support.running import run
from tests.prefect_support.server import PrefectServer
from tests.show_support.place import Place

NOTES = "---\ntitle: Social media\nsummary: Be seen by ten people.\n---\n\nGive **credit**.\n"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with webhook() as running:
        yield running


@pytest.fixture
def told(show: Place, receiver: Receiver) -> Place:
    """A show whose owner listens to everything."""
    on = '["success", "warning", "refusal", "failure"]'
    show.more = f'[notify]\nurls = ["{receiver.url}"]\non = {on}\n'
    show.write_show()
    return show


def test_success_is_told_once_and_no_news_not_at_all(told: Place, receiver: Receiver) -> None:
    told.drop("041-social-media", NOTES)
    for _ in range(2):
        run(ingest, IngestOrder())
    for _ in range(2):
        run(publish, PublishOrder(episode="41"))
    assert receiver.told == [("warning", "Taken: “Social media”."), ("success", "Live: “Social media”.")]
    assert "noisy: the voice is only" in receiver.messages[0]["message"]  # the sample is
    assert "/episodes/social-media" in receiver.messages[-1]["message"]
    assert "data:image" not in receiver.messages[-1]["message"]


def test_a_refusal_is_told_once_with_its_mend_however_often_it_is_met(told: Place, receiver: Receiver) -> None:
    (told.episodes / "042-broken.wav").write_bytes(b"RIFF" + bytes(4000))
    for _ in range(2):
        assert run(ingest, IngestOrder(drop="042-broken")).is_failed()
    ((kind, title),) = receiver.told
    assert kind == "warning"
    assert title.startswith("042-broken.wav: ")
    assert receiver.messages[0]["message"].count("042-broken.wav") == 1


def test_a_warning_is_told(told: Place, receiver: Receiver) -> None:
    text = (told.root / "show.toml").read_text("utf-8")
    (told.root / "show.toml").write_text(text.replace("Thursday 06:00", "day 06:00"), "utf-8")
    assert run(reminder).is_completed()
    ((kind, title),) = receiver.told
    assert (kind, title[:21]) == ("warning", "Nothing is ready for ")
    assert "Drop a recording into episodes/." in receiver.messages[0]["message"]


def test_a_failure_is_told_with_what_is_wrong_outside(told: Place, receiver: Receiver) -> None:
    told.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    run(publish, PublishOrder(episode="41"))
    with told.opened() as house:
        house.studio.bucket.remove("public/episodes/social-media")
    receiver.messages.clear()
    for _ in range(2):
        assert run(verify, VerifyOrder()).is_failed()
    ((kind, title),) = receiver.told
    assert kind == "failure"
    assert "Social media: page answers with its player: status 404" in title


def test_a_fault_of_ours_is_told_and_the_run_fails(told: Place, receiver: Receiver) -> None:
    @flow(name="faulty")
    async def faulty() -> State[Any]:
        return await at_desk(_stumble)

    assert run(faulty).is_failed()
    assert receiver.told == [("failure", "pillarcast: has a fault (KeyError: 'x'). The run's log shows where.")]


def _stumble(_: Desk) -> Ending:
    raise KeyError("x")


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_mail_comes_from_a_run_and_its_password_stays_out_of_the_log(
    show: Place, server: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (show.episodes / "042-broken.wav").write_bytes(b"RIFF" + bytes(4000))
    with smtp_server() as mailbox:
        monkeypatch.setenv("PILLARCAST_NOTIFY_URLS", mailbox.url)
        run(ingest, IngestOrder(drop="042-broken"))
        (mail,) = mailbox.mails
    assert "042-broken.wav" in mail["Subject"]
    assert "042-broken.wav" in text_of(mail)
    (show.root / "artwork.jpg").unlink()
    run(ingest, IngestOrder(drop="no-such-drop"))  # the mail server is gone by now
    record = server.runs("ingest")[-1]
    assert "was not told" in server.logs(record["id"])
    assert PASSWORD not in server.logs(record["id"])


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_second_address_takes_over_and_a_wrong_one_is_said(
    show: Place, receiver: Receiver, server: PrefectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the runbook says: a new address, then the next recording that is refused or taken tells."""

    def told_at(url: str, number: int) -> str:
        monkeypatch.setenv("PILLARCAST_NOTIFY_URLS", url)
        (show.episodes / f"0{number}-broken.wav").write_bytes(b"RIFF" + bytes(4000 + number))
        run(ingest, IngestOrder(drop=f"0{number}-broken"))
        return server.logs(server.runs("ingest")[-1]["id"])

    with smtp_server() as mailbox:
        told_at(receiver.url, 42)
        log = told_at(mailbox.url, 43)
        assert "was not told" not in log
        assert [title.partition(":")[0] for _kind, title in receiver.told] == ["042-broken.wav"]
        (mail,) = mailbox.mails
        assert "043-broken.wav" in mail["Subject"]
        log = told_at(mailbox.url.replace(PASSWORD, "an-old-one"), 44)
        assert len(mailbox.mails) == 1
    assert "was not told" in log
    assert "an-old-one" not in log


DIES = """
import asyncio, os, signal, sys
from uuid import UUID
from prefect.client.orchestration import PrefectClient, get_client
from prefect.flow_engine import run_flow
import flows.bringing
from flows.orders import PublishOrder
from flows.publish import publish

async def die():
    async with get_client() as client:
        flow_run = await client.read_flow_run(UUID(sys.argv[1]))
    flows.bringing.verify = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    await run_flow(publish, flow_run=flow_run, parameters={"order": PublishOrder(episode="41")}, return_type="state")

asyncio.run(die())
"""


def asked(call: Callable[[PrefectClient], Awaitable[Any]]) -> Any:
    async def ask() -> Any:
        async with get_client() as client:
            return await call(client)

    return asyncio.run(ask())


@pytest.fixture
def deployment(told: Place) -> Iterator[UUID]:
    """Of `publish`, with the episode taken; nobody serves it."""
    told.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    (show,) = served()
    (offer,) = [offer for offer in offers(show) if offer.flow.name == "publish"]
    made = asyncio.run(_put(offer, show))
    yield made
    asked(lambda client: client.delete_deployment(made))


async def _put(offer: Offer, show: Served) -> UUID:
    return await (await deployment_of(offer, show)).aapply()


def look_for_the_unsaid(told: Place, receiver: Receiver) -> None:
    told.clock.moment = datetime.now(UTC)
    teller = Teller(Notify(urls=(receiver.url,), on=("success",)), told.root / ".pillarcast")
    with told.opened() as house:
        studio = house.studio
        (show,), catalogue = served(), studio.store.load().catalogue
        asked(lambda client: tell_what_was_left_unsaid(client, show, studio, catalogue, teller))


def test_an_episode_whose_run_died_before_its_message_is_told_of_once(
    told: Place, receiver: Receiver, server: PrefectServer, deployment: UUID
) -> None:
    receiver.messages.clear()
    run_id = asked(lambda client: client.create_flow_run_from_deployment(deployment)).id
    environment = {**os.environ, **server.environment}
    dead = subprocess.run([sys.executable, "-c", DIES, str(run_id)], env=environment, timeout=120)
    assert dead.returncode == -signal.SIGKILL
    look_for_the_unsaid(told, receiver)
    assert receiver.told == [], "it may speak still"
    asked(lambda client: client.set_flow_run_state(run_id, Crashed(message="It died."), force=True))
    for _ in range(2):
        look_for_the_unsaid(told, receiver)
    assert receiver.told == [("success", "Live: “Social media”.")]
    assert "/episodes/social-media" in receiver.messages[0]["message"]
    assert "was cut off before it could say so" in receiver.messages[0]["message"]


def test_what_another_run_put_on_air_is_left_to_that_one(told: Place, receiver: Receiver, deployment: UUID) -> None:
    run(publish, PublishOrder(episode="41"))
    receiver.messages.clear()
    with told.opened() as house:
        (entry,) = house.studio.store.load().catalogue.live

    async def ended(client: PrefectClient, end: State[Any]) -> None:
        made = await client.create_flow_run_from_deployment(deployment)
        await client.update_flow_run_labels(made.id, {"pillarcast.airs": entry.guid})
        for state in (Running(), end):
            await client.set_flow_run_state(made.id, state, force=True)

    asked(lambda client: ended(client, Crashed(message="It died before the feed.")))
    asked(lambda client: ended(client, Completed(message="Live: “Social media”.")))
    look_for_the_unsaid(told, receiver)
    assert receiver.told == []


def test_a_run_that_began_long_before_its_death_was_seen_is_told_of(
    told: Place, receiver: Receiver, deployment: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waited for a yes, or the machine was off."""
    memory_s = 5
    monkeypatch.setattr("flows.unsaid.AGAIN_AFTER_S", memory_s)
    run(publish, PublishOrder(episode="41"))
    receiver.messages.clear()
    with told.opened() as house:
        (entry,) = house.studio.store.load().catalogue.live

    async def die(client: PrefectClient) -> None:
        made = await client.create_flow_run_from_deployment(deployment)
        await client.update_flow_run_labels(made.id, {"pillarcast.airs": entry.guid})
        await client.set_flow_run_state(made.id, Running(), force=True)
        await asyncio.sleep(memory_s)
        await client.set_flow_run_state(made.id, Crashed(message="It died."), force=True)

    asked(die)
    look_for_the_unsaid(told, receiver)
    assert receiver.told == [("success", "Live: “Social media”.")]


def test_a_run_that_died_is_told_of_once_by_who_serves_the_show(told: Place, receiver: Receiver) -> None:
    (show,) = served()

    async def die_and_tell() -> None:
        async with get_client() as client:
            (weekly,) = [offer for offer in offers(show) if offer.flow.name == "weekly"]
            deployment = await (await deployment_of(weekly, show)).aapply()
            for name in ("weekly A", "weekly A"):
                dead = await client.create_flow_run_from_deployment(deployment, name=name)
                await client.set_flow_run_state(dead.id, Crashed(message="No heartbeat for 100 seconds."), force=True)
            teller = Teller(Notify(urls=(receiver.url,)), told.root / ".pillarcast")
            for _ in range(3):
                await tell_of_the_dead(client, show, teller, datetime.now(UTC))
            await client.delete_deployment(deployment)

    asyncio.run(die_and_tell())
    assert receiver.told == [("failure", "weekly A was cut off")] * 2
    assert "No heartbeat for 100 seconds. Nothing to do" in receiver.messages[0]["message"]
