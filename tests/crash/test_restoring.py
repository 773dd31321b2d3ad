"""A catalogue that is lost, spoilt or regretted comes back, and no listener notices."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from pillarcast.errors import NeedsOperator, NeedsOwner, PillarcastError
from pillarcast.model.addresses import CATALOGUE, FEED
from pillarcast.model.catalogue import Catalogue, Refusal
from pillarcast.model.left_open import is_left_open
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import ingest, ingest_all
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.rebuilding import feed_items
from pillarcast.pipeline.restoring import recovered, restore
from pillarcast.pipeline.retracting import retract
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.versions import KEPT, VERSIONS, version_key, versions
from pillarcast.ports import ObjectMeta
from tests.crash.oracle import check_public
from tests.crash.stories import ARTICLE, FIRST, NOTES, SECOND, THIRD
from tests.crash.world import THURSDAY, World
from tests.show_support.place import Place, artwork, ingest_drop, publish_all

MOVED_IN = "917393e3-1b1e-5cef-ace4-edaa54e1f810"


def lose(studio: Studio) -> None:
    studio.bucket.remove(CATALOGUE)


def lose_all(studio: Studio) -> None:
    lose(studio)
    for stored in list(studio.bucket.keys(VERSIONS)):
        studio.bucket.remove(stored.key)


def spoil(studio: Studio) -> None:
    studio.bucket.put(CATALOGUE, b"\x1f\x8b not what it was", ObjectMeta("application/gzip", "", ""))


def cut_off(studio: Studio) -> None:
    body, stored = studio.bucket.fetch(CATALOGUE)
    studio.bucket.put(CATALOGUE, body[: len(body) // 2], ObjectMeta(stored.media_type, "", ""))


def test_the_last_versions_are_kept_and_the_newest_is_the_catalogue(world: World) -> None:
    with world.studio() as studio:
        first = studio.store.load().catalogue.revision
        for number in range(KEPT + 3):
            studio.store.change(lambda catalogue, number=number: retitled(catalogue, f"Title {number}"))
        refusal = Refusal(source="x", what="y", at=world.clock.now())
        now = studio.store.change(lambda catalogue: catalogue.model_copy(update={"refusals": (refusal,)})).catalogue
        kept = versions(studio.bucket)
        assert kept[0].catalogue == now
        assert [version.revision for version in kept] == list(range(first + KEPT + 3, first + 3, -1))


def test_a_run_that_died_before_it_kept_its_version_is_made_up_for(world: World) -> None:
    with world.studio() as studio:
        standing = studio.store.load().catalogue
        studio.bucket.remove(version_key(standing.revision))
        publish(studio, Request())
        assert versions(studio.bucket)[0].catalogue == standing


@pytest.mark.parametrize("harm", [lose, spoil, cut_off])
def test_nothing_is_taken_for_a_new_show_while_the_catalogue_is_gone(harm: Callable, world: World) -> None:
    with world.studio() as studio:
        harm(studio)
    with world.studio() as studio:
        folder = look(world.place.episodes)
        with pytest.raises(PillarcastError, match="doctor"):
            ingest(studio, folder.named(FIRST), folder, settle_s=0)
        with pytest.raises(PillarcastError, match="doctor"):
            publish(studio, Request())


@pytest.mark.parametrize("harm", [lose, spoil, cut_off])
def test_the_newest_version_takes_the_place_of_a_lost_catalogue(harm: Callable, world: World) -> None:
    with world.studio() as studio:
        before = studio.store.load().catalogue
        public = {stored.key: stored.etag for stored in studio.bucket.keys("public/")}
        harm(studio)
    with world.studio() as studio:
        after = recovered(studio)
        assert (after.entries, after.articles, after.posts) == (before.entries, before.articles, before.posts)
        publish(studio, Request())
        assert {stored.key: stored.etag for stored in studio.bucket.keys("public/")} == public
        check_public(studio, world.bucket, world.blog)


def test_without_any_version_masters_and_feed_tell_what_there_was(world: World) -> None:
    with world.studio() as studio:
        before = studio.store.load().catalogue
        feed = feed_items(studio)
        lose_all(studio)
    with world.studio() as studio:
        assert identities(recovered(studio)) == identities(before)
        ingest_all(studio, look(world.place.episodes), settle_s=0)
        publish(studio, Request())
        assert feed_items(studio) == feed
        assert not plan(studio, studio.store.load().catalogue, Request())[0]
        check_public(studio, world.bucket, world.blog)


def test_without_any_version_the_show_keeps_the_guid_that_directories_know(world: World) -> None:
    """Minted at another address, or brought along from another host; the keys of all posts are made from it."""
    with world.studio() as studio:
        studio.store.change(lambda catalogue: catalogue.model_copy(update={"show_guid": MOVED_IN}))
        publish(studio, Request())
        lose_all(studio)
    with world.studio() as studio:
        assert recovered(studio).show_guid == MOVED_IN
        ingest_all(studio, look(world.place.episodes), settle_s=0)
        publish(studio, Request())
        check_public(studio, world.bucket, world.blog)


def test_without_any_version_an_episode_that_waits_keeps_the_format_of_its_enclosure(place: Place) -> None:
    place.more = '[master]\nformats = ["mp3", "m4a"]\n'
    place.write_show()
    place.drop("041", seconds=1)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041")
        lose_all(house.studio)
        house.studio.bucket.put(FEED, b"not a feed any more", ObjectMeta("application/rss+xml", "", ""))
    with place.opened() as house:
        (entry,) = recovered(house.studio).entries
        assert entry.master is not None
        assert entry.master.file.media_type == "audio/mpeg"


@pytest.mark.parametrize("which", ["place", "s3_place"])
def test_without_any_version_what_the_feed_has_no_room_for_does_not_air_again(
    which: str, request: pytest.FixtureRequest
) -> None:
    place: Place = request.getfixturevalue(which)
    place.more = "[feed]\nmax_episodes = 1\n"
    place.write_show()
    with place.opened() as house:
        for number in (1, 2):
            place.drop(f"04{number}", seconds=1, seed=number)
            ingest_drop(house.studio, place.episodes, f"04{number}")
            place.clock.forward(hours=1)
            publish_all(house.studio, f"04{number}")
        before = house.studio.store.load().catalogue
        assert len(feed_items(house.studio)) == 1
        lose_all(house.studio)
    with place.opened() as house:
        assert [e.published_at for e in recovered(house.studio).live] == [e.published_at for e in before.live]


def test_a_feed_that_would_lose_an_episode_is_not_built_upon(world: World) -> None:
    with world.studio() as studio:
        live = studio.store.load().catalogue.live[0]
        lose(studio)
        for key in [live.master.file.key, *(stored.key for stored in studio.bucket.keys(VERSIONS))]:
            studio.bucket.remove(key)
    with world.studio() as studio, pytest.raises(NeedsOperator, match="The first call"):
        recovered(studio)


def test_an_earlier_version_brings_words_back_and_changes_no_identity(world: World) -> None:
    with world.studio() as studio:
        wanted = studio.store.load().catalogue.revision
        feed = feed_items(studio)
        write_notes(world, "The wrong title")
        ingest_all(studio, look(world.place.episodes), settle_s=0)
        publish(studio, Request(SECOND))
        late = studio.store.load().catalogue
        write_notes(world, "The first call")
        after = restore(studio, wanted)
        assert {entry.guid for entry in after.entries} == {entry.guid for entry in late.entries}
        assert [entry.published_at for entry in after.live] == [entry.published_at for entry in late.live]
        publish(studio, Request())
        again = feed_items(studio)
        assert {guid: again[guid] for guid in feed} == feed
        assert len(again) == len(feed) + 1
        check_public(studio, world.bucket, world.blog)


def test_an_earlier_version_brings_back_nothing_that_was_retracted(world: World) -> None:
    with world.studio() as studio:
        wanted = studio.store.load().catalogue.revision
        world.clock.moment = THURSDAY
        publish(studio, Request())
        for name in (FIRST, ARTICLE):
            retract(studio, name)
        publish(studio, Request())
        restore(studio, wanted)
        publish(studio, Request())
        gone = [piece for piece in studio.store.load().catalogue.pieces if piece.source in (FIRST, ARTICLE)]
        assert all(piece.retracted_at for piece in gone)
        assert not {piece.guid for piece in gone} & {*feed_items(studio)}
        check_public(studio, world.bucket, world.blog)


def test_an_earlier_version_does_not_share_an_address_with_a_later_episode(world: World) -> None:
    place = world.place
    with world.studio() as studio:
        wanted = studio.store.load().catalogue.revision
        write_notes(world, "Another call", SECOND)
        ingest_all(studio, look(place.episodes), settle_s=0)
        write_notes(world, "The second call", THIRD)
        ingest_all(studio, look(place.episodes), settle_s=0)
        publish(studio, Request(THIRD))
        slugs = [entry.slug for entry in restore(studio, wanted).entries]
        assert len({*slugs}) == len(slugs)
        publish(studio, Request(SECOND))
        check_public(studio, world.bucket, world.blog)


def test_an_hour_that_has_passed_since_does_not_come_back(world: World) -> None:
    """An episode that was put off would air at once, and so would an article."""
    place = world.place
    with world.studio() as studio:
        wanted = studio.store.load().catalogue.revision
        for path in (place.episodes / f"{SECOND}.md", place.episodes / f"{ARTICLE}.md"):
            words = path.read_text("utf-8").replace("publish_at: 2026-06-11 05:00\n", "")
            path.write_text(words.replace("title:", "publish_at: 2026-07-30 06:00\ntitle:", 1), "utf-8")
        assert ingest_all(studio, look(place.episodes), settle_s=0)[1] == ()
        world.clock.moment = THURSDAY
        before = {piece.guid: piece.slot for piece in studio.store.load().catalogue.pieces}
        after = restore(studio, wanted)
        assert {piece.guid: piece.slot for piece in after.pieces} == before
        assert after.entries[1].is_pinned


def test_the_guid_of_the_show_does_not_go_back(world: World) -> None:
    with world.studio() as studio:
        wanted = studio.store.load().catalogue.revision
        studio.store.change(lambda catalogue: catalogue.model_copy(update={"show_guid": MOVED_IN}))
        studio.store.change(lambda catalogue: retitled(catalogue, "Another call"))
        assert restore(studio, wanted).show_guid == MOVED_IN


def test_after_a_restore_nothing_seems_left_undone_for_ever(world: World) -> None:
    """Artwork that was replaced stays public, and nothing that is published looks at it again."""
    with world.studio() as studio:
        for colour in ("#7a2e1d", "#112233"):
            (world.place.episodes / f"{FIRST}.jpg").write_bytes(artwork(1400, colour))
            ingest_all(studio, look(world.place.episodes), settle_s=0)
            publish(studio, Request())
        assert is_left_open(restore(studio, studio.store.load().catalogue.revision))
        assert not is_left_open(publish(studio, Request()).catalogue)


def test_a_version_that_is_not_kept_is_refused_with_those_that_are(world: World) -> None:
    with world.studio() as studio, pytest.raises(NeedsOwner, match="There are: "):
        restore(studio, 999)


def retitled(catalogue: Catalogue, title: str) -> Catalogue:
    entry = catalogue.queue[0]
    return catalogue.with_entry(entry.model_copy(update={"episode": entry.episode.model_copy(update={"title": title})}))


def identities(catalogue: Catalogue) -> dict[str, tuple[object, ...]]:
    """What must be the same; the file that holds a master is named by its hash, whatever it was called."""
    return {
        entry.guid: (entry.slug, entry.source, entry.recording, entry.master.file.key, entry.published_at)
        for entry in catalogue.entries
    }


def write_notes(world: World, title: str, name: str = FIRST) -> None:
    (world.place.episodes / f"{name}.md").write_text(NOTES.format(title=title, word="one"), "utf-8")


def test_what_a_newer_pillarcast_put_on_air_stays_when_an_older_one_goes_back(place: Place) -> None:
    """It cannot read the catalogue that stands there, nor the versions since; the feed and the masters tell of them."""
    for number in (1, 2, 3):
        place.drop(f"04{number}", seconds=1, seed=number)
    with place.opened() as house:
        ingest_drop(house.studio, place.episodes, "041")
        publish_all(house.studio, "041")
        old = house.studio.store.load().catalogue.revision
        for later in ("042", "043"):
            ingest_drop(house.studio, place.episodes, later)
        publish_all(house.studio, "042")
        before, feed = house.studio.store.load().catalogue, feed_items(house.studio)
        for key in (CATALOGUE, *map(version_key, range(old + 1, before.revision + 1))):
            of_tomorrow(house.studio, key)
    with place.opened() as house:
        assert restore(house.studio, old).revision == before.revision + 1
        publish(house.studio, Request())
        assert feed_items(house.studio) == feed
        aired = {guid: one for guid, one in identities(before).items() if guid in feed}
        assert identities(house.studio.store.load().catalogue) == aired
        ingest_all(house.studio, look(place.episodes), settle_s=0)
        assert len(house.studio.store.load().catalogue.entries) == 3


def of_tomorrow(studio: Studio, key: str) -> None:
    body, stored = studio.bucket.fetch(key)
    text = gzip.decompress(body).replace(b"{", b'{"of_tomorrow":1,', 1)
    studio.bucket.put(key, gzip.compress(text), ObjectMeta(stored.media_type, "", ""))
