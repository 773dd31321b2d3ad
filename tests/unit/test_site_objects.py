"""The site as a set of objects: keys, links, digests, and how few of them an episode changes."""

import gzip
import re
from datetime import timedelta

import pytest
from lxml import html as parser

from pillarcast.model.addresses import FEED
from pillarcast.model.view import View
from pillarcast.render.feed_articles import KEY as BLOG_FEED_KEY
from pillarcast.render.pages.listing import PER_PAGE
from pillarcast.render.pages.paths import BLOG_FEED, NOT_FOUND
from pillarcast.render.site import site_objects
from tests.site_support.serving import rendered
from tests.site_support.showcase import FIRST, showcase

PUBLIC_URL = "https://show.example/podcasts/public"
ELSEWHERE = {FEED, BLOG_FEED}
"""Objects of the feed's own, which pages link."""


@pytest.fixture(scope="module")
def site():
    view, bucket = showcase(PUBLIC_URL)
    return view, rendered(view, bucket)


def test_no_key_is_a_folder_of_another(site):
    keys = site[1].keys() | ELSEWHERE
    assert not [(key, other) for key in keys for other in keys if other.startswith(f"{key}/")]


def test_the_blogs_feed_is_linked_where_it_is_written():
    assert BLOG_FEED == BLOG_FEED_KEY


def test_every_page_is_html_and_stands_where_it_says(site):
    view, objects = site
    for key in ("public/index.html", "public/episodes/social-media", "public/articles/article-1", "public/404.html"):
        media_type, body = objects[key]
        assert media_type == "text/html"
        assert body.startswith(b"<!doctype html>")
    page = parser.fromstring(objects["public/episodes/social-media"][1])
    assert page.find(".//link[@rel='canonical']").get("href") == view.episodes[0].page_url


def test_every_link_leads_to_an_object_that_is_there(site):
    _, objects = site
    for key, (media_type, body) in objects.items():
        if media_type != "text/html":
            continue
        tree = parser.fromstring(body, base_url=f"{PUBLIC_URL}/{key.removeprefix('public/')}")
        tree.make_links_absolute()
        for _, _, link, _ in tree.iterlinks():
            target = link.split("#")[0]
            if target.startswith(PUBLIC_URL):
                found = f"public{target.removeprefix(PUBLIC_URL)}"
                assert found in objects or found in ELSEWHERE, f"{key} links {link}"


def test_links_between_pages_hold_under_any_address(site):
    body = site[1]["public/episodes/social-media"][1].decode()
    visible = re.sub(r'<(meta|link rel="(canonical|alternate)|script type="application)[^>]*>.*', "", body)
    assert not [link for link in re.findall(r'(?:href|src)="([^"]*)"', visible) if link.startswith(PUBLIC_URL + "/e")]


def test_pages_ask_nobody_else_for_anything(site):
    for key, (media_type, body) in site[1].items():
        if media_type == "text/html" and key != NOT_FOUND:
            for element in parser.fromstring(body).iter("img", "script", "link", "audio", "iframe", "source"):
                loads = element.get("src") or (element.get("href") if element.get("rel") == "stylesheet" else "") or ""
                assert "//" not in loads, key


def test_the_same_view_gives_the_same_digests_and_bytes():
    one, two = (site_objects(showcase(PUBLIC_URL)[0]) for _ in range(2))
    assert [(wanted.key, wanted.inputs) for wanted in one] == [(wanted.key, wanted.inputs) for wanted in two]


def inputs(view: View) -> dict[str, str]:
    return {wanted.key: wanted.inputs for wanted in site_objects(view)}


def older(view: View, without: int) -> View:
    """The view before the newest `without` episodes aired, with the queue and the articles of today."""
    return view.model_copy(update={"episodes": view.episodes[without:]})


def test_airing_an_episode_changes_as_many_objects_in_a_long_archive_as_in_a_short_one():
    counts = []
    for count in (PER_PAGE * 2 + 5, PER_PAGE * 5 + 5):
        view, _ = showcase(PUBLIC_URL, count=count)
        before, after = inputs(older(view, 1)), inputs(view)
        assert not before.keys() - after.keys()
        counts.append(sum(1 for key, value in after.items() if before.get(key) != value))
    assert counts[0] == counts[1]


def test_a_full_page_of_a_list_stays_as_it_is():
    view, _ = showcase(PUBLIC_URL, count=PER_PAGE * 4 + 1)
    long_ago = inputs(older(view, PER_PAGE))
    now = inputs(view)
    frozen = [key for key in long_ago if key.startswith("public/archive.")]
    assert frozen
    assert [key for key in frozen[:-1] if long_ago[key] != now[key]] == []


def test_a_changed_title_changes_its_page_its_lists_and_its_neighbours_only():
    view, _ = showcase(PUBLIC_URL)
    renamed = view.episodes[4].model_copy(
        update={"episode": view.episodes[4].episode.model_copy(update={"title": "Another title"})}
    )
    episodes = (*view.episodes[:4], renamed, *view.episodes[5:])
    before, after = inputs(view), inputs(view.model_copy(update={"episodes": episodes}))
    changed = {key for key, value in after.items() if before.get(key) != value}
    pages = {key for key in changed if key.startswith("public/episodes/")}
    assert pages == {f"public/episodes/{view.episodes[index].slug}" for index in (3, 4, 5)}


def test_a_show_without_anything_live_still_has_its_pages():
    view, bucket = showcase(PUBLIC_URL, count=0)
    empty = view.model_copy(update={"articles": (), "episodes": (), "upcoming": None})
    objects = rendered(empty, bucket)
    assert b"first episode is on its way" in objects["public/index.html"][1]
    assert "public/writing" not in objects
    assert "public/topics" not in objects


def test_the_queue_changes_only_pages_that_announce_it():
    view, _ = showcase(PUBLIC_URL)
    moved = view.upcoming.model_copy(update={"slot": FIRST + timedelta(weeks=60)})
    before, after = inputs(view), inputs(view.model_copy(update={"upcoming": moved}))
    changed = {key for key, value in after.items() if before.get(key) != value}
    newest = {"public/articles/article-1", "public/articles/article-2", "public/episodes/social-media"}
    assert changed == {"public/index.html", *newest}


def test_what_only_browsers_ask_for_is_packed_and_nothing_else():
    view, _ = showcase(PUBLIC_URL)
    plain, packed = ({wanted.key: wanted for wanted in site_objects(view, packs=packs)} for packs in (False, True))
    assert plain.keys() == packed.keys()
    for key, wanted in packed.items():
        is_packed = wanted.media_type in {"text/html", "text/css", "text/javascript"} or "/search/" in key
        assert (wanted.encoding == "gzip") is is_packed, key
        assert (wanted.inputs != plain[key].inputs) is is_packed
    bodies = dict.fromkeys(packed["public/404.html"].needs, b"")
    page = packed["public/404.html"].render(bodies)
    assert gzip.decompress(page) == plain["public/404.html"].render(bodies)
    assert page == packed["public/404.html"].render(bodies)
