"""What is left open: a retraction, or what was put back, of which the public does not know yet."""

from __future__ import annotations

from pillarcast.model.left_open import is_left_open
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.ingest import ingest
from pillarcast.pipeline.retracting import put_back, retract
from pillarcast.pipeline.studio import Studio
from tests.show_support.place import Place, ingest_drop, publish_all


def is_open(studio: Studio) -> bool:
    return is_left_open(studio.store.load().catalogue)


def test_a_retraction_is_left_open_until_a_publish_carried_it_out(place: Place) -> None:
    place.drop("041-talk")
    place.drop("042-other", seed=2)
    with place.opened() as house:
        studio = house.studio
        for name in ("041-talk", "042-other"):
            ingest_drop(studio, place.episodes, name)
        retract(studio, "042-other")
        assert not is_open(studio), "nobody has heard it"
        publish_all(studio, "041-talk")
        assert not is_open(studio)
        for change in (retract, put_back):
            change(studio, "041-talk")
            assert is_open(studio), change
            publish_all(studio)
            assert not is_open(studio), change


def test_the_page_of_another_one_at_the_same_address_is_no_work_left(place: Place) -> None:
    place.drop("041-talk")
    with place.opened() as house:
        studio = house.studio
        ingest_drop(studio, place.episodes, "041-talk")
        publish_all(studio, "041-talk")
        retract(studio, "041-talk")
        publish_all(studio)
        place.drop("041-talk", seed=5)
        new = ingest_drop(studio, place.episodes, "041-talk").entry
        assert new is not None
        studio.store.change(lambda now: now.with_entry(new.model_copy(update={"slug": now.entries[0].slug})))
        publish_all(studio, new.guid)
        assert not is_open(studio)


def test_an_article_that_was_taken_out_is_left_open_too(place: Place) -> None:
    (place.root / "articles").mkdir()
    (place.root / "articles" / "talk.md").write_text("---\ntitle: Talk\n---\nWords.", "utf-8")
    with place.opened() as house:
        studio = house.studio
        folder = look_all(place.episodes, place.root / "articles")
        ingest(studio, folder.named("talk"), folder, settle_s=0)
        publish_all(studio)
        place.clock.forward(days=8)
        publish_all(studio)
        assert not is_open(studio)
        retract(studio, "articles/talk")
        assert is_open(studio)
        publish_all(studio)
        assert not is_open(studio)
