"""The main job: a dropped recording becomes an episode that apps and readers get, exactly once."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import feedparser
import podcastparser
import pytest
import requests

from pillarcast.cli import main
from pillarcast.errors import ChangeRefused, NeedsOwner, NotesError, RecordingRefused, Several
from pillarcast.model.addresses import private_key
from pillarcast.model.base import FileRef
from pillarcast.model.catalogue import Entry, State
from pillarcast.pipeline.drops import look, look_all
from pillarcast.pipeline.files import file_ref
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.pipeline.intake import Outcome
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.replacing import replace_audio
from pillarcast.pipeline.restoring import restore
from pillarcast.pipeline.retracting import put_back, retract
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.verifying import check_verified, verify
from tests.show_support.place import MONDAY, Place, ingest_drop, publish_all
from tests.show_support.sound import speech

NOTES = """---
title: Social media for your career
summary: What recruiters look at before they call you.
season: 2
episode: 41
guests: Dana Reed
tags: [careers, social media]
chapters:
  - {at: "0:00", title: Hello}
  - {at: "0:02", title: What recruiters see}
---
# Notes

Write *one* line a week. See [the list](https://example.com/list?a=1&b=2).
"""
SLOT = datetime(2026, 6, 4, 10, 0, tzinfo=UTC)


@pytest.mark.s3
def test_a_drop_is_under_embargo_until_its_slot_and_then_live(s3_place: Place) -> None:
    s3_place.drop("041-social-media", NOTES)
    with s3_place.opened() as house:
        studio = house.studio
        entry = ingest_drop(studio, s3_place.episodes, "041-social-media").entry
        assert entry is not None
        assert entry.slot == SLOT
        assert not publish_all(studio).plan.airs
        for ref in (entry.recording, entry.master.file, entry.notes):
            url = f"{studio.addresses.public_url.replace('/public/', '/private/')}/{ref.key.removeprefix('private/')}"
            assert requests.get(url, timeout=5).status_code == 403
        s3_place.clock.moment = SLOT
        assert [air.published_at for air in publish_all(studio).plan.airs] == [SLOT]
        checks = verify(studio, is_whole=True)
        check_verified(checks)
        assert len(checks) == 9
        assert_feed_is_catalogue(studio)
        assert not publish_all(studio).plan


def test_two_episodes_stand_newest_first_and_a_second_run_changes_nothing(place: Place) -> None:
    place.drop("041-first", NOTES)
    place.drop("042-second", seed=2)
    with place.opened() as house:
        for name in ("041-first", "042-second"):
            ingest_drop(house.studio, place.episodes, name)
        place.clock.forward(days=14)
        publication = publish_all(house.studio)
        assert [air.title for air in publication.plan.airs] == ["Social media for your career", "Second"]
        catalogue = house.studio.store.load().catalogue
        assert [entry.slug for entry in catalogue.live] == ["second", "social-media-for-your-career"]
        assert (catalogue.live[0].published_at - catalogue.live[1].published_at).days == 7
        assert_feed_is_catalogue(house.studio)
        before = {stored.key: stored.etag for stored in house.studio.bucket.keys("")}
        assert not publish_all(house.studio).plan
        assert {stored.key: stored.etag for stored in house.studio.bucket.keys("")} == before


def test_edited_notes_change_page_and_feed_but_neither_guid_nor_date_nor_audio(place: Place) -> None:
    place.drop("041-first", NOTES)
    with place.opened() as house:
        studio = house.studio
        ingest_drop(studio, place.episodes, "041-first")
        publish_all(studio, "041-first")
        before = feed_of(studio)
        (place.episodes / "041-first.md").write_text(NOTES.replace("one", "two").replace("Social", "Sociable"), "utf-8")
        place.clock.forward(days=1)
        assert ingest_drop(studio, place.episodes, "041-first").intake.outcome is Outcome.CHANGED
        assert publish_all(studio).plan
        after = feed_of(studio)
        changed = {key for key in after if after[key] != before[key]}
        assert changed == {"title", "description", "description_html"}
        page = studio.public.get(studio.addresses.page("social-media-for-your-career"))
        assert b"Sociable" in page.body
        assert not publish_all(studio).plan


def test_the_same_bytes_again_are_known_and_a_rename_keeps_the_guid(place: Place) -> None:
    path = place.drop("041-first", NOTES)
    with place.opened() as house:
        first = ingest_drop(house.studio, place.episodes, "041-first")
        (place.episodes / "copy.wav").write_bytes(path.read_bytes())
        again = ingest_drop(house.studio, place.episodes, "copy")
        assert (again.intake.outcome, again.intake.guid) == (Outcome.KNOWN, first.intake.guid)
        path.rename(place.episodes / "renamed.wav")
        (place.episodes / "copy.wav").unlink()
        (place.episodes / "041-first.md").rename(place.episodes / "renamed.md")
        renamed = ingest_drop(house.studio, place.episodes, "renamed")
        assert renamed.intake.guid == first.intake.guid
        assert [entry.source for entry in house.studio.store.load().catalogue.entries] == ["renamed"]


@pytest.mark.parametrize(
    ("error", "words"), [(FileNotFoundError, "moved away"), (PermissionError(13, "Permission denied"), "may read it")]
)
def test_what_cannot_be_read_does_not_keep_the_others_waiting(
    error: OSError, words: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(path: Path, media_type: str) -> FileRef:
        if path.stem == "041-first":
            raise error
        return file_ref(path, media_type)

    monkeypatch.setattr("pillarcast.pipeline.intake.file_ref", read)
    place.drop("041-first", NOTES)
    place.drop("042-second", seed=2)
    with place.opened() as house:
        taken, problems = ingest_all(house.studio, look(place.episodes), settle_s=0)
    assert [one.entry.source for one in taken if one.entry] == ["042-second"]
    assert [words in str(problem) for problem in problems] == [True]


def test_what_is_gone_since_the_folder_was_read_does_not_keep_the_others_waiting(place: Place) -> None:
    gone = place.drop("041-first", NOTES)
    place.drop("042-second", seed=2)
    folder = look(place.episodes)
    gone.unlink()
    with place.opened() as house:
        taken, problems = ingest_all(house.studio, folder, settle_s=0)
    assert [one.entry.source for one in taken if one.entry] == ["042-second"]
    assert ["moved away" in str(problem) for problem in problems] == [True]


def test_new_audio_under_a_live_name_is_refused_with_both_ways_out(place: Place) -> None:
    place.drop("041-first", NOTES)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-first")
        publish_all(house.studio, "041-first")
        place.drop("041-first", seed=9)
        with pytest.raises(ChangeRefused, match="pillarcast replace 041-first"):
            ingest_drop(house.studio, place.episodes, "041-first")
        assert house.studio.store.load().catalogue.refusals[0].source == "041-first"
        replace_audio(house.studio, "041-first", look(place.episodes).named("041-first"), settle_s=0)
        assert house.studio.store.load().catalogue.refusals == (), "it waits for nobody any more"
    with place.opened() as house:  # the replacing program died before it published: any later run does it
        publish_all(house.studio)
        (entry,) = house.studio.store.load().catalogue.live
        (line,) = house.studio.store.load().catalogue.ledger
        assert entry.master is not None
        assert entry.master.file.sha256[:24] in line.url
        check_verified(verify(house.studio, [entry.guid]))


def test_a_retracted_recording_is_not_taken_in_silence_under_another_name(place: Place) -> None:
    path = place.drop("041-first", NOTES)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-first")
        publish_all(house.studio, "041-first")
        retract(house.studio, "041-first")
        publish_all(house.studio)
        assert ingest_drop(house.studio, place.episodes, "041-first").intake.outcome is Outcome.KNOWN
        (place.episodes / "042-again.wav").write_bytes(path.read_bytes())
        for _ in ("beside the first one", "alone"):
            with pytest.raises(ChangeRefused, match=r"was retracted.*export it once more"):
                ingest_drop(house.studio, place.episodes, "042-again")
            path.unlink(missing_ok=True)
        place.drop("042-again", seed=9)
        anew = ingest_drop(house.studio, place.episodes, "042-again")
        assert (anew.intake.outcome, anew.entry and anew.entry.state) == (Outcome.NEW, State.QUEUED)


def test_a_new_recording_goes_by_the_name_of_one_that_was_retracted(place: Place) -> None:
    with place.opened() as house:
        studio = house.studio
        guids = []
        for seed in (1, 2):
            place.drop("041-first", NOTES, seed=seed)
            guids.append(ingest_drop(studio, place.episodes, "041-first").intake.guid)
            assert [air.guid for air in publish_all(studio, "041-first").plan.airs] == guids[-1:]
            for _ in ("said once", "said again after a power cut"):
                assert retract(studio, "041-first").guid == guids[-1]
                publish_all(studio)
            place.clock.forward(hours=1)
        assert len({*guids}) == 2


@pytest.mark.parametrize("name", ["artwork.jpg", "intro.wav"])
def test_a_drop_waits_for_what_its_show_lacks_and_is_not_refused(name: str, place: Place) -> None:
    """Nobody looks again at a drop that was refused before it is changed, and this one is right."""
    place.more = '[master]\nintro = "intro.wav"\n'
    place.write_show()
    speech(place.root / "intro.wav", seconds=1, seed=9)
    path = place.root / name
    body = path.read_bytes()
    path.unlink()
    place.drop("041-first", NOTES)
    with place.opened() as house, pytest.raises(NeedsOwner, match=f"there is no file {name}"):
        ingest_drop(house.studio, place.episodes, "041-first")
    path.write_bytes(body)
    with place.opened() as house:
        waiting = house.studio.store.load().catalogue
        assert (waiting.refusals, [entry.state for entry in waiting.entries]) == ((), [State.WAITING])
        entry = ingest_drop(house.studio, place.episodes, "041-first").entry
        assert entry is not None
        assert (entry.guid, entry.state) == (waiting.entries[0].guid, State.QUEUED)


@pytest.mark.parametrize("hour", ["2026-11-01 01:30", "2027-03-14 02:30"])
def test_an_hour_that_daylight_saving_repeats_or_skips_is_no_change_each_time(hour: str, place: Place) -> None:
    with place.opened() as house:
        for title in ("One", "Two"):
            place.drop("041-first", f"---\ntitle: {title}\npublish_at: {hour}\n---\n", seconds=1)
            ingest_drop(house.studio, place.episodes, "041-first")
    with place.opened() as house:
        before = house.studio.store.load().catalogue.revision
        assert ingest_drop(house.studio, place.episodes, "041-first").intake.outcome is Outcome.KNOWN
        assert house.studio.store.load().catalogue.revision == before


def test_what_is_tagged_anew_leaves_by_its_name(place: Place) -> None:
    seen: list[str] = []
    place.drop("041-first", NOTES)
    with place.opened() as house:
        entry = ingest_drop(house.studio, place.episodes, "041-first").entry
        assert entry is not None
        place.drop("041-first", NOTES.replace("Social media for", "Two hours of"))
        watched = replace(house.studio, progress=lambda what, _part: seen.append(what))
        anew = ingest_drop(watched, place.episodes, "041-first").entry
        assert anew is not None
        assert anew.master.file.sha256 != entry.master.file.sha256
        assert [what for what in seen if what.startswith("upload")] == ["upload two-hours-of-your-career.mp3"]


def test_an_episode_with_an_hour_of_its_own_is_not_published_before_it(place: Place) -> None:
    place.drop("041-first", "---\npublish_at: 2026-06-03 20:00\n---\n")
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-first")
        with pytest.raises(ChangeRefused, match="--early"):
            publish_all(house.studio, "041-first")
        assert house.studio.store.load().catalogue.live == ()
        place.clock.moment = datetime(2026, 6, 4, 0, 0, tzinfo=UTC)
        assert len(publish_all(house.studio).plan.airs) == 1


def test_every_problem_of_a_drop_is_said_at_once_and_status_keeps_it_until_it_is_mended(place: Place) -> None:
    place.drop("bad", "---\ntitel: x\nseason: 0\nimage: ../secret.png\n---\n")
    (place.episodes / "bad.wav").write_bytes(b"RIFF")
    with place.opened() as house:
        with pytest.raises(Several) as raised:
            ingest_drop(house.studio, place.episodes, "bad")
        said = str(raised.value)
        assert "Did you mean `title`?" in said
        assert "season" in said
        assert "bad.wav" in said
        assert len(house.studio.store.load().catalogue.refusals) == 1
        (place.episodes / "bad.md").unlink()
        place.drop("bad", seed=3)
        ingest_drop(house.studio, place.episodes, "bad")
        assert house.studio.store.load().catalogue.refusals == ()


def test_planning_touches_nothing(place: Place) -> None:
    place.drop("041-first", NOTES)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-first")
        place.clock.moment = SLOT
        before = {stored.key: stored.etag for stored in house.studio.bucket.keys("")}
        planned, _ = plan(house.studio, house.studio.store.load().catalogue, Request())
        assert {stored.key: stored.etag for stored in house.studio.bucket.keys("")} == before
        assert publish(house.studio, Request()).plan == planned


def test_notes_without_a_recording_say_what_is_missing(place: Place) -> None:
    (place.episodes / "alone.md").write_text("Words.", "utf-8")
    with place.opened() as house, pytest.raises(NotesError, match="no recording beside it"):
        ingest_drop(house.studio, place.episodes, "alone")


def test_an_unknown_name_says_where_to_look(place: Place) -> None:
    with pytest.raises(RecordingRefused, match="Nothing lies there yet"):
        look(place.episodes).named("nothing")


def test_a_recording_is_kept_as_dropped(place: Place) -> None:
    path = place.drop("041-first")
    with place.opened() as house:
        entry = ingest_drop(house.studio, place.episodes, "041-first").entry
        assert entry is not None
        assert entry.state is State.QUEUED
        body, _ = house.studio.bucket.fetch(private_key(entry.recording.sha256, "", ".wav"))
        assert body == path.read_bytes()


def feed_of(studio: Studio) -> dict[str, object]:
    body = studio.public.get(studio.addresses.feed).body
    return podcastparser.parse(studio.addresses.feed, BytesIO(body))["episodes"][0]


def assert_feed_is_catalogue(studio: Studio) -> None:
    """Two parsers that are not ours read in the feed what the catalogue holds."""
    body = studio.public.get(studio.addresses.feed).body
    live = studio.store.load().catalogue.live
    ours = [
        (
            e.guid,
            e.episode.title,
            e.master.file.length_bytes,
            int(e.published_at.timestamp()),
            round(e.master.duration_s),
        )
        for e in live
    ]
    theirs = podcastparser.parse(studio.addresses.feed, BytesIO(body))["episodes"]
    assert ours == [
        (e["guid"], e["title"], e["enclosures"][0]["file_size"], e["published"], e["total_time"]) for e in theirs
    ]
    entries = feedparser.parse(body).entries
    assert [(e.id, e.title, int(e.enclosures[0].length)) for e in entries] == [one[:3] for one in ours]
    for entry, read in zip(live, entries, strict=True):
        assert read.links[0].href == studio.addresses.page(entry.slug)
        assert read.get("itunes_episode") == (str(entry.episode.number) if entry.episode.number else None)


def test_an_article_announces_the_next_episode_and_leads_to_it_once_it_is_live(place: Place) -> None:
    articles = place.root / "articles"
    articles.mkdir()
    (articles / "why-job-hunters-rush.md").write_text("---\ntitle: Why job hunters rush\n---\nThey rush.\n", "utf-8")
    place.drop("041-first", NOTES)
    with place.opened() as house:
        studio = house.studio
        folder = look_all(house.settings.episodes, house.settings.articles)
        taken, problems = ingest_all(studio, folder, settle_s=0)
        assert [one.intake.outcome for one in taken] == [Outcome.NEW, Outcome.ARTICLE]
        assert problems == ()
        publish_all(studio)
        url = studio.addresses.of("public/articles/why-job-hunters-rush")
        before = studio.public.get(url).body.decode()
        assert "Thursday" in before
        assert "Social media for your career" in before
        assert studio.addresses.page("social-media-for-your-career") not in before
        place.clock.moment = SLOT
        publish_all(studio)
        after = studio.public.get(url).body.decode()
        assert "episodes/social-media-for-your-career" in after
        assert not publish_all(studio).plan


def test_a_recording_that_cannot_be_mastered_is_refused_by_its_name_and_waits_for_nobody(place: Place) -> None:
    path = place.drop("041-first", NOTES, seconds=6)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    with place.opened() as house:
        with pytest.raises(RecordingRefused, match=r"041-first\.wav: .*incomplete"):
            ingest_drop(house.studio, place.episodes, "041-first")
        catalogue = house.studio.store.load().catalogue
        assert catalogue.entries == ()
        assert [refusal.source for refusal in catalogue.refusals] == ["041-first"]
        place.drop("041-first", NOTES)
        assert ingest_drop(house.studio, place.episodes, "041-first").intake.outcome is Outcome.NEW
        assert house.studio.store.load().catalogue.refusals == ()


def test_what_waits_is_taken_out_of_the_queue_and_comes_back_under_another_name(place: Place) -> None:
    for seed, name in enumerate(("041-a", "042-b"), start=1):
        place.drop(name, seed=seed)
        with place.opened() as house:
            ingest_drop(house.studio, place.episodes, name)
    with place.opened() as house:
        gone = retract(house.studio, "41")
        again = ingest_drop(house.studio, place.episodes, "041-a")  # its file still lies there
        assert [entry.source for entry in house.studio.store.load().catalogue.queue] == ["042-b"]
        assert again.entry is not None
        assert again.entry.retracted_at is not None
    (place.episodes / "041-a.wav").rename(place.episodes / "041-again.wav")
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-again")
        queue = house.studio.store.load().catalogue.queue
        assert [entry.source for entry in queue] == ["041-again", "042-b"]  # its slot was free again
        assert queue[0].guid == gone.guid
        publish_all(house.studio, "041-again")
        assert [entry.guid for entry in house.studio.store.load().catalogue.live] == [gone.guid]


def test_a_year_that_is_a_slip_of_the_pen_is_refused_and_a_missed_hour_is_caught_up(place: Place) -> None:
    place.drop("041-a", "---\npublish_at: 2025-06-04 06:00\n---\n")
    with place.opened() as house, pytest.raises(NotesError, match="publish_at says 2025-06-04, which had passed"):
        ingest_drop(house.studio, place.episodes, "041-a")
    notes = place.episodes / "041-a.md"
    notes.write_text("---\npublish_at: 2026-06-04 06:00\n---\n", "utf-8")
    os.utime(notes, times=(MONDAY.timestamp(), MONDAY.timestamp()))
    place.clock.forward(days=9)  # the laptop was away
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-a")
        assert len(publish_all(house.studio).plan.airs) == 1


def test_notes_are_edited_though_the_recording_was_removed_to_make_room(place: Place) -> None:
    recording = place.drop("041-a", "---\ntitle: Before\nsummary: By hand.\nepisode: 7\n---\nWords.\n")
    with place.opened() as house:
        guid = ingest_drop(house.studio, place.episodes, "041-a").intake.guid
        publish_all(house.studio, "041-a")
    recording.unlink()
    (place.episodes / "041-a.md").write_text("---\ntitle: After\n---\nOther words.\n", "utf-8")
    (place.episodes / "042-b.md").write_text("---\ntitle: Nothing beside it\n---\n", "utf-8")
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-a")
        with pytest.raises(NotesError, match="has no recording beside it"):
            ingest_drop(house.studio, place.episodes, "042-b")
        publish_all(house.studio)
        (entry,) = house.studio.store.load().catalogue.live
    said = entry.episode
    assert (entry.guid, said.title, said.summary, said.number) == (guid, "After", "By hand.", 7)


def test_a_retraction_by_mistake_is_undone_with_guid_and_date_as_they_were(place: Place) -> None:
    place.drop("041-a")
    with place.opened() as house:
        guid = ingest_drop(house.studio, place.episodes, "041-a").intake.guid
        publish_all(house.studio, "41")
        (before,) = house.studio.store.load().catalogue.live
        retract(house.studio, "41")
        publish_all(house.studio)
        assert house.studio.store.load().catalogue.live == ()
    place.clock.forward(days=30)
    with place.opened() as house:
        put_back(house.studio, "41")
        publish_all(house.studio)
        assert house.studio.store.load().catalogue.live == (before,)
        check_verified(verify(house.studio, [guid]))


def test_what_was_put_back_airs_at_its_own_hour_and_not_beside_another_of_its_name(place: Place) -> None:
    place.drop("041-a", "---\npublish_at: 2026-07-01 08:00\n---\n")
    with place.opened() as house:
        studio = house.studio
        entry = ingest_drop(studio, place.episodes, "041-a").entry
        assert entry is not None
        retract(studio, "041-a")
        back = put_back(studio, "041-a")
        assert isinstance(back, Entry)
        assert (back.slot, back.is_pinned) == (entry.slot, True)
        retract(studio, "041-a")
        place.drop("041-a", "---\ntitle: Another\n---\n", seed=9)
        ingest_drop(studio, place.episodes, "041-a")
        with pytest.raises(NeedsOwner, match="is the name of another one's file"):
            put_back(studio, entry.guid)


def test_a_restored_version_does_not_bring_back_what_was_taken_out_of_the_queue(place: Place) -> None:
    place.drop("041-a")
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-a")
        revision = house.studio.store.load().catalogue.revision
        retract(house.studio, "41")
    place.clock.forward(days=9)
    with place.opened() as house:
        restore(house.studio, revision)
        assert publish_all(house.studio).plan.airs == ()


def test_json_stands_alone(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.drop("041-a")
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041-a")
        publish_all(house.studio, "41")
    for words in (("retract", "41", "--yes"), ("retract", "41", "--undo"), ("retract", "41", "--yes")):
        capsys.readouterr()
        assert main(["--show", str(place.root / "show.toml"), *words, "--json"]) == 0
        json.loads(capsys.readouterr().out)
