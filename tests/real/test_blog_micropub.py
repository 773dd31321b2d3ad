"""Micropub as a real server speaks it (django-indieweb)."""

from __future__ import annotations

import json

import pytest

from pillarcast.adapters.micropub import Micropub
from pillarcast.model.post import PostArtwork
from pillarcast.model.show import BlogTarget
from tests.blog_support.contract import BlogContract, DraftContract, a_post, artwork
from tests.blog_support.engines import Engines, alone
from tests.blog_support.micropub_bed import MicropubBed

pytestmark = [pytest.mark.real, alone("Micropub")]
__all__ = ["artwork"]


@pytest.fixture(scope="module")
def bed(engines: Engines) -> MicropubBed:
    return engines.bed("Micropub")


class TestMicropub(BlogContract, DraftContract):
    pass


def test_audio_picture_tags_and_summary_are_properties(bed: MicropubBed, artwork: PostArtwork) -> None:
    post = a_post(artwork)
    bed.blog(tags=("Site",)).put(post, None)
    entry = bed.entry(post)
    assert entry["audio"] == [post.audio_url]
    assert (entry["photo"], entry["mp-photo-alt"]) == ([artwork.url], ["A blue square"])
    assert entry["category"] == ["Podcast", "Careers", "R&D", "Site"]
    assert entry["summary"] == ["Ada asks Max."]


def test_an_edit_brings_new_audio_and_picture_but_keeps_a_picture_chosen_by_hand(
    bed: MicropubBed, artwork: PostArtwork
) -> None:
    def at(number: int) -> PostArtwork:
        return artwork.model_copy(update={"url": f"https://cdn.example.com/media/{number:024}/cover.jpg"})

    post = a_post(at(1))
    blog = bed.blog()
    standing = blog.put(post, None)
    anew = post.model_copy(update={"audio_url": "https://cdn.example.com/media/anew.mp3", "artwork": at(2)})
    standing = blog.put(anew, standing)
    entry = bed.entry(post)
    assert (entry["audio"], entry["photo"]) == ([anew.audio_url], [at(2).url])
    text = json.dumps(entry | {"photo": ["https://indie.example.com/media/mine.jpg"]})
    bed.site.ask("UPDATE posts SET properties = ? WHERE properties LIKE ?", text, f"%{post.key}%")
    blog.put(anew.model_copy(update={"artwork": at(3)}), standing)
    assert bed.entry(post)["photo"] == ["https://indie.example.com/media/mine.jpg"]


def test_the_endpoint_itself_will_do_as_address(bed: MicropubBed) -> None:
    assert bed.blog(url=f"{bed.site.url}/indieweb/micropub/").put(a_post(), None).is_live


def test_check_names_a_wrong_token_without_showing_it(bed: MicropubBed) -> None:
    target = BlogTarget(name="indie", kind="micropub", url=bed.site.url)
    problems = Micropub(target, "tall-secret-word").check()
    assert "scopes" in problems[0].mend
    assert "tall-secret-word" not in str(problems[0])


def test_check_names_an_address_without_micropub(bed: MicropubBed) -> None:
    assert bed.blog(url=f"{bed.site.url}/nothing/").check()
