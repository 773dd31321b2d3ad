"""A file that was renamed stays the same episode; one that is there twice, or has a number twice, is told."""

from __future__ import annotations

import json
import shutil
from unicodedata import normalize

import pytest

from pillarcast.cli import main
from pillarcast.errors import NeedsOwner
from pillarcast.model.catalogue import ArticleEntry, Catalogue, Entry
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.renames import learn_names
from tests.show_support.place import Place

NOTES = "---\ntitle: The first\n---\nWords.\n"
ARTICLE = "---\ntitle: Why job hunters rush\n---\nThey rush.\n"


def run(place: Place, *words: str) -> int:
    return main(["--show", str(place.root / "show.toml"), *words])


def learn(place: Place) -> list[str]:
    """As the look does that `up` takes once a minute: without a run."""
    with place.opened() as house:
        folder = look_all(house.settings.episodes, house.settings.articles)
        return [one.new for one in learn_names(house.studio, folder)]


def catalogue_of(place: Place) -> Catalogue:
    with place.opened() as house:
        return house.studio.store.load().catalogue


def only_entry(place: Place) -> Entry:
    (entry,) = catalogue_of(place).entries
    return entry


def rename(place: Place, old: str, new: str, *suffixes: str) -> None:
    for suffix in suffixes:
        (place.episodes / f"{old}{suffix}").rename(place.episodes / f"{new}{suffix}")


@pytest.fixture
def live(place: Place) -> Place:
    place.drop("043-first", NOTES, seconds=2)
    assert run(place, "ingest") == 0
    assert run(place, "publish", "43") == 0
    return place


def test_corrected_audio_under_a_new_name_is_no_second_episode(live: Place, capsys: pytest.CaptureFixture[str]) -> None:
    before = only_entry(live)
    rename(live, "043-first", "043-erste Folge", ".wav", ".md")
    live.drop("044-next", seed=2, seconds=2)
    assert run(live, "ingest", "044-next") == 0
    live.drop("043-erste Folge", seed=3, seconds=2)
    capsys.readouterr()
    assert run(live, "ingest") == NeedsOwner.exit_code
    assert "“The first” is live with other audio" in capsys.readouterr().err
    after = {entry.source: entry for entry in catalogue_of(live).entries}
    assert [*after] == ["043-erste Folge", "044-next"]
    assert after["043-erste Folge"] == before.model_copy(update={"source": "043-erste Folge"})


def test_edited_notes_under_a_new_name_belong_to_the_episode(live: Place) -> None:
    before = only_entry(live)
    rename(live, "043-first", "043-erste Folge", ".wav", ".md")
    assert learn(live) == ["043-erste Folge"]
    (live.episodes / "043-erste Folge.wav").unlink()  # to make room
    (live.episodes / "043-erste Folge.md").write_text(NOTES.replace("The first", "The very first"), "utf-8")
    assert run(live, "ingest") == 0
    after = only_entry(live)
    assert after.episode.title == "The very first"
    assert (after.guid, after.slug, after.published_at) == (before.guid, before.slug, before.published_at)


def test_what_waits_gets_its_corrected_audio_under_a_new_name(place: Place) -> None:
    place.drop("043-first", seconds=2)
    assert run(place, "ingest") == 0
    before = only_entry(place)
    rename(place, "043-first", "043-erste Folge", ".wav")
    assert learn(place) == ["043-erste Folge"]
    place.drop("043-erste Folge", seed=2, seconds=2)
    assert run(place, "ingest") == 0
    after = only_entry(place)
    assert (after.guid, after.slug, after.slot) == (before.guid, before.slug, before.slot)
    assert after.recording != before.recording


def test_a_copy_is_no_rename_and_neither_are_two_new_names(live: Place) -> None:
    recording = live.episodes / "043-first.wav"
    for name in ("043-copy.wav", "copy.wav"):
        shutil.copy(recording, live.episodes / name)
    assert learn(live) == []
    recording.unlink()
    assert learn(live) == [], "which of the two it is nobody knows"
    assert only_entry(live).source == "043-first"
    (live.episodes / "copy.wav").unlink()
    assert learn(live) == ["043-copy"]


def test_other_audio_of_the_same_length_is_no_rename(live: Place) -> None:
    recording = live.episodes / "043-first.wav"
    length = recording.stat().st_size
    recording.unlink()
    assert live.drop("044-next", seed=2, seconds=2).stat().st_size == length
    assert learn(live) == []


def test_what_was_retracted_keeps_its_name(live: Place) -> None:
    assert run(live, "retract", "43", "--yes") == 0
    rename(live, "043-first", "043-erste Folge", ".wav", ".md")
    assert learn(live) == []
    assert run(live, "ingest") == NeedsOwner.exit_code


def test_a_rename_to_decomposed_letters_is_learned_composed(live: Place) -> None:
    rename(live, "043-first", normalize("NFD", "043-Grüße"), ".wav", ".md")
    assert learn(live) == ["043-Grüße"]
    rename(live, normalize("NFD", "043-Grüße"), "043-Grüße", ".wav", ".md")
    assert learn(live) == []


def test_notes_that_stay_under_the_old_name_are_told_until_they_follow(
    live: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    rename(live, "043-first", "043-erste Folge", ".wav")
    assert learn(live) == ["043-erste Folge"]
    capsys.readouterr()
    assert run(live, "status") == NeedsOwner.exit_code
    assert "043-first.md: are the notes of “The first”, whose recording is called 043-erste" in capsys.readouterr().out
    run(live, "check")
    assert "call them as their recording is called" in capsys.readouterr().err
    rename(live, "043-first", "043-erste Folge", ".md")
    assert run(live, "ingest") == 0
    assert run(live, "status") == 0


def test_an_article_that_was_renamed_is_no_second_one_with_other_words(place: Place) -> None:
    articles = place.root / "articles"
    articles.mkdir()
    (articles / "rush.md").write_text(ARTICLE, "utf-8")
    assert run(place, "ingest") == 0
    before = only_article(place)
    (articles / "rush.md").rename(articles / "hurry.md")
    assert learn(place) == ["hurry"]
    (articles / "hurry.md").write_text(ARTICLE.replace("They", "We"), "utf-8")
    assert run(place, "ingest") == 0
    after = only_article(place)
    assert (after.guid, after.slug, after.slot) == (before.guid, before.slug, before.slot)
    assert after.body != before.body


def only_article(place: Place) -> ArticleEntry:
    (article,) = catalogue_of(place).articles
    return article


def test_notes_with_the_words_of_an_article_that_is_gone_wait_for_their_recording(place: Place) -> None:
    articles = place.root / "articles"
    articles.mkdir()
    (articles / "rush.md").write_text(ARTICLE, "utf-8")
    assert run(place, "ingest") == 0
    (articles / "rush.md").rename(place.episodes / "044-rush.md")
    assert learn(place) == []


def test_a_recording_that_lies_there_twice_is_told(live: Place, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(live.episodes / "043-first.wav", live.episodes / "061-rerun.wav")
    (live.episodes / "061-rerun.md").write_text("---\ntitle: Once more\n---\nOther words.\n", "utf-8")
    told = (
        "061-rerun: is the same recording as “The first” (043-first), so no episode of its own, and its notes were not "
        "taken. To air it again, export the recording once more: other bytes are a new episode."
    )
    capsys.readouterr()
    assert run(live, "check") == 0
    assert told in capsys.readouterr().err
    assert run(live, "status") == 0
    assert told in capsys.readouterr().out
    assert run(live, "ingest") == 0
    assert told in capsys.readouterr().err
    assert run(live, "ingest", "061", "--json") == 0
    assert json.loads(capsys.readouterr().out)["problems"][0]["is_warning"]
    assert only_entry(live).episode.title == "The first"
    assert run(live, "check", "043-first") == 0
    assert told not in capsys.readouterr().err


def test_a_second_copy_is_an_episode_once_the_first_has_other_audio(place: Place) -> None:
    recording = place.drop("043-first", seconds=2)
    shutil.copy(recording, place.episodes / "044-same content.wav")
    assert run(place, "ingest") == 0
    place.drop("043-first", seed=2, seconds=2)
    assert run(place, "ingest") == 0
    assert [entry.source for entry in catalogue_of(place).queue] == ["043-first", "044-same content"]


def test_a_number_that_a_standing_episode_has_is_told_and_not_refused(
    live: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    live.drop("043-another", seed=2, seconds=2)
    live.drop("044-next", seed=3, seconds=2)
    live.drop("043-bonus", "---\ntype: bonus\n---\n", seed=4, seconds=2)
    live.drop("043-season", "---\nseason: 2\n---\n", seed=5, seconds=2)
    capsys.readouterr()
    assert run(live, "ingest") == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "number" in line]
    (line,) = told
    assert line.startswith("warning: 043-another: has the number 43, as “The first” (043-first) has. Write another")
    assert run(live, "ingest") == 0
    assert "number" not in capsys.readouterr().err, "it was said once"


def test_the_recording_of_a_live_episode_under_another_number_is_a_rerun_and_its_notes_are_not_taken(
    live: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the first file was tidied away long ago."""
    before = only_entry(live)
    rename(live, "043-first", "061-rerun", ".wav")
    (live.episodes / "043-first.md").unlink()
    (live.episodes / "061-rerun.md").write_text("---\ntitle: A rerun of the first\n---\nAgain.\n", "utf-8")
    assert learn(live) == []
    assert run(live, "ingest") == 0
    said = capsys.readouterr()
    assert "061-rerun: is the same recording as “The first” (043-first)" in said.out + said.err
    assert "its notes were not taken" in said.out + said.err
    assert only_entry(live) == before
