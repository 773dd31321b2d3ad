"""The doctor finds whatever was broken on purpose, says how to mend it, and mends what needs no person."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from pillarcast.errors import NotVerified, Unreachable, Unsupported
from pillarcast.model.addresses import CATALOGUE, FEED, media_key
from pillarcast.model.catalogue import Entry
from pillarcast.model.diagnosis import Cure, IndexAnew, Recover, Remove
from pillarcast.model.post import Post
from pillarcast.pipeline import lines, packing
from pillarcast.pipeline.card_index import Row, row_text
from pillarcast.pipeline.doctor import doctor
from pillarcast.pipeline.doctor_repair import repair
from pillarcast.pipeline.doctor_sweep import KEPT_FOR, find_unneeded
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.pipeline.lines import Lines, stamp
from pillarcast.pipeline.packing import packed, unpacked
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.rebuilding import feed_items
from pillarcast.pipeline.retracting import retract
from pillarcast.pipeline.studio import Studio
from pillarcast.pipeline.versions import KEPT, version_key
from pillarcast.ports import ObjectMeta, Standing
from pillarcast.render.gzip_stitch import deflate, inflated, stitch, taken_apart
from tests.blog_support.fake import FakeBlog
from tests.crash.oracle import check_public
from tests.crash.stories import FIRST, NOTES, SECOND
from tests.crash.world import World
from tests.show_support.place import Place, ingest_drop, publish_all


def live(studio: Studio) -> Entry:
    return studio.store.load().catalogue.live[0]


def queued(studio: Studio) -> Entry:
    return studio.store.load().catalogue.queue[0]


def write_over(studio: Studio, key: str, body: bytes = b"something else") -> None:
    meta = ObjectMeta("text/html", "", hashlib.sha256(body).hexdigest())
    studio.bucket.put(key, body, meta)


def audio_key(entry: Entry) -> str:
    return media_key(entry.master.file.sha256, entry.slug, entry.master.file.media_type)


def air_the_queued_audio_early(studio: Studio) -> None:
    entry = queued(studio)
    file = entry.master.file
    studio.bucket.copy(file.key, audio_key(entry), ObjectMeta(file.media_type, "", file.sha256))


def by_hand(world: World, **changes: object) -> None:
    blog = world.blog
    for ref, kept in blog.kept.items():
        blog.kept[ref] = replace(kept, **changes)


@dataclass(frozen=True)
class Harm:
    """`says` is what the doctor has to say; a harm that `stays` needs a person."""

    name: str
    do: Callable[[World, Studio], object]
    says: str
    stays: bool = False


MENDED = (
    Harm("catalogue gone", lambda _, s: s.bucket.remove(CATALOGUE), "is gone from the bucket"),
    Harm("catalogue spoilt", lambda _, s: write_over(s, CATALOGUE), "cannot be read"),
    Harm("version gone", lambda _, s: s.bucket.remove(version_key(s.store.load().catalogue.revision)), "is not kept"),
    Harm("feed gone", lambda _, s: s.bucket.remove(FEED), "is gone"),
    Harm("feed written over", lambda _, s: write_over(s, FEED), "is not what was written there"),
    Harm("page gone", lambda _, s: s.bucket.remove(f"public/episodes/{live(s).slug}"), "is gone"),
    Harm("audio gone", lambda _, s: s.bucket.remove(audio_key(live(s))), "is gone"),
    Harm("audio written over", lambda _, s: write_over(s, audio_key(live(s))), "is not what was written there"),
    Harm("live master gone", lambda _, s: s.bucket.remove(live(s).master.file.key), "its master is no longer"),
    Harm("queued master gone", lambda _, s: s.bucket.remove(queued(s).master.file.key), "its master is no longer"),
    Harm("queued receipts gone", lambda _, s: s.bucket.remove(queued(s).master.picture.key), "its picture of what"),
    Harm("transcript gone", lambda _, s: s.bucket.remove(live(s).transcript.key), "its transcript is no longer"),
    Harm("left over", lambda _, s: write_over(s, "public/tags/nobody"), "nothing needs it"),
    Harm("early", lambda _, s: air_the_queued_audio_early(s), "is public before its hour"),
)
STAYING = (
    Harm("recording gone", lambda _, s: s.bucket.remove(live(s).recording.key), "Drop 041-first.wav again"),
    Harm("receipts gone", lambda _, s: s.bucket.remove(live(s).master.picture.key), "Listeners miss nothing"),
    Harm("notes gone", lambda _, s: s.bucket.remove(live(s).notes.key), "its show notes are no longer"),
    Harm("post edited", lambda w, _: by_hand(w, body="Mine."), "changed the post by hand"),
    Harm("post binned", lambda w, _: by_hand(w, state="bin"), "is in the bin"),
    Harm("post taken back", lambda w, _: by_hand(w, state="draft"), "is not live"),
    Harm("post deleted", lambda w, _: w.blog.kept.clear(), "the post is gone"),
)


def test_a_healthy_show_has_no_finding(world: World) -> None:
    with world.studio() as studio:
        assert doctor(studio) == ()


@pytest.mark.parametrize("harm", MENDED, ids=lambda harm: harm.name)
def test_what_was_broken_is_found_and_mended(harm: Harm, world: World) -> None:
    with world.studio() as studio:
        before = feed_items(studio)
        harm.do(world, studio)
    with world.studio() as studio:
        findings = doctor(studio)
        assert harm.says in " ".join(str(finding.problem) for finding in findings)
        assert all("doctor --repair" in finding.mend for finding in findings if finding.cure)
        assert repair(studio, findings) == ()
        assert feed_items(studio) == before
        check_public(studio, world.bucket, world.blog)


@pytest.mark.parametrize("harm", STAYING, ids=lambda harm: harm.name)
def test_what_only_a_person_can_mend_is_said_and_left_alone(harm: Harm, world: World) -> None:
    with world.studio() as studio:
        harm.do(world, studio)
        before = {stored.key: stored.etag for stored in studio.bucket.keys("")}
        findings = doctor(studio)
        assert harm.says in " ".join(str(finding.problem) for finding in findings)
        assert {finding.cure for finding in findings} == {None}
        assert repair(studio, findings) == findings
        assert {stored.key: stored.etag for stored in studio.bucket.keys("")} == before


def test_looking_changes_nothing(world: World) -> None:
    with world.studio() as studio:
        write_over(studio, FEED)
        before = {stored.key: stored.etag for stored in studio.bucket.keys("")}
        posts = dict(world.blog.kept)
        assert doctor(studio)
        assert {stored.key: stored.etag for stored in studio.bucket.keys("")} == before
        assert world.blog.kept == posts


def test_a_file_of_the_owners_own_is_mentioned_and_stays(world: World) -> None:
    path = world.bucket.path("public/google-site-verification.html")
    path.write_text("google-site-verification: x", "utf-8")
    with world.studio() as studio:
        findings = doctor(studio)
        assert [(finding.subject, finding.is_warning) for finding in findings] == [
            ("public/google-site-verification.html", True)
        ]
        repair(studio, findings)
    assert path.is_file()


@pytest.mark.parametrize("harm", ["none", "their catalogue is lost"])
def test_a_show_without_a_prefix_leaves_those_with_one_alone(harm: str, tmp_path: Path) -> None:
    """The second show of a bucket gets a prefix; the first, of yore, has none."""
    table = f'[bucket]\nkind = "folder"\nfolder = "{tmp_path / "shared"}"\n'
    first = Place(tmp_path / "first", bucket=table)
    second = Place(tmp_path / "second", bucket=f'{table}prefix = "john"\n')
    for seed, place in enumerate((first, second)):
        place.drop("041", seconds=1, seed=seed)
        with place.opened() as house:
            ingest_drop(house.studio, place.episodes, "041")
            publish_all(house.studio, "041")
    with second.opened() as house:
        public = {stored.key for stored in house.studio.bucket.keys("public/")}
        if harm != "none":
            house.studio.bucket.remove(CATALOGUE)
    with first.opened() as house:
        house.studio.bucket.put(
            "public/left", b"over", ObjectMeta("text/plain", "", hashlib.sha256(b"over").hexdigest())
        )
        assert [finding.cure for finding in doctor(house.studio)] == [Remove("public/left")]
        assert repair(house.studio, doctor(house.studio)) == ()
    with second.opened() as house:
        assert {stored.key for stored in house.studio.bucket.keys("public/")} == public


def test_a_feed_is_not_built_from_a_part_that_somebody_wrote_over(world: World) -> None:
    with world.studio() as studio:
        feed = studio.bucket.fetch(FEED)
        (part,) = [key for key in studio.store.load().catalogue.written if key.startswith("private/feed/")]
        studio.bucket.put(part, b"<item>not ours", ObjectMeta("application/xml", "", ""))
        with pytest.raises(NotVerified, match="doctor --repair"):
            publish(studio, Request(SECOND))
        assert studio.bucket.fetch(FEED) == feed
        assert not [finding for finding in repair(studio, doctor(studio)) if not finding.is_warning]
        check_public(studio, world.bucket, world.blog)


def test_a_post_that_outlived_its_retraction_is_taken_back(world: World) -> None:
    with world.studio() as studio:
        retract(studio, FIRST)
        publish(studio, Request())
        by_hand(world, state="live")
        findings = doctor(studio)
        assert "was retracted, and its post is live" in str(findings[0].problem)
        assert repair(studio, findings) == ()
        assert {kept.state for kept in world.blog.kept.values()} == {"draft"}


def test_a_run_that_did_not_end_is_finished(world: World) -> None:
    world.clock.forward(days=1)
    with world.studio() as studio:
        findings = doctor(studio)
        assert "changes are not done yet" in str(findings[0].problem)
        assert repair(studio, findings) == ()
        check_public(studio, world.bucket, world.blog)


def test_live_audio_that_is_gone_everywhere_is_said(world: World) -> None:
    with world.studio() as studio:
        entry = live(studio)
        studio.bucket.remove(entry.master.file.key)
        studio.bucket.remove(audio_key(entry))
        left = repair(studio, doctor(studio))
        assert f"pillarcast replace {FIRST}" in " ".join(finding.mend for finding in left)


def test_a_lost_catalogue_is_one_finding(world: World) -> None:
    with world.studio() as studio:
        studio.bucket.remove(CATALOGUE)
        cures: list[Cure | None] = [finding.cure for finding in doctor(studio)]
        assert cures == [Recover()]


@pytest.fixture
def small_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (lines, packing):
        monkeypatch.setattr(module, "TOGETHER", 2)


def with_rows(studio: Studio, text: bytes | None = None) -> None:
    """The catalogue with cards that call every episode something else, and with another text of its entries."""
    catalogue = unpacked(studio.bucket.fetch(CATALOGUE)[0])
    pieces = [piece for _, piece in taken_apart(packed(catalogue, Lines()), 1_000_000)]
    of_entries = deflate(text) if text else pieces[-2]
    cards = tuple(card._replace(title="Something else") for card in catalogue.kept.cards)
    told = row_text(Row(of_entries, cards, tuple(map(stamp, catalogue.kept.kept))))
    (place,) = [place for place, piece in enumerate(pieces) if inflated(piece.deflated, 1_000_000)[0].startswith(b'"')]
    pieces[place], pieces[-2] = deflate(told), of_entries
    write_over(studio, CATALOGUE, stitch(pieces))


@pytest.mark.usefixtures("small_sheets")
def test_cards_that_say_something_else_than_the_entries_are_written_anew(world: World) -> None:
    with world.studio() as studio:
        with_rows(studio)
    with world.studio() as studio:
        assert {card.title for card in studio.store.load().catalogue.kept.cards} == {"Something else"}
        findings = doctor(studio)
        assert IndexAnew() in [finding.cure for finding in findings]
        assert repair(studio, findings) == ()
    with world.studio() as studio:
        catalogue = studio.store.load().catalogue
        assert not any(one.is_parsed for one in catalogue.kept.kept)
        assert [card.title for card in catalogue.kept.cards] == [one.episode.title for one in catalogue.entries]
        assert doctor(studio) == ()


@pytest.mark.usefixtures("small_sheets")
def test_entries_that_turn_out_to_be_none_are_brought_back(world: World) -> None:
    with world.studio() as studio:
        with_rows(studio, b"{},\n{}")
    with world.studio() as studio:
        assert len(studio.store.load().catalogue.entries) == 2
        findings = doctor(studio)
        assert [finding.cure for finding in findings] == [Recover()]
        assert repair(studio, findings) == ()
        check_public(studio, world.bucket, world.blog)


@dataclass
class SilentBlog(FakeBlog):
    def find(self, post: Post, ref: str = "") -> Standing | None:
        raise Unreachable(f"blog {self.name}", "cannot be reached", "Look whether it runs.")


def test_a_catalogue_of_a_newer_version_is_left_alone(world: World) -> None:
    """One machine of several is upgraded first: what it wrote is no harm, and nobody may go back behind it."""
    with world.studio() as studio:
        text = gzip.decompress(studio.bucket.fetch(CATALOGUE)[0])
        write_over(studio, CATALOGUE, gzip.compress(text[:-1] + b',"of_tomorrow":{"a":1}}'))
        for look_at_it in (studio.store.load, partial(doctor, studio), partial(publish, studio, Request())):
            with pytest.raises(Unsupported, match="by a newer pillarcast, which knows of_tomorrow"):
                look_at_it()
        assert b"of_tomorrow" in gzip.decompress(studio.bucket.fetch(CATALOGUE)[0])


def test_a_blog_that_does_not_answer_is_a_finding(world: World) -> None:
    world.blog = SilentBlog()
    with world.studio() as studio:
        assert [str(finding.problem) for finding in doctor(studio)] == [
            "blog fake: cannot be asked: cannot be reached. Look whether it runs."
        ]


def old_masters(world: World, studio: Studio) -> set[str]:
    """The queued episode gets other words three times, and each time a master; the versions forget the first ones."""
    keys = {queued(studio).master.file.key}
    for number in range(3):
        notes = world.place.episodes / f"{SECOND}.md"
        notes.write_text(NOTES.format(title=f"Title {number}", word="one"), "utf-8")
        ingest_all(studio, look(world.place.episodes), settle_s=0)
        entry = next(entry for entry in studio.store.load().catalogue.entries if entry.source == SECOND)
        keys.add(entry.master.file.key)
    for _ in range(KEPT):
        studio.store.change(lambda now: now.model_copy(update={"entries": tuple(reversed(now.entries))}))
    publish(studio, Request())
    return keys - {entry.master.file.key}


def test_old_masters_are_swept_after_a_month_and_nothing_else(world: World) -> None:
    with world.studio() as studio:
        old = old_masters(world, studio)
        assert len(old) == 3
        assert doctor(studio) == ()
        before = {stored.key for stored in studio.bucket.keys("")}
        world.clock.moment = datetime.now(UTC) + KEPT_FOR + timedelta(days=1)
        publish(studio, Request())
        after_a_month = {stored.key for stored in studio.bucket.keys("")}
        findings = doctor(studio)
        assert {finding.subject for finding in findings} == old
        assert all(finding.is_warning for finding in findings)
        assert repair(studio, findings) == ()
        assert {stored.key for stored in studio.bucket.keys("")} == after_a_month - old
        assert before - old <= after_a_month
        check_public(studio, world.bucket, world.blog)


@pytest.mark.parametrize("missing", ["recording", "entry"])
def test_a_master_that_could_not_be_made_again_is_never_swept(missing: str, world: World) -> None:
    with world.studio() as studio:
        old_masters(world, studio)
        world.clock.moment = datetime.now(UTC) + KEPT_FOR + timedelta(days=1)
        publish(studio, Request())
        entry = next(entry for entry in studio.store.load().catalogue.entries if entry.source == SECOND)
        if missing == "recording":
            studio.bucket.remove(entry.recording.key)
        else:
            kept = [one for one in studio.store.load().catalogue.entries if one.guid != entry.guid]
            studio.store.change(lambda now: now.model_copy(update={"entries": tuple(kept), "ledger": ()}))
        assert not list(find_unneeded(studio, studio.store.load().catalogue))


def test_what_a_kept_version_names_is_not_swept(world: World) -> None:
    with world.studio() as studio:
        first = queued(studio).master.file.key
        notes = world.place.episodes / f"{SECOND}.md"
        notes.write_text(NOTES.format(title="Another", word="one"), "utf-8")
        ingest_all(studio, look(world.place.episodes), settle_s=0)
        world.clock.moment = datetime.now(UTC) + KEPT_FOR + timedelta(days=1)
        assert first not in {entry.master.file.key for entry in studio.store.load().catalogue.entries}
        assert not list(find_unneeded(studio, studio.store.load().catalogue))


def test_notes_of_forgotten_uploads_are_swept(world: World) -> None:
    with world.studio() as studio:
        write_over(studio, "private/uploads/0123.json")
        assert doctor(studio) == ()
        world.clock.moment = datetime.now(UTC) + KEPT_FOR + timedelta(days=1)
        publish(studio, Request())
        findings = doctor(studio)
        assert [finding.subject for finding in findings] == ["private/uploads/0123.json"]
        assert repair(studio, findings) == ()
