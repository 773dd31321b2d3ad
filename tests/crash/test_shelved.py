"""Episodes on a shelf are as safe as any: what is broken by hand is found and mended, whatever changes is seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pillarcast.model.addresses import page_key
from pillarcast.model.plan import WriteObject
from pillarcast.model.shelf import SHELF
from pillarcast.pipeline.doctor import doctor
from pillarcast.pipeline.doctor_repair import repair
from pillarcast.pipeline.exporting import export_show
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.restoring import restore
from pillarcast.pipeline.retracting import retract
from pillarcast.pipeline.versions import versions
from pillarcast.ports import ObjectMeta
from tests.crash.oracle import check_objects
from tests.scale_support.settled import lay_live
from tests.show_support.place import Place

OLD = page_key("episode-7")


@pytest.fixture(scope="module")
def laid(tmp_path_factory) -> Place:
    place = Place(tmp_path_factory.mktemp("shelved"))
    with place.opened() as house:
        lay_live(house.studio, SHELF + 2)
        publish(house.studio, Request())
        assert not house.studio.store.load().catalogue.settled, "only what needs nothing is put away"
    return place


@pytest.fixture
def place(laid: Place) -> Iterator[Place]:
    """With a shelf, and all well."""
    with laid.opened() as house:
        publish(house.studio, Request())
        publish(house.studio, Request())
        assert len(house.studio.store.load().catalogue.settled) == 1
        assert OLD in house.studio.store.load().catalogue.receipts.shelved
    yield laid
    with laid.opened() as house:
        publish(house.studio, Request())
        check_objects(house.studio, house.studio.bucket)


def test_what_nothing_changed_is_not_planned_and_not_written(place):
    with place.opened() as house:
        before = house.studio.store.load()
        assert not publish(house.studio, Request()).plan
        assert house.studio.store.load().etag == before.etag


@pytest.mark.parametrize("is_gone", [True, False])
def test_the_doctor_sees_what_was_done_by_hand(place, is_gone):
    with place.opened() as house:
        studio = house.studio
        if is_gone:
            studio.bucket.remove(OLD)
        else:
            studio.bucket.put(OLD, b"by hand", ObjectMeta("text/html", "", ""))
        findings = doctor(studio)
        assert OLD in [one.subject for one in findings if not one.is_warning]
        assert not [one for one in repair(studio, findings) if not one.is_warning]


def test_an_edit_of_an_old_episode_reaches_its_page_and_its_neighbours(place):
    with place.opened() as house:
        studio = house.studio
        entry = studio.store.load().catalogue.entry("guid-7")
        words = entry.episode.model_copy(update={"title": f"{entry.episode.title} once more"})
        studio.store.change(lambda now: now.with_entry(entry.model_copy(update={"episode": words})))
        written = {action.wanted.key for action in publish(studio, Request()).plan.actions if is_write(action)}
    assert {page_key(f"episode-{number}") for number in (6, 7, 8)} <= written


def is_write(action: object) -> bool:
    return isinstance(action, WriteObject)


def test_a_retraction_takes_everything_away(place):
    with place.opened() as house:
        retract(house.studio, "guid-11")
        publish(house.studio, Request())
        assert house.studio.bucket.head(page_key("episode-11")) is None
        lay = house.studio.store.load().catalogue.entry("guid-11").model_copy(update={"retracted_at": None})
        house.studio.store.change(lambda now: now.with_entry(lay))
        publish(house.studio, Request(allow=("removal:*", "date-change:*")))


def test_settings_and_templates_change_old_pages(place):
    with place.opened() as house:
        catalogue = house.studio.store.load().catalogue
        look = house.studio.show.model_copy(
            update={"site": house.studio.show.site.model_copy(update={"font": "serif"})}
        )
        for studio in (replace(house.studio, show=look), replace(house.studio, templates={"episode.html": "changed"})):
            changed, _ = plan(studio, catalogue, Request())
            assert OLD in {action.wanted.key for action in changed.actions if is_write(action)}


def test_a_catalogue_of_other_code_is_compared_whole(place):
    """Its seals are none of ours; its receipts tell what that code wrote."""
    with place.opened() as house:
        catalogue = house.studio.store.load().catalogue
        foreign = catalogue.model_copy(update={"settled": {"other": next(iter(catalogue.settled.values()))}})
        same, on_air = plan(house.studio, foreign, Request())
        assert not same
        assert on_air.settled == catalogue.settled, "what proves right is put away anew"
        loose = foreign.opened(["other"])
        stale = {key: one.model_copy(update={"inputs": "as it was"}) for key, one in loose.written.items()}
        old = loose.model_copy(update={"written": stale})
        changed, _ = plan(house.studio, old, Request())
        assert {action.wanted.key for action in changed.actions if is_write(action)} >= {OLD}


def test_a_restored_version_is_looked_at_whole(place):
    with place.opened() as house:
        studio = house.studio
        studio.bucket.put(OLD, b"by hand", ObjectMeta("text/html", "", ""))
        restore(studio, versions(studio.bucket)[0].revision)
        assert not studio.store.load().catalogue.settled
        publish(studio, Request())
        assert studio.bucket.fetch(OLD)[0] != b"by hand"


def test_an_export_takes_no_receipts_with_it(place, tmp_path):
    with place.opened() as house:
        export_show(house.studio, tmp_path / "out")
    text = (tmp_path / "out" / "catalogue.json").read_text("utf-8")
    assert OLD not in text
    assert '"settled"' not in text
