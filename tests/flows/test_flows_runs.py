"""Flows on the real engine: what a run does, what it leaves in the UI, and how it ends when something is wrong."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
import requests

from flows.ingest import ingest
from flows.orders import IngestOrder, PublishOrder, RetractOrder, VerifyOrder
from flows.publish import publish
from flows.retract import retract
from flows.verify import verify
from pillarcast.model.catalogue import Catalogue
from tests.prefect_support.running import run
from tests.prefect_support.server import PrefectServer
from tests.show_support.place import Place

NOTES = "---\ntitle: Social media\nsummary: Be seen by ten people.\n---\n\nGive **credit**.\n"


def newest(server: PrefectServer, flow: str) -> dict[str, Any]:
    return server.runs(flow)[-1]


def test_a_drop_becomes_public_and_each_run_leaves_its_page(show: Place, server: PrefectServer) -> None:
    show.drop("041-social-media", NOTES)
    taken = run(ingest, IngestOrder(drop="041-social-media"))
    assert taken.is_completed(), taken.message
    ingested = newest(server, "ingest")
    assert ingested["name"] == "ingest “Social media”"
    assert "LUFS" in server.logs(ingested["id"])
    left = server.artifacts(ingested["id"])
    assert "loudness" in left["markdown"][0]
    assert "![Loudness before and after](data:image/svg+xml;base64," in left["markdown"][0]

    published = run(publish, PublishOrder(episode="041-social-media"))
    assert published.is_completed(), published.message
    record = newest(server, "publish")
    assert record["name"] == "publish “Social media”"
    left = server.artifacts(record["id"])
    with show.opened() as house:
        (entry,) = house.studio.store.load().catalogue.live
        assert house.studio.addresses.page(entry.slug) in left["markdown"][0]
        assert f"`{entry.guid}`" in left["markdown"][0]
    (plan,) = [table for table in left["table"] if "what" in table[0]]
    (checks,) = [table for table in left["table"] if "what" not in table[0]]
    assert "on air" in [row["what"] for row in plan]
    assert {check["right"] for check in checks} == {"✓"}


def test_running_it_again_changes_nothing_and_says_so(show: Place, server: PrefectServer) -> None:
    show.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    run(publish, PublishOrder(episode="41"))
    with show.opened() as house:
        before = house.studio.store.load().etag
    again, published = run(ingest, IngestOrder()), run(publish, PublishOrder(episode="41"))
    assert (again.message or "").startswith("Nothing new")
    assert (published.message or "").startswith("Nothing to do")
    assert newest(server, "publish")["name"] == "publish “Social media”"
    with show.opened() as house:
        assert house.studio.store.load().etag == before


def test_edited_notes_of_a_live_episode_reach_the_public_in_the_run_that_takes_them(
    show: Place, server: PrefectServer
) -> None:
    show.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    run(publish, PublishOrder(episode="41"))
    (show.episodes / "041-social-media.md").write_text(NOTES.replace("**credit**", "thanks"), "utf-8")
    state = run(ingest, IngestOrder(drop="041-social-media"))
    assert state.message == "Taken: “Social media”; the public sees it."
    with show.opened() as house:
        page = house.studio.bucket.fetch("public/episodes/social-media")
        assert page is not None
        assert b"Give thanks." in page[0]


def test_a_rerun_of_the_same_recording_is_named_and_told_what_became_of_its_notes(
    show: Place, server: PrefectServer
) -> None:
    recording = show.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    run(publish, PublishOrder(episode="41"))
    shutil.copy(recording, show.episodes / "061-rerun.wav")
    (show.episodes / "061-rerun.md").write_text(NOTES.replace("Social media", "Once more"), "utf-8")
    told = (
        "061-rerun: is the same recording as “Social media” (041-social-media), so no episode of its own, and its "
        "notes were not taken. To air it again, export the recording once more: other bytes are a new episode. "
        "Otherwise remove it."
    )
    state = run(ingest, IngestOrder(drop="061-rerun"))
    assert (state.is_completed(), state.message) == (True, told)
    record = newest(server, "ingest")
    assert record["name"] == "ingest 061-rerun"
    assert told in server.artifacts(record["id"])["markdown"][0]


def test_what_a_run_made_up_for_is_said_in_a_sentence_of_its_own(show: Place, server: PrefectServer) -> None:
    show.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    run(publish, PublishOrder(episode="41"))
    with show.opened() as house:
        house.studio.bucket.remove("public/episodes/social-media")
        written = house.studio.store.load().catalogue.written

        def forgotten(catalogue: Catalogue) -> Catalogue:
            kept = {key: one for key, one in written.items() if key != "public/episodes/social-media"}
            return catalogue.model_copy(update={"written": kept})

        house.studio.store.change(forgotten)
    again = run(ingest, IngestOrder(drop="041-social-media"))
    assert again.message == ("Nothing new: “Social media” is here already. What had yet to reach the public has.")


def test_a_number_that_is_taken_is_a_warning_of_the_run(show: Place, server: PrefectServer) -> None:
    show.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    show.drop("041-another", seed=2)
    state = run(ingest, IngestOrder(drop="041-another"))
    assert state.is_completed()
    told = "041-another: has the number 41, as “Social media” (041-social-media) has."
    assert told in server.artifacts(newest(server, "ingest")["id"])["markdown"][0]


def test_a_refused_drop_is_a_failed_run_with_the_reason_and_no_traceback(show: Place, server: PrefectServer) -> None:
    (show.episodes / "042-broken.wav").write_bytes(b"RIFF" + bytes(4000))
    state = run(ingest, IngestOrder(drop="042-broken"))
    assert state.is_failed()
    assert "042-broken.wav" in (state.message or "")
    record = newest(server, "ingest")
    assert "Traceback" not in server.logs(record["id"])
    assert "**Wrong:**" in server.artifacts(record["id"])["markdown"][0]
    with show.opened() as house:
        assert house.studio.store.load().catalogue.refusals


def test_one_refused_drop_does_not_keep_the_others_waiting(show: Place, server: PrefectServer) -> None:
    (show.episodes / "042-broken.wav").write_bytes(b"RIFF" + bytes(4000))
    show.drop("043-good")
    state = run(ingest, IngestOrder())
    assert state.is_failed()
    with show.opened() as house:
        assert [entry.source for entry in house.studio.store.load().catalogue.queue] == ["043-good"]


def test_what_nobody_knows_is_refused_in_plain_words(show: Place, server: PrefectServer) -> None:
    state = run(publish, PublishOrder(episode="no-such-episode"))
    assert state.is_failed()
    assert (state.message or "").startswith("no-such-episode: no episode goes by that name")


def test_a_broken_show_file_is_said_and_not_thrown(show: Place, server: PrefectServer) -> None:
    (show.root / "show.toml").write_text("[show]\ntitle = 7\n", "utf-8")
    state = run(verify, VerifyOrder())
    assert state.is_failed()
    assert "show.toml" in (state.message or "")


def test_a_run_is_not_green_while_the_public_sees_something_else(show: Place, server: PrefectServer) -> None:
    show.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    run(publish, PublishOrder(episode="41"))
    with show.opened() as house:
        house.studio.bucket.remove("public/episodes/social-media")
    state = run(verify, VerifyOrder())
    assert state.is_failed()
    assert "Social media: page answers with its player: status 404" in (state.message or "")
    (table,) = server.artifacts(newest(server, "verify")["id"])["table"]
    assert (table[0]["right"], table[0]["seen"]) == ("✗", "status 404 text/plain")


def test_retracting_asks_for_a_yes(show: Place, server: PrefectServer) -> None:
    show.drop("041-social-media", NOTES)
    run(ingest, IngestOrder())
    run(publish, PublishOrder(episode="41"))
    assert run(retract, RetractOrder(episode="41")).is_failed()
    with show.opened() as house:
        assert len(house.studio.store.load().catalogue.live) == 1
    assert run(retract, RetractOrder(episode="41", is_sure=True)).is_completed()
    with show.opened() as house:
        assert not house.studio.store.load().catalogue.live
        assert house.studio.bucket.head("public/episodes/social-media") is None


@pytest.mark.parametrize("order", [IngestOrder, PublishOrder, VerifyOrder, RetractOrder])
def test_every_field_of_a_form_is_titled_and_explained(order: Any) -> None:
    schema = order.model_json_schema()
    assert schema["additionalProperties"] is False
    for field in schema["properties"].values():
        assert field["title"]
        assert field["description"].endswith(".")
        assert "anyOf" not in field  # a tab in the UI that nobody understands


def test_pages_of_the_ui_may_speak_to_their_own_server_alone(server: PrefectServer) -> None:
    answer = requests.get(f"{server.url}/api/health", timeout=30)
    assert answer.headers["Content-Security-Policy"] == "connect-src 'self'"
