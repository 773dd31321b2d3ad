"""A static site in git keeps the contract, in the front matter of each generator; git itself is real here."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from pillarcast.adapters.git_repository import GitRepository
from pillarcast.adapters.git_site import GitSite
from pillarcast.errors import AccessDenied
from pillarcast.model.post import PostArtwork
from pillarcast.model.show import BlogTarget
from tests.blog_support.contract import AddressContract, BinContract, BlogContract, a_post, artwork
from tests.blog_support.git_bed import GitBed, git

__all__ = ["artwork"]


@pytest.fixture(params=["hugo", "pelican"])
def bed(request: pytest.FixtureRequest, tmp_path: Path) -> GitBed:
    return GitBed(tmp_path / "git", request.param)


@pytest.fixture
def hugo(tmp_path: Path) -> GitBed:
    return GitBed(tmp_path / "git", "hugo")


class TestGitSite(BlogContract, AddressContract, BinContract):
    pass


def test_front_matter_says_all_that_a_theme_may_want(hugo: GitBed, artwork: PostArtwork) -> None:
    post = a_post(artwork)
    hugo.blog(tags=("careers", "Site"), author="Ada").put(post, None)
    front = yaml.safe_load(hugo.file(post).split("---\n")[1])
    assert front["date"] == "2026-06-04T10:00:00+00:00"
    assert front["tags"] == ["careers", "R&D", "Site"]
    assert (front["categories"], front["author"]) == (["Podcast"], "Ada")
    assert (front["image"], front["image_alt"]) == (artwork.url, "A blue square")
    assert (front["audio_length"], front["duration"]) == (1000, 2400)


def test_what_stands_already_makes_no_commit(hugo: GitBed) -> None:
    blog, post = hugo.blog(), a_post()
    blog.put(post, None)
    before = hugo.commits()
    blog.put(post, None)
    assert hugo.commits() == before


def test_a_file_that_the_owner_moved_is_changed_where_it_is(hugo: GitBed) -> None:
    blog, post = hugo.blog(), a_post()
    blog.put(post, None)
    hugo.move(post, "content/moved.html")
    standing = blog.put(post.model_copy(update={"title": "Another"}), None)
    assert standing.ref == "content/moved.html"
    assert hugo.any_state(post) == 1


def test_the_first_post_of_an_empty_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "empty.git")
    target = BlogTarget(name="site", kind="git", url=str(tmp_path / "empty.git"))
    post = a_post()
    assert GitSite(target, tmp_path / "work").put(post, None).is_live
    assert git(tmp_path / "empty.git", "rev-list", "--count", "main").strip() == "1"


def test_runs_at_once_do_not_take_what_the_other_reads(hugo: GitBed, tmp_path: Path) -> None:
    def head(_run: int) -> str:
        return GitRepository("site", str(hugo.place), "main", tmp_path / "shared").head()

    head(0)
    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(head, range(24)))) == 1


def test_notes_that_look_like_front_matter_do_not_hide_a_post(hugo: GitBed) -> None:
    post = a_post(body_html="<pre>a\ndraft: true\n---\n</pre>")
    standing = hugo.blog().put(post, None)
    assert standing.is_live
    assert "draft: true" in hugo.page(post, "")


@pytest.mark.parametrize(
    ("target", "what"),
    [
        ({"url": "/nowhere/at/all.git"}, "no git repository"),
        ({"branch": "trunk"}, "no branch “trunk”"),
        ({"url": "http://127.0.0.1:9/site.git"}, "cannot be reached"),
    ],
)
def test_check_names_what_is_wrong(hugo: GitBed, target: dict[str, str], what: str) -> None:
    assert what in hugo.blog(**target).check()[0].what


def test_check_doubts_a_site_of_another_generator(hugo: GitBed) -> None:
    problems = hugo.blog(generator="pelican").check()
    assert [problem.is_warning for problem in problems] == [True]


def test_a_declined_push_names_the_rights(hugo: GitBed) -> None:
    hook = hugo.place / "hooks/pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(AccessDenied, match="token or key"):
        hugo.blog().put(a_post(), None)


def test_a_token_goes_by_https_only(tmp_path: Path) -> None:
    target = BlogTarget(name="site", kind="git", url="http://git.example.com/site.git")
    problems = GitSite(target, tmp_path, token="tall-secret-word").check()
    assert "only sent by https" in problems[0].what


def test_no_secret_is_in_any_message(tmp_path: Path) -> None:
    """Not even of an address with a login, which show.toml does not take."""
    login = {"url": "https://ada:tall-secret-word@127.0.0.1:9/site.git"}
    target = BlogTarget(name="site", kind="git", url="https://127.0.0.1:9/site.git").model_copy(update=login)
    problems = GitSite(target, tmp_path, token="other-secret-word").check()
    assert problems
    assert "secret-word" not in " ".join(map(str, problems))
