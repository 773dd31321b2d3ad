"""Asking for runs on a real server: once for each content and hour, and anew where a run was lost."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.runner import Runner
from prefect.states import Completed, Crashed, Failed, Running

from flows.asking import ask_for_ingest, ask_for_overdue, ask_for_posts, posts_left_open
from flows.contents import Contents, Settled
from flows.deploying import deployment_of, offers, prepare_limit
from flows.offering import Counter
from flows.renewing import OpenShow
from flows.shows import Served, served
from flows.watching import Watch
from pillarcast.model.catalogue import Catalogue, PostRecord, Refusal
from tests.prefect_support.server import PrefectServer
from tests.show_support.place import MONDAY, Place, ingest_drop

T = TypeVar("T")
DROP = Settled("041-a", "c" * 32, "5" * 64, is_new=False)
EMPTY = Catalogue(show_guid="s")
HOUR = datetime(2026, 6, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def deployed(show: Place) -> Served:
    """The show's deployments, with nobody who runs them."""

    async def deploy(client: PrefectClient) -> None:
        for one in served():
            await prepare_limit(client, one, is_alone=True)
        for offer in offers(served()[0]):
            await (await deployment_of(offer, served()[0])).aapply()

    show.write_show()
    text = (show.root / "show.toml").read_text("utf-8").replace("Career Talk", f"Show {show.root.parent.name}")
    (show.root / "show.toml").write_text(text, "utf-8")
    asked(deploy)
    return served()[0]


def asked(question: Callable[[PrefectClient], Awaitable[T]]) -> T:
    async def ask() -> T:
        async with get_client() as client:
            return await question(client)

    return asyncio.run(ask())


def ask(show: Served, settled: Settled = DROP, catalogue: Catalogue = EMPTY) -> FlowRun:
    return asked(lambda client: ask_for_ingest(client, show, settled, lambda: catalogue))


def end(run: FlowRun, state: object) -> None:
    asked(lambda client: client.set_flow_run_state(run.id, state, force=True))  # type: ignore[arg-type]


def test_sixteen_at_once_get_one_run(deployed: Served) -> None:
    async def sixteen(client: PrefectClient) -> list[FlowRun]:
        return await asyncio.gather(*(ask_for_ingest(client, deployed, DROP, lambda: EMPTY) for _ in range(16)))

    assert len({run.id for run in asked(sixteen)}) == 1


@pytest.mark.parametrize("ended", [Crashed(message="gone"), Failed(message="the bucket was away")])
def test_a_lost_run_is_asked_for_anew_and_only_once(deployed: Served, ended: object) -> None:
    first = ask(deployed)
    end(first, ended)
    second = ask(deployed)
    assert second.id != first.id
    assert ask(deployed).id == second.id


def test_a_run_says_why_it_was_asked_for(deployed: Served, server: PrefectServer) -> None:
    assert set(ask(deployed).tags) == {deployed.key, "changes the show", "drop"}
    by_hand = server.look_up(f"flow_runs/{server.start_run('ingest', deployed.key)}")
    assert set(by_hand["tags"]) == {deployed.key, "changes the show"}


def test_a_refused_drop_is_not_tried_again_until_it_comes_anew(deployed: Served) -> None:
    refused = EMPTY.model_copy(update={"refusals": (Refusal(source="041-a", what="no", at=MONDAY),)})
    first = ask(deployed)
    end(first, Failed(message="no"))
    assert ask(deployed, catalogue=refused).id == first.id
    dropped_again = Settled(DROP.name, DROP.content, DROP.recording_sha256, is_new=True)
    assert ask(deployed, dropped_again, refused).id != first.id


def test_a_drop_that_becomes_what_it_was_is_taken_once_more(deployed: Served, show: Place) -> None:
    """Notes edited and then edited back: the run of the first words took them before the second ones came."""
    show.drop("041-a")
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, "041-a")
        catalogue = house.studio.store.load().catalogue
    recording = catalogue.entries[0].recording
    assert recording is not None
    first = ask(deployed, replace(DROP, recording_sha256=recording.sha256), catalogue)
    end(first, Running())
    end(first, Completed())
    back = replace(DROP, recording_sha256=recording.sha256, is_new=True)
    assert ask(deployed, back, catalogue).id == first.id
    again = ask(deployed, replace(back, change="1"), catalogue)
    assert again.id != first.id
    assert ask(deployed, replace(back, change="1"), catalogue).id == again.id
    assert ask(deployed, replace(back, change="2"), catalogue).id not in (first.id, again.id)


def test_what_was_restored_is_not_overwritten_by_what_lies_there(deployed: Served, show: Place) -> None:
    """The run of the newer bytes completed; the catalogue holds the earlier ones again, and knows the name."""
    show.drop("041-a")
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, "041-a")
        catalogue = house.studio.store.load().catalogue
    newer = replace(DROP, recording_sha256="6" * 64)
    first = ask(deployed, newer, catalogue)
    end(first, Completed())
    assert ask(deployed, newer, catalogue).id == first.id
    other = replace(newer, name="042-b")
    assert ask(deployed, other, catalogue).id != first.id  # neither name nor bytes are known


def test_where_the_bucket_is_another_one_the_drop_is_taken_there_too(deployed: Served) -> None:
    first = ask(deployed)
    end(first, Completed())
    assert ask(deployed).id != first.id  # completed, but this catalogue does not know it


def test_what_is_overdue_gets_a_run_when_nobody_works_on_it(deployed: Served, show: Place) -> None:
    show.drop("041-a")
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, "041-a")
        catalogue = house.studio.store.load().catalogue
    (slot,) = [entry.slot for entry in catalogue.queue]
    assert slot is not None

    def overdue(seconds: int) -> FlowRun | None:
        return asked(lambda client: ask_for_overdue(client, deployed, catalogue, slot + timedelta(seconds=seconds)))

    assert overdue(-60) is None  # not due
    assert overdue(60) is None  # its own run may still come
    first = overdue(600)
    assert first is not None
    again = overdue(700)
    assert again is None or again.id == first.id
    end(first, Crashed(message="killed"))
    later = overdue(2400)
    assert later is not None
    assert later.id != first.id


def test_posts_on_a_blog_that_was_away_are_tried_once_an_hour(deployed: Served) -> None:
    def posts(seconds: int) -> FlowRun | None:
        return asked(lambda client: ask_for_posts(client, deployed, HOUR + timedelta(seconds=seconds)))

    first = posts(0)
    assert first is not None
    again = posts(60)
    assert again is None or again.id == first.id
    end(first, Failed(message="the blog is away"))
    assert posts(120) is None or posts(120).id == first.id  # type: ignore[union-attr]
    later = posts(3700)
    assert later is not None
    assert later.id != first.id


def test_only_a_blog_that_show_toml_names_has_posts_left_open() -> None:
    record = PostRecord(key="k", inputs="")
    catalogue = EMPTY.model_copy(update={"posts": {"blog/k": record, "gone/k": record}})
    assert posts_left_open(catalogue, ["blog"])
    assert not posts_left_open(catalogue, ["another"])
    withdrawn = PostRecord(key="k", inputs="", is_withdrawn=True)
    assert not posts_left_open(EMPTY.model_copy(update={"posts": {"blog/k": withdrawn}}), ["blog"])
    assert not posts_left_open(
        EMPTY.model_copy(update={"posts": {"blog/k": PostRecord(key="k", inputs="i")}}), ["blog"]
    )


def test_notes_alone_are_asked_for_where_their_recording_was_taken(deployed: Served, show: Place) -> None:
    recording = show.drop("041-a", "---\ntitle: A\n---\n")
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, "041-a")
    recording.unlink()
    (show.episodes / "042-b.md").write_text("---\ntitle: To come\n---\n", "utf-8")
    contents = Contents(show.episodes, show.root / "articles", 0, show.root / "hashes.json")

    async def look(client: PrefectClient) -> list[FlowRun]:
        with show.opened() as house:
            await Watch(OpenShow(deployed, Counter(client, Runner()), _house=house), client)._look(contents)
        deployment = await client.read_deployment_by_name(f"ingest/{deployed.key}")
        return [run for run in await client.read_flow_runs() if run.deployment_id == deployment.id]

    assert [run.name for run in asked(look)] == ["ingest 041-a"]


def _looks(show: Place, deployed: Served, contents: Contents, between: Callable[[], object]) -> list[str]:
    """Two looks of `up`, each with what it does once a minute, and what is done between them; the runs asked for."""

    async def look(client: PrefectClient) -> list[str]:
        with show.opened() as house:
            watch = Watch(OpenShow(deployed, Counter(client, Runner()), _house=house), client)
            for act in (between, lambda: None):
                await watch._look(contents)
                watch._release_copies(contents, watch._folder())
                await asyncio.to_thread(act)
            await watch._look(contents)
            watch._release_copies(contents, watch._folder())
            await watch._look(contents)
        deployment = await client.read_deployment_by_name(f"ingest/{deployed.key}")
        runs = await client.read_flow_runs()
        return sorted(run.name for run in runs if run.deployment_id == deployment.id)

    return asked(look)


def test_a_rename_gets_no_run_and_is_learned(deployed: Served, show: Place) -> None:
    recording = show.drop("043-first")
    with show.opened() as house:
        before = ingest_drop(house.studio, show.episodes, "043-first").entry
    assert before is not None
    contents = Contents(show.episodes, show.root / "articles", 0, show.root / "hashes.json")
    runs = _looks(show, deployed, contents, lambda: recording.rename(show.episodes / "043-erste Folge.wav"))
    assert runs == ["ingest 043-first"]
    with show.opened() as house:
        (after,) = house.studio.store.load().catalogue.entries
    assert after == before.model_copy(update={"source": "043-erste Folge"})


def test_a_rename_is_learned_only_when_the_file_is_at_rest(deployed: Served, show: Place) -> None:
    """An editor may move the old file aside for a moment before it writes the new one."""
    recording = show.drop("043-first")
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, "043-first")
    contents = Contents(show.episodes, show.root / "articles", 60, show.root / "hashes.json")
    assert contents.settled() == []
    recording.rename(show.episodes / "043-first-old.wav")
    assert _looks(show, deployed, contents, lambda: show.drop("043-first", seed=2)) == []
    with show.opened() as house:
        (entry,) = house.studio.store.load().catalogue.entries
    assert entry.source == "043-first"


def test_a_second_copy_is_asked_for_anew_once_the_first_has_other_audio(deployed: Served, show: Place) -> None:
    recording = show.drop("043-first")
    with show.opened() as house:
        ingest_drop(house.studio, show.episodes, "043-first")
    shutil.copy(recording, show.episodes / "044-same.wav")
    contents = Contents(show.episodes, show.root / "articles", 0, show.root / "hashes.json")

    def correct() -> None:
        end(ask(deployed, contents_of(show, "044-same")), Completed())
        show.drop("043-first", seed=2)
        with show.opened() as house:
            ingest_drop(house.studio, show.episodes, "043-first")

    # the first content, the corrected one, and the copy by itself
    runs = _looks(show, deployed, contents, correct)
    assert len(runs) == 3
    assert "ingest 044-same" in runs


def contents_of(show: Place, name: str) -> Settled:
    fresh = Contents(show.episodes, show.root / "articles", 0, show.root / "other.json")
    return next(settled for settled in fresh.settled() if settled.name == name)


def test_a_drop_waits_for_a_server_that_is_away(deployed: Served, show: Place, server: PrefectServer) -> None:
    show.drop("041-a")
    contents = Contents(show.episodes, show.root / "articles", 0, show.root / "hashes.json")

    async def look(url: str) -> None:
        with show.opened() as house:
            async with PrefectClient(url) as client:
                served_one = OpenShow(deployed, Counter(client, Runner()), _house=house)
                await Watch(served_one, client)._look(contents)

    with pytest.raises(httpx.ConnectError):
        asyncio.run(look("http://127.0.0.1:9/api"))
    asyncio.run(look(server.environment["PREFECT_API_URL"]))
    assert Path(show.root / "hashes.json").is_file()
    assert contents.settled() == []


def test_a_place_of_the_dead_is_free_where_nobody_else_runs_flows(deployed: Served, server: PrefectServer) -> None:
    def taken() -> int:
        return int(server.look_up(f"v2/concurrency_limits/{deployed.limit}")["active_slots"])

    server.ask("v2/concurrency_limits/increment", names=[deployed.limit], slots=1, mode="concurrency")
    asked(lambda client: prepare_limit(client, deployed, is_alone=False))
    assert taken() == 1, "somebody else may hold it"
    asked(lambda client: Counter(client, Runner(), is_alone=True).offer(deployed))
    assert taken() == 0
