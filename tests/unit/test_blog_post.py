"""Posts: what stands in them, and when they have to be written again."""

from __future__ import annotations

import pytest

from pillarcast.errors import SettingsError
from pillarcast.model.show import BlogTarget, Note
from pillarcast.model.view import View
from pillarcast.render.post import article_post_of, post_inputs, post_of
from pillarcast.render.post_body import PostTemplates
from tests.blog_support.pieces import NEXT_THURSDAY, week

HOSTILE = "Say [gallery] and {{ site.secret }} and {% include x %} <script>alert(1)</script> <!-- wp:more -->"
SUBSCRIBE = (
    ("Apple Podcasts", "https://podcasts.apple.com/us/podcast/id1"),
    ("Spotify", "https://open.spotify.com/show/1"),
    ("RSS feed", "https://media.example.com/feed.xml"),
)
KINDS = ("wordpress", "ghost", "git", "micropub")


def target(kind: str = "wordpress", **fields) -> BlogTarget:
    return BlogTarget(name="blog", kind=kind, **fields)


def test_a_sentence_among_the_tags_keeps_no_engine_from_taking_the_post() -> None:
    view = week(is_thursday_live=True)
    first = view.episodes[0]
    own = first.episode.model_copy(update={"tags": ("words " * 40, "careers")})
    tags = post_of(view, first.model_copy(update={"episode": own}), b"").tags
    assert max(map(len, tags)) <= 190
    assert "careers" in tags


def hostile_body(kind: str) -> str:
    view = week(is_thursday_live=True)
    return PostTemplates().body(kind, "post.html", post_of(view, view.episodes[0], HOSTILE.encode()))


def test_an_episodes_post_has_everything_that_a_reader_wants() -> None:
    view = week(is_thursday_live=True)
    post = post_of(view, view.episodes[0], b"Bring **numbers**.")
    assert "<strong>numbers</strong>" in post.body_html
    assert '#t=754">12:34</a> Numbers &amp; &lt;facts&gt;' in post.body_html
    assert "Max Lane speaks about “The first call”" in post.body_html
    assert post.tags == ("Resumes", "careers", "Podcast")
    assert [label for label, _ in post.links][1:] == ["Transcript"], "the note above has the others"
    assert all(url in post.body_html for _, url in SUBSCRIBE)
    assert post.artwork is not None
    assert post.artwork.sha256 == view.artwork.sha256


def test_without_a_note_the_links_to_subscribe_stand_below() -> None:
    view = week(is_thursday_live=True)
    show = view.show.model_copy(update={"programming_note": Note(enabled=False)})
    post = post_of(view.model_copy(update={"show": show}), view.episodes[0], b"Bring **numbers**.")
    assert post.links[2:] == SUBSCRIBE
    own = Note(upcoming="{{ who }} comes.")
    shown = view.model_copy(update={"show": view.show.model_copy(update={"programming_note": own})})
    assert post_of(shown, view.episodes[0], b"").links[2:] == SUBSCRIBE, "or a note that does not have them"


def test_the_articles_note_turns_into_a_link_when_the_episode_is_live() -> None:
    before, after = (article_post_of(view, view.articles[0], b"Slow down.") for view in map_week(is_live=(False, True)))
    assert "Thursday, June 4" in before.body_html
    assert 'href="https://media.example.com/episodes/resume-numbers"' in after.body_html
    assert before.key == after.key


def map_week(is_live: tuple[bool, ...]) -> tuple[View, ...]:
    return tuple(week(is_thursday_live=is_thursday) for is_thursday in is_live)


def test_inputs_change_with_the_queue_and_only_with_what_the_post_shows() -> None:
    view = week(is_thursday_live=True)
    episode = view.episodes[0]
    before = post_inputs(view, episode, target())
    assert view.upcoming is not None
    moved = view.model_copy(update={"upcoming": view.upcoming.model_copy(update={"title": "Another guest"})})
    assert post_inputs(moved, episode, target()) != before
    assert post_inputs(view, episode, target(tags=("New",))) != before
    assert post_inputs(view, episode, target(), PostTemplates({"post.html": "x"})) != before
    later = episode.model_copy(
        update={"guid": "z", "slug": "z", "page_url": "https://z", "published_at": NEXT_THURSDAY}
    )
    aired = view.model_copy(update={"episodes": (later, episode), "upcoming": None})
    linked = post_inputs(aired, episode, target())
    other_queue = aired.model_copy(update={"upcoming": view.upcoming})
    assert post_inputs(other_queue, episode, target()) == linked, "once its successor is live a post stays as it is"


@pytest.mark.parametrize("kind", KINDS)
def test_every_body_carries_the_key_and_nothing_that_runs(kind: str) -> None:
    body = hostile_body(kind)
    assert "pillarcast-" in body
    assert "<script" not in body
    assert "wp:more" not in body


def test_shortcodes_and_braces_are_harmless_where_they_would_run() -> None:
    assert "[gallery]" not in hostile_body("wordpress")
    assert "&#91;gallery&#93;" in hostile_body("wordpress")
    assert "{{" not in hostile_body("git")
    assert "{%" not in hostile_body("git")


def test_the_owners_template_wins_and_cannot_lose_the_key() -> None:
    view = week(is_thursday_live=True)
    post = post_of(view, view.episodes[0], b"Notes.")
    body = PostTemplates({"post.html": "<p>{{ post.title }}</p>"}).body("wordpress", "post.html", post)
    assert body.startswith("<p>Numbers on a resume</p>")
    assert post.key in body


def test_a_template_that_is_missing_or_broken_is_told_by_name() -> None:
    view = week(is_thursday_live=True)
    post = post_of(view, view.episodes[0], b"Notes.")
    with pytest.raises(SettingsError, match=r"mine\.html is not in templates/"):
        PostTemplates().body("wordpress", "mine.html", post)
    with pytest.raises(SettingsError, match=r"templates/post\.html: line 1"):
        PostTemplates({"post.html": "{% if %}"}).body("wordpress", "post.html", post)
