"""WordPress as it really is: the oldest that we support on MariaDB, and the newest of Debian on SQLite."""

from __future__ import annotations

import pytest
import requests

from pillarcast.adapters import wordpress
from pillarcast.adapters.wordpress import WordPress
from pillarcast.errors import AccessDenied
from pillarcast.model.post import PostArtwork
from pillarcast.model.show import BlogTarget
from tests.blog_support.contract import (
    AddressContract,
    BinContract,
    BlogContract,
    DraftContract,
    MediaContract,
    a_post,
    artwork,
)
from tests.blog_support.engines import Engines, engine_params
from tests.blog_support.wordpress_bed import WordPressBed

pytestmark = pytest.mark.real
__all__ = ["artwork"]


@pytest.fixture(scope="module", params=engine_params("WordPress 6.1", "WordPress 7.1"))
def bed(request: pytest.FixtureRequest, engines: Engines) -> WordPressBed:
    return engines.bed(request.param)


class TestWordPress(BlogContract, DraftContract, MediaContract, AddressContract, BinContract):
    """As an author: nobody needs to hand out more than that role."""


def test_an_author_may_post_all_of_it(bed: WordPressBed, artwork: PostArtwork) -> None:
    post = a_post(artwork)
    url = bed.blog().put(post, None).url
    page = requests.get(url, timeout=30).text
    assert '<figure class="wp-block-audio"><audio controls src=' in page
    assert "<br />\n<p>" not in page
    assert bed.featured_alt(post) == "A blue square"
    assert bed.terms(post, "post_tag") == {"Careers", "R&amp;D"}
    assert bed.field(post, "post_excerpt") == "Ada asks Max."


def test_an_editor_makes_missing_categories_and_may_write_for_others(bed: WordPressBed) -> None:
    post = a_post()
    bed.blog(user="editor", category=("Interviews & more",), author="author").put(post, None)
    assert bed.terms(post, "category") == {"Interviews &amp; more"}
    assert bed.field(post, "post_author") == bed.site.ask("SELECT ID FROM wp_users WHERE user_login = 'author'")[0][0]


def test_check_warns_of_a_category_that_an_author_cannot_make(bed: WordPressBed) -> None:
    problems = bed.blog(category=("Not there yet",)).check()
    assert [(problem.is_warning, "Not there yet" in problem.what) for problem in problems] == [(True, True)]


@pytest.mark.parametrize(
    ("user", "password", "what"),
    [
        ("author", "wrong", "Compare user name and application password"),
        ("nobody", "wrong", "Compare user name and application password"),
        ("contributor", None, "role Author"),
    ],
)
def test_check_names_the_mend(bed: WordPressBed, user: str, password: str | None, what: str) -> None:
    target = BlogTarget(name="main", kind="wordpress", url=bed.site.url, user=user, category=())
    problems = WordPress(target, password or bed.site.passwords[user]).check()
    assert what in problems[0].mend


def test_wrong_credentials_are_never_taken_for_a_blog_without_the_post(bed: WordPressBed) -> None:
    target = BlogTarget(name="main", kind="wordpress", url=bed.site.url, user="author")
    with pytest.raises(AccessDenied, match="Compare user name and application password"):
        WordPress(target, "wrong").find(a_post())


def test_a_contributor_is_told_and_nothing_goes_live(bed: WordPressBed) -> None:
    post = a_post()
    with pytest.raises(AccessDenied, match="role Author"):
        bed.blog(user="contributor").put(post, None)
    assert bed.public(post) == 0


def test_a_post_of_another_account_is_not_made_a_second_time(bed: WordPressBed) -> None:
    post = a_post()
    bed.blog(user="admin").put(post, None)
    with pytest.raises(AccessDenied, match="may not edit it"):
        bed.blog(user="author").put(post, None)
    assert bed.any_state(post) == 1


def test_a_post_that_another_run_makes_between_two_looks_is_taken_for_ours(
    bed: WordPressBed, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = a_post()
    first = bed.blog().put(post, None)
    monkeypatch.setattr(wordpress, "ours", lambda *_args: ())
    again = bed.blog().put(post.model_copy(update={"title": "Another"}), None)
    assert (again.ref, bed.any_state(post)) == (first.ref, 1)


def test_the_owners_own_copy_of_a_post_is_left_alone(bed: WordPressBed) -> None:
    post = a_post()
    blog = bed.blog(user="editor")
    first = blog.put(post, None)
    bed.copy_as_owner(post)
    assert blog.put(post.model_copy(update={"title": "Edited"}), first).ref == first.ref
    assert (bed.public(post), bed.any_state(post)) == (1, 2)


def test_no_password_is_in_any_message(bed: WordPressBed) -> None:
    target = BlogTarget(name="main", kind="wordpress", url=bed.site.url, user="author")
    problems = WordPress(target, "tall-secret-word").check()
    assert "tall-secret-word" not in " ".join(map(str, problems))


@pytest.mark.parametrize("slug", ["feed", "2024"])
def test_an_address_that_wordpress_keeps_for_itself_gets_its_number_and_one_post(bed: WordPressBed, slug: str) -> None:
    blog, post = bed.blog(), a_post().model_copy(update={"slug": slug})
    standing = blog.put(post, blog.find(post))
    assert standing.is_live
    assert standing.url.endswith(f"/{slug}-2/")
    again = blog.put(post.model_copy(update={"title": "Another"}), blog.find(post, standing.ref))
    assert (again.ref, again.url, bed.any_state(post)) == (standing.ref, standing.url, 1)
