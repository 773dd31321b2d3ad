"""The picture of what mastering did lies in the bucket for the owner alone, and survives new tags."""

from __future__ import annotations

from flows.picture import kept_picture
from pillarcast.model.overview import overview_of
from tests.show_support.place import Place, ingest_drop, publish_all


def test_the_picture_is_kept_and_never_public(place: Place) -> None:
    place.drop("001-pricing", "---\ntitle: Pricing & saying no\n---\nWords.\n")
    with place.opened() as house:
        studio = house.studio
        taken = ingest_drop(studio, place.episodes, "001-pricing")
        assert taken.entry is not None
        assert taken.entry.master is not None
        picture = taken.entry.master.picture
        assert picture is not None
        assert picture.key.startswith("private/")
        assert "Pricing &amp; saying no" in kept_picture(studio, taken.entry)
        place.clock.forward(days=400)
        publish_all(studio)
        (live,) = studio.store.load().catalogue.live
        assert live.master is not None
        assert live.master.picture == picture
        assert all(picture.sha256[:24] not in stored.key for stored in studio.bucket.keys("public/"))


def test_status_tells_what_mastering_did(place: Place) -> None:
    place.drop("001-pricing", seconds=5)
    with place.opened() as house:
        studio = house.studio
        ingest_drop(studio, place.episodes, "001-pricing")
        overview = overview_of(studio.show, studio.store.load().catalogue, studio.addresses, studio.clock.now())
        (line,) = overview.queue
        assert line.audio.startswith("0:05, ")
        assert "→ -16." in line.audio or "→ -15." in line.audio
