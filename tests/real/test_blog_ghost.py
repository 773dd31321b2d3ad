"""Ghost as it really is, on MariaDB."""

from __future__ import annotations

import pytest

from pillarcast.adapters.ghost import Ghost
from pillarcast.model.post import PostArtwork
from pillarcast.model.show import BlogTarget
from tests.blog_support.contract import (
    AddressContract,
    BlogContract,
    DraftContract,
    MediaContract,
    a_post,
    artwork,
)
from tests.blog_support.engines import Engines, alone
from tests.blog_support.ghost_bed import GhostBed

pytestmark = [pytest.mark.real, alone("Ghost 6")]
__all__ = ["artwork"]


@pytest.fixture(scope="module")
def bed(engines: Engines) -> GhostBed:
    return engines.bed("Ghost 6")


class TestGhost(BlogContract, DraftContract, MediaContract, AddressContract):
    pass


def test_its_own_player_picture_tags_and_excerpt(bed: GhostBed, artwork: PostArtwork) -> None:
    post = a_post(artwork, summary="word " * 100)
    page = bed.page(post, bed.blog(tags=("Site",)).put(post, None).url)
    assert "kg-audio-card" in page
    assert bed.tags(post) == ["Podcast", "Careers", "R&D", "Site"]
    assert bed.field(post, "feature_image").endswith(f"pillarcast-{artwork.sha256[:32]}.jpg")
    assert 'alt="A blue square"' in page
    assert len(bed.field(post, "custom_excerpt")) <= 300
    assert f'rel="canonical" href="{post.canonical_url}"' in page


def test_a_post_that_the_owner_removed_is_not_found(bed: GhostBed) -> None:
    blog, post = bed.blog(), a_post()
    blog.put(post, None)
    bed.bin(post)
    assert blog.find(post) is None


def test_no_newsletter_is_ever_sent(bed: GhostBed) -> None:
    bed.blog().put(a_post(), None)
    assert bed.site.ask("SELECT COUNT(*) FROM emails") == [["0"]]


@pytest.mark.parametrize(
    ("key", "what"), [("0" * 24 + ":" + "ab" * 32, "Admin API key"), ("0" * 24 + ":" + "cd" * 32, "Admin API key")]
)
def test_check_names_the_mend_and_no_secret(bed: GhostBed, key: str, what: str) -> None:
    problems = Ghost(BlogTarget(name="news", kind="ghost", url=bed.site.url), key).check()
    assert what in problems[0].mend
    assert key.split(":")[1] not in str(problems[0])


def test_check_names_an_author_that_is_not_there(bed: GhostBed) -> None:
    assert "knows no author “Nobody”" in bed.blog(author="Nobody").check()[0].what
