"""What every blog keeps, fake or real: the same tests run against all of them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol

import pytest

from pillarcast.errors import NeedsOwner, TryAgain
from pillarcast.model.base import digest
from pillarcast.model.post import Post, PostArtwork
from pillarcast.ports import Blog
from tests.blog_support.web import picture, public_artwork

_numbers = count(1)
HOSTILE = (
    "<p>[gallery] [audio src='x'] {{ site.title }} {% raw %} {{&lt; youtube x &gt;}} https://example.com/watch?a[]=1 "
    '<a href="https://example.com/?q[]={{x}}">a link</a> &lt;script&gt; wp:paragraph &amp; \\backslash\\ :-)</p>'
    "<table><tbody><tr><td>cell</td></tr></tbody></table>"
)
SHOWN = "[gallery]"
LONG_TITLE = ("Ünïcode 🎙️ שלום مرحبا & <live> " * 12)[:255]


class Bed(Protocol):
    """A blog of a test, and a look behind its interface. `key` is a post's key."""

    def blog(self, **target: Any) -> Blog: ...
    def public(self, post: Post) -> int:
        """How many posts with the key are public, counted in the engine."""

    def any_state(self, post: Post) -> int:
        """How many posts with the key there are, drafts and bin included."""

    def media(self, sha256: str) -> int: ...
    def page(self, post: Post, url: str) -> str:
        """What a reader gets, as HTML; rendered by the engine."""

    def published_at(self, post: Post) -> datetime: ...
    def edit_by_hand(self, post: Post) -> None: ...
    def change_summary(self, post: Post) -> None:
        """By hand, in the engine's own field for it."""

    def bin(self, post: Post) -> None: ...
    def leave_draft_behind(self, post: Post) -> None:
        """As a run does that dies when it has made its draft, while another one goes on."""

    def foreign_post(self, slug: str) -> None: ...
    def take_marker_out(self, post: Post) -> None:
        """By hand; title and words stay."""


def a_post(artwork: PostArtwork | None = None, **changes: Any) -> Post:
    """A post with an address of its own, so that tests can share an engine."""
    number = next(_numbers)
    slug = f"{changes.pop('slug', 'social-media')}-no{number}x"
    values: dict[str, Any] = {
        "key": f"pillarcast-{digest(slug)}",
        "slug": slug,
        "title": "Social media for your career",
        "summary": "Ada asks Max.",
        "body_html": "<p>Bring <strong>numbers</strong>.</p>",
        "published_at": datetime(2026, 6, 4, 10, tzinfo=UTC),
        "canonical_url": f"https://media.example.com/episodes/{slug}",
        "audio_url": "https://media.example.com/media/abc/talk.mp3",
        "audio_type": "audio/mpeg",
        "audio_length_bytes": 1000,
        "duration_s": 2400.0,
        "artwork": artwork,
        "tags": ("Careers", "R&D"),
        "links": (("Transcript", "https://media.example.com/media/abc/talk.vtt"),),
    }
    return Post(**(values | changes))


@pytest.fixture(scope="session")
def artwork() -> Iterator[PostArtwork]:
    with public_artwork(picture("of every post")) as served:
        yield served


class BlogContract:
    """Subclasses bring the fixture `bed`."""

    def test_nothing_is_found_where_nothing_stands(self, bed: Bed) -> None:
        assert bed.blog().find(a_post()) is None

    def test_a_post_is_made_once_and_live(self, bed: Bed, artwork: PostArtwork) -> None:
        blog, post = bed.blog(), a_post(artwork)
        standing = blog.put(post, blog.find(post))
        assert standing.is_live
        assert blog.find(post) == standing
        again = blog.put(post, standing)
        assert (again.ref, again.digest) == (standing.ref, standing.digest)
        assert (bed.public(post), bed.any_state(post)) == (1, 1)

    def test_its_page_has_player_notes_links_and_no_marker_in_sight(self, bed: Bed, artwork: PostArtwork) -> None:
        blog, post = bed.blog(), a_post(artwork)
        page = bed.page(post, blog.put(post, None).url)
        assert post.audio_url in page
        assert "<strong>numbers</strong>" in page
        assert "talk.vtt" in page
        assert f">{post.key}" not in page

    def test_the_caller_need_not_know_what_stands(self, bed: Bed) -> None:
        post = a_post()
        first = bed.blog().put(post, None)
        assert bed.blog().put(post, None).ref == first.ref
        assert bed.any_state(post) == 1

    def test_an_edit_changes_the_post_in_place(self, bed: Bed) -> None:
        blog, post = bed.blog(), a_post()
        first = blog.put(post, None)
        edited = post.model_copy(update={"title": "Another title", "body_html": "<p>Other words.</p>"})
        second = blog.put(edited, first)
        assert (second.ref, second.url, second.is_live) == (first.ref, first.url, True)
        assert second.digest != first.digest
        page = bed.page(edited, second.url)
        assert "Other words." in page
        assert "Another title" in page
        assert bed.any_state(post) == 1

    def test_a_retracted_post_is_a_draft_and_comes_back_by_its_id(self, bed: Bed) -> None:
        blog, post = bed.blog(), a_post()
        first = blog.put(post, None)
        withdrawn = blog.withdraw(first)
        assert not withdrawn.is_live
        assert bed.public(post) == 0
        assert blog.withdraw(withdrawn).ref == first.ref
        found = blog.find(post)
        assert found is not None
        assert not found.is_live
        assert blog.put(post, found).ref == first.ref
        assert (bed.public(post), bed.any_state(post)) == (1, 1)

    @pytest.mark.parametrize("what", ["edit_by_hand", "change_summary"])
    def test_an_edit_by_hand_is_seen(self, bed: Bed, what: str) -> None:
        blog, post = bed.blog(), a_post()
        first = blog.put(post, None)
        getattr(bed, what)(post)
        found = blog.find(post)
        assert found is not None
        assert found.ref == first.ref
        assert found.digest != first.digest

    def test_a_post_whose_marker_was_taken_out_is_known_by_its_receipt(self, bed: Bed) -> None:
        blog, post = bed.blog(), a_post()
        first = blog.put(post, None)
        bed.take_marker_out(post)
        assert blog.find(post) is None
        found = blog.find(post, first.ref)
        assert found is not None
        assert (found.ref, found.is_live) == (first.ref, True)
        assert found.digest != first.digest, "it was changed by hand"
        assert blog.put(post, found).ref == first.ref, "told to overwrite, it is the same post again"
        assert blog.find(post) is not None
        assert (bed.public(post), bed.any_state(post)) == (1, 1)

    def test_a_target_of_drafts_leaves_the_last_step_to_the_owner(self, bed: Bed) -> None:
        blog, post = bed.blog(status="draft"), a_post()
        standing = blog.put(post, None)
        assert not standing.is_live
        assert not blog.put(post, standing).is_live
        assert (bed.public(post), bed.any_state(post)) == (0, 1)
        assert bed.blog().put(post, standing).is_live, "the owner publishes it"
        assert blog.put(post, None).is_live, "and an edit does not take it back"

    def test_hostile_notes_are_shown_and_nothing_in_them_runs(self, bed: Bed) -> None:
        blog, post = bed.blog(), a_post(body_html=HOSTILE)
        page = bed.page(post, blog.put(post, None).url)
        shown = html.unescape(page)
        assert SHOWN in shown
        assert "{{ site.title }} {% raw %}" in shown
        assert re.search("<td[^>]*>cell</td>", page)
        assert "\\backslash\\" in page

    def test_titles_of_255_characters_in_any_script(self, bed: Bed) -> None:
        blog, post = bed.blog(), a_post(title=LONG_TITLE)
        page = bed.page(post, blog.put(post, None).url)
        assert "<live>" not in page
        assert "🎙️ שלום مرحبا & <live>" in html.unescape(page)

    def test_right_to_left_words_and_emoji_stay_as_they_are(self, bed: Bed) -> None:
        words = "שלום, הנה 3 מספרים 🎙️👩🏽‍💻 مرحبا بالعالم"
        post = a_post(body_html=f"<p>{words}</p>", summary=words, tags=("קריירה", "مهنة"))
        standing = bed.blog().put(post, None)
        assert words in html.unescape(bed.page(post, standing.url))
        assert bed.blog().find(post) == standing

    def test_slugs_are_kept_as_asked(self, bed: Bed) -> None:
        post = a_post(slug="a" * 60)
        standing = bed.blog().put(post, None)
        assert post.slug in (standing.url or standing.ref)

    @pytest.mark.parametrize(
        "moment",
        [
            datetime(2025, 3, 9, 6, 59, 59, tzinfo=UTC),
            datetime(2025, 3, 9, 7, 0, tzinfo=UTC),
            datetime(2025, 11, 2, 5, 30, tzinfo=UTC),
            datetime(2025, 11, 2, 6, 30, tzinfo=UTC),
            datetime(2009, 2, 13, 23, 31, 30, tzinfo=UTC),
            datetime.now(UTC).replace(microsecond=0),
        ],
        ids=["before spring", "in the gap", "first of twice", "second of twice", "long past", "just now"],
    )
    def test_the_date_is_the_slot(self, bed: Bed, moment: datetime) -> None:
        post = a_post(published_at=moment)
        assert bed.blog().put(post, None).is_live
        assert bed.published_at(post) == moment

    def test_two_runs_at_once_make_one_post(self, bed: Bed, artwork: PostArtwork) -> None:
        post = a_post(artwork)

        def run(_number: int) -> None:
            with suppress(TryAgain):
                bed.blog().put(post, None)

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(run, range(3)))
        blog = bed.blog()
        standing = blog.put(post, blog.find(post))
        assert standing.is_live
        assert post.slug in (standing.url or standing.ref)
        assert (bed.public(post), bed.any_state(post)) == (1, 1)

    def test_a_sound_set_up_has_no_problem(self, bed: Bed) -> None:
        assert [problem for problem in bed.blog().check() if not problem.is_warning] == []


class MediaContract:
    """Of engines that keep pictures of their own; the others show the one in the bucket."""

    def test_a_picture_is_uploaded_once(self, bed: Bed) -> None:
        with public_artwork(picture("shared by two posts")) as shared:
            blog = bed.blog()
            for post in (a_post(shared), a_post(shared)):
                blog.put(post, blog.put(post, None))
            assert bed.media(shared.sha256) == 1


class DraftContract:
    """Of engines in which two posts may have the same marker."""

    def test_a_draft_that_a_run_left_behind_goes_and_the_live_post_stays(self, bed: Bed) -> None:
        """Two at once: one died when it had made its draft, and before it looked for others."""
        post = a_post()
        first = bed.blog().put(post, None)
        bed.leave_draft_behind(post)
        assert (bed.public(post), bed.any_state(post)) == (1, 2)
        again = bed.blog().put(post.model_copy(update={"title": "Another"}), first)
        assert (again.ref, bed.public(post), bed.any_state(post)) == (first.ref, 1, 1)


class AddressContract:
    """Of engines where we choose the address."""

    def test_somebody_elses_post_is_left_alone(self, bed: Bed) -> None:
        post = a_post()
        bed.foreign_post(post.slug)
        assert bed.blog().find(post) is None
        with pytest.raises(NeedsOwner, match=post.slug):
            bed.blog().put(post, None)
        assert bed.any_state(post) == 0

    def test_without_marker_and_receipt_no_second_post_is_made(self, bed: Bed) -> None:
        post = a_post()
        bed.blog().put(post, None)
        bed.take_marker_out(post)
        with pytest.raises(NeedsOwner, match=post.slug):
            bed.blog().put(post, None)
        assert bed.any_state(post) == 0, "what stands there has no marker, and nothing stands beside it"


class BinContract:
    """Of engines that keep what their owner threw away; elsewhere only the caller's record tells of it."""

    def test_what_the_owner_binned_is_not_made_again(self, bed: Bed) -> None:
        blog, post = bed.blog(), a_post()
        blog.put(post, None)
        bed.bin(post)
        found = blog.find(post)
        assert found is not None
        assert found.is_binned
        assert blog.put(post, found).is_binned
        assert blog.withdraw(found).is_binned
        assert bed.public(post) == 0
