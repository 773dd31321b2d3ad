"""Posts in the life of a show: edits by hand, articles, retractions, templates, and what `plan` says of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pillarcast.errors import NeedsOwner, Problem, SettingsError, Several
from pillarcast.model.catalogue import Catalogue
from pillarcast.model.overview import overview_of
from pillarcast.model.plan import Air, WritePost
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.ingest import ingest_all
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import Publication, publish
from pillarcast.pipeline.retracting import put_back, retract
from pillarcast.pipeline.studio import Studio
from pillarcast.wiring import check_outside
from tests.blog_support.fake import FakeBlog, Kept
from tests.blog_support.git_bed import GitBed, git
from tests.blog_support.pieces import entry
from tests.crash.world import room
from tests.show_support.place import MONDAY, Place, artwork

BLOG = '[[blog]]\nname = "fake"\nkind = "git"\nurl = "/nowhere"\n'
RUSH = "---\ntitle: Why job hunters rush\n---\nThey rush.\n"


@dataclass
class Desk:
    """A show with one blog in memory."""

    place: Place
    blog: FakeBlog = field(default_factory=lambda: FakeBlog("fake"))

    @property
    def articles(self) -> Path:
        return self.place.root / "articles"

    def write(self, name: str, text: str) -> Path:
        self.articles.mkdir(exist_ok=True)
        path = self.articles / f"{name}.md"
        path.write_text(text, "utf-8")
        return path

    @contextmanager
    def studio(self) -> Iterator[Studio]:
        with self.place.opened() as house:
            yield replace(house.studio, blogs=(self.blog,))

    def run(self, *overwrite: str) -> Publication:
        """What a run of the show does: take what lies there, publish what is due."""
        assert self.take() == ()
        with self.studio() as studio:
            return publish(studio, Request(overwrite=overwrite))

    def take(self) -> tuple[Problem, ...]:
        with self.studio() as studio:
            return ingest_all(studio, look_all(self.place.episodes, self.articles), settle_s=0)[1]

    def planned(self) -> list[str]:
        with self.studio() as studio:
            planned, _ = plan(studio, studio.store.load().catalogue, Request())
        return [
            f"{type(action).__name__} {action.title if isinstance(action, Air) else action.wanted.title}"
            for action in planned.actions
            if isinstance(action, Air | WritePost)
        ]

    @property
    def post(self) -> Kept:
        (kept,) = self.blog.kept.values()
        return kept

    def change_by_hand(self, **changes: str) -> None:
        self.blog.kept[self.post.ref] = replace(self.post, **changes)


@pytest.fixture
def desk() -> Iterator[Desk]:
    """On a disk in memory where there is one: a bucket syncs each of its writes."""
    with TemporaryDirectory(dir=room()) as root:
        yield Desk(Place(Path(root), more=BLOG))


def test_a_change_by_hand_stays_until_its_owner_says_overwrite(desk: Desk) -> None:
    desk.write("rush", RUSH)
    desk.run()
    desk.change_by_hand(body="My own words.")
    desk.write("rush", RUSH.replace("rush.", "hurry."))
    said = desk.run().problems
    assert [(problem.is_warning, "changed the post by hand" in problem.what) for problem in said] == [(True, True)]
    assert "--overwrite fake" in said[0].mend
    assert desk.run().problems == [], "it is said once for each change"
    assert desk.post.body == "My own words."
    assert desk.run("fake").problems == []
    assert "They hurry." in desk.post.body
    assert not desk.run().plan


def test_overwriting_writes_only_where_somebody_changed_something(desk: Desk) -> None:
    desk.write("rush", RUSH)
    desk.run()
    desk.blog.answers_to_lose = 1
    assert desk.run("fake").problems == [], "nothing was written, so no answer could get lost"
    assert desk.blog.answers_to_lose == 1


def test_overwriting_a_blog_that_is_not_there_is_told(desk: Desk) -> None:
    with pytest.raises(SettingsError, match=r"called fkae.*There are: fake"):
        desk.run("fkae")


def test_a_post_that_its_owner_took_back_stays_a_draft(desk: Desk) -> None:
    desk.write("rush", RUSH)
    desk.run()
    desk.change_by_hand(state="draft")
    desk.write("rush", RUSH.replace("rush.", "hurry."))
    assert "back to a draft by hand" in desk.run().problems[0].what
    assert desk.post.state == "draft"
    assert desk.run("fake").problems == []
    assert desk.post.state == "live"


@pytest.mark.parametrize(("state", "words"), [("bin", "in the bin"), ("gone", "is gone")])
def test_what_its_owner_threw_away_is_not_made_again(desk: Desk, state: str, words: str) -> None:
    desk.write("rush", RUSH)
    desk.run()
    if state == "gone":
        desk.blog.kept.clear()
    else:
        desk.change_by_hand(state=state)
    desk.write("rush", RUSH.replace("rush.", "hurry."))
    assert words in desk.run().problems[0].what
    assert words in desk.run("fake").problems[0].what, "not even then"
    assert [kept.state for kept in desk.blog.kept.values()] == ([] if state == "gone" else ["bin"])


def test_a_retracted_article_leaves_blog_page_and_feed_and_does_not_come_back(desk: Desk) -> None:
    desk.write("rush", RUSH)
    desk.run()
    with desk.studio() as studio:
        page, feed = (studio.addresses.of(f"public/{key}") for key in ("articles/why-job-hunters-rush", "blog.xml"))
        assert (studio.public.head(page).status, studio.public.head(feed).status) == (200, 200)
        retract(studio, "why-job-hunters-rush")
    assert desk.planned() == ["WritePost Why job hunters rush"]
    for _ in range(2):
        desk.run()
        assert desk.post.state == "draft"
        with desk.studio() as studio:
            assert studio.public.head(page).status == 404
            assert studio.public.head(feed).status == 404
    with desk.studio() as studio, pytest.raises(NeedsOwner, match="no episode and no article goes by that name"):
        retract(studio, "nothing")


def test_a_retraction_is_undone_with_the_same_post(desk: Desk) -> None:
    desk.write("rush", RUSH)
    desk.run()
    (ref,) = desk.blog.kept
    with desk.studio() as studio:
        with pytest.raises(NeedsOwner, match="is not retracted"):
            put_back(studio, "rush")
        page = studio.addresses.of("public/articles/why-job-hunters-rush")
        retract(studio, "rush")
    desk.run()
    with desk.studio() as studio:
        put_back(studio, "rush")
    for _ in range(2):
        desk.run()
        assert {ref: kept.state for ref, kept in desk.blog.kept.items()} == {ref: "live"}
        with desk.studio() as studio:
            assert studio.public.head(page).status == 200


def test_a_retracted_article_is_not_taken_in_silence_under_its_name_or_with_its_words(desk: Desk) -> None:
    path = desk.write("rush", RUSH)
    desk.run()
    with desk.studio() as studio:
        retract(studio, "rush")
    desk.write("rush", RUSH.replace("rush.", "hurry."))
    assert "which was retracted" in refusals(desk)[0].what
    desk.write("again", RUSH)
    path.unlink()
    assert "which was retracted" in refusals(desk)[0].what
    desk.write("again", RUSH.replace("rush.", "hurry."))
    desk.run()
    assert [kept.state for kept in desk.blog.kept.values()] == ["draft", "live"]


def test_an_article_that_waits_is_taken_out_of_the_queue_and_comes_back_under_another_name(desk: Desk) -> None:
    path = desk.write("rush", RUSH.replace("---\nThey", "publish_at: 2030-01-01 06:00\n---\nThey"))
    desk.run()
    with desk.studio() as studio:
        retract(studio, "rush")
    desk.run()
    path.rename(path.with_name("later.md"))
    with desk.studio() as studio:
        assert studio.store.load().catalogue.articles[0].retracted_at is not None
    desk.run()
    with desk.studio() as studio:
        (article,) = studio.store.load().catalogue.articles
    assert (article.source, article.retracted_at) == ("later", None)


def test_the_same_words_under_another_name_are_no_second_article(desk: Desk) -> None:
    first = desk.write("rush", RUSH)
    desk.run()
    copy = desk.write("copy", RUSH.replace("title: Why", "title: Once more, why"))
    assert "the same words as rush.md" in refusals(desk)[0].what
    assert desk.post.title == "Why job hunters rush"
    first.unlink()
    desk.run()
    assert desk.post.title == "Once more, why job hunters rush", "a rename, and an edit of its title"
    copy.write_text(RUSH.replace("rush.", "hurry."), "utf-8")
    desk.run()
    assert desk.post.title == "Why job hunters rush"
    assert "They hurry." in desk.post.body


def test_an_article_may_lie_in_episodes_but_not_beside_a_recording(desk: Desk) -> None:
    notes = desk.place.episodes / "rush.md"
    notes.write_text(RUSH.replace("---\nThey", "type: article\n---\nThey"), "utf-8")
    desk.run()
    assert desk.post.title == "Why job hunters rush"
    desk.place.drop("rush", seconds=1)
    assert "the recording rush.wav lies beside it" in " ".join(map(str, refusals(desk)))


def test_an_article_without_words_is_refused(desk: Desk) -> None:
    desk.write("rush", "---\ntitle: Why job hunters rush\n---\n\n")
    assert "without words" in refusals(desk)[0].what


def refusals(desk: Desk) -> tuple[Problem, ...]:
    problems = desk.take()
    assert problems
    return problems


def test_an_article_waits_for_its_hour_and_the_plan_says_what_will_happen(desk: Desk) -> None:
    desk.write("rush", RUSH.replace("---\nThey", "publish_at: 2026-06-02 06:00\n---\nThey"))
    desk.run()
    assert desk.blog.kept == {}
    assert desk.planned() == []
    desk.place.clock.moment = MONDAY + timedelta(days=1)
    assert desk.planned() == ["Air Why job hunters rush", "WritePost Why job hunters rush"]
    desk.run()
    assert desk.post.post is not None
    assert desk.post.post.published_at.isoformat() == "2026-06-02T10:00:00+00:00"
    assert desk.planned() == []


def test_an_article_whose_hour_is_taken_out_of_its_notes_is_due_at_once(desk: Desk) -> None:
    desk.write("rush", RUSH.replace("---\nThey", "publish_at: 2030-01-01 06:00\n---\nThey"))
    desk.run()
    desk.write("rush", RUSH)
    desk.run()
    assert desk.post.state == "live"
    assert desk.post.post is not None
    assert desk.post.post.published_at == MONDAY


def test_an_episode_and_an_article_of_one_title_have_addresses_of_their_own(desk: Desk) -> None:
    desk.place.drop("041", RUSH, seconds=1)
    desk.write("rush", RUSH)
    desk.run()
    desk.place.clock.forward(days=7)
    assert desk.run().problems == []
    slugs = {kept.slug for kept in desk.blog.kept.values() if kept.state == "live"}
    assert len(slugs) == 2
    assert "why-job-hunters-rush" in slugs


def test_the_note_follows_the_queue_and_goes_when_nothing_is_queued(desk: Desk) -> None:
    desk.write("rush", RUSH)
    desk.run()
    assert "speaks about" not in desk.post.body
    queued = entry("numbers", "Numbers on a resume", MONDAY + timedelta(days=3), is_live=False)
    for title in ("Numbers on a resume", "The first call"):
        queued = queued.model_copy(update={"episode": queued.episode.model_copy(update={"title": title})})
        with desk.studio() as studio:
            studio.store.change(partial(Catalogue.with_entry, changed=queued))
        assert desk.planned() == ["WritePost Why job hunters rush"]
        desk.run()
        assert f"speaks about “{title}”" in desk.post.body
    with desk.studio() as studio:
        studio.store.change(lambda catalogue: catalogue.model_copy(update={"entries": ()}))
    assert desk.planned() == ["WritePost Why job hunters rush"]
    desk.run()
    assert "speaks about" not in desk.post.body


def test_the_picture_of_an_article_has_its_own_words(desk: Desk) -> None:
    desk.write("rush", RUSH.replace("---\nThey", "image_alt: A hare\n---\nThey"))
    (desk.articles / "rush.jpg").write_bytes(artwork(1400, "#aa3311"))
    desk.run()
    assert desk.post.post is not None
    assert desk.post.post.artwork is not None
    assert desk.post.post.artwork.alt == "A hare"
    with desk.studio() as studio:
        page = studio.public.get(studio.addresses.of("public/articles/why-job-hunters-rush")).body.decode()
    assert 'alt="A hare"' in page


def test_a_slip_in_a_template_is_told_by_check_before_a_post_needs_it(desk: Desk) -> None:
    templates = desk.place.root / "templates"
    templates.mkdir()
    (templates / ".DS_Store").write_bytes(b"\xff\xfe")
    (templates / "post.html").write_text("<p>{{ post.titel }}</p>", "utf-8")
    with desk.place.opened() as house:
        said = [str(problem) for problem in check_outside(house) if "templates/post.html" in problem.subject]
    assert len(said) == 1
    assert "titel" in said[0]
    (templates / "post.html").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"templates/post\.html: is not UTF-8"), desk.studio():
        pass


def test_two_blogs_of_one_name_are_refused(desk: Desk) -> None:
    desk.place.more = BLOG * 2
    desk.place.write_show()
    with pytest.raises((SettingsError, Several), match="two blogs are called 'fake'"), desk.studio():
        pass


def test_status_names_an_article_that_waits_for_its_hour(desk: Desk) -> None:
    desk.write("rush", RUSH.replace("---\nThey", "publish_at: 2026-06-02 06:00\n---\nThey"))
    for waiting in (["Why job hunters rush"], []):
        desk.run()
        with desk.studio() as studio:
            seen = overview_of(studio.show, studio.store.load().catalogue, studio.addresses, studio.clock.now())
        assert [line.title for line in seen.articles] == waiting
        desk.place.clock.forward(days=1)


def test_each_blog_has_the_layout_that_its_owner_gave_it(desk: Desk, tmp_path: Path) -> None:
    beds = [GitBed(tmp_path / name, "hugo") for name in ("plain", "short")]
    table = '[[blog]]\nname = "{0}"\nkind = "git"\nurl = "{1}"\ntemplate = "{0}.html"\n'
    desk.place.more = "".join(table.format(bed.folder.name, bed.place) for bed in beds)
    desk.place.write_show()
    templates = desk.place.root / "templates"
    templates.mkdir()
    (templates / "plain.html").write_text('{% import kind ~ ".html" as engine %}{{ engine.prose(post) }}', "utf-8")
    (templates / "short.html").write_text("<p>Read {{ post.title }} on the page of the show.</p>", "utf-8")
    desk.write("rush", RUSH)
    desk.take()
    with desk.place.opened() as house:
        assert publish(house.studio, Request()).problems == []
    plain, short = (git(bed.place, "show", "main:content/posts/why-job-hunters-rush.md") for bed in beds)
    assert "They rush." in plain
    assert "Read Why job hunters rush on the page of the show." in short
    assert "They rush." not in short.rpartition("---")[2]
    (templates / "short.html").write_text("<p>Listen to {{ post.title }}.</p>", "utf-8")
    with desk.place.opened() as house:
        assert publish(house.studio, Request()).problems == []
    assert "Listen to Why job hunters rush." in git(beds[1].place, "show", "main:content/posts/why-job-hunters-rush.md")
    assert [bed.commits() for bed in beds] == [2, 3], "the other blog is left as it was"
