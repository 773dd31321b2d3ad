"""The week of the show: an article on Monday, the episode on Thursday, on a real WordPress and in a real bucket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from pillarcast.errors import Problem
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.ingest import ingest
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import publish
from pillarcast.render.wording import day_words
from tests.show_support.place import HandClock, Place
from tests.site_support.browsing import chromium, needs_chromium
from tests.testbeds.wordpress import WordPressSite, wordpress

pytestmark = [pytest.mark.real, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / ".testbeds/pictures"
ARTICLE = "monday-why-job-hunters-rush"
EPISODE = "---\ntitle: Numbers on a resume\nguests: [Max Lane]\n---\nBring **numbers**, and [gallery] is only a word.\n"
BLOG = '[[blog]]\nname = "main"\nkind = "wordpress"\nurl = "{url}"\nuser = "author"\ncategory = []\n'


def last_monday() -> datetime:
    """Noon in New York of a Monday whose Thursday is over: WordPress has no clock that could be stepped."""
    now = datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0)
    return now - timedelta(days=now.weekday() + 7)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPressSite]:
    with wordpress("bookworm", tmp_path_factory.mktemp("week")) as running:
        yield running


@pytest.fixture
def week(s3_place: Place, site: WordPressSite, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Monday noon: the article is written, and Thursday's recording lies in the drop folder."""
    monkeypatch.setenv("PILLARCAST_BLOG_MAIN_SECRET", site.passwords["author"])
    s3_place.clock = HandClock(last_monday())
    s3_place.more = BLOG.format(url=site.url)
    s3_place.write_show()
    articles = s3_place.root / "articles"
    articles.mkdir()
    (articles / f"{ARTICLE}.md").write_bytes((ROOT / f"articles/{ARTICLE}.md").read_bytes())
    s3_place.drop("042-numbers", EPISODE)
    return s3_place


def run(place: Place) -> tuple[Problem, ...]:
    """What each run of the show does: take what was dropped, publish what is due. Returns what went wrong."""
    with place.opened() as house:
        folder = look_all(place.episodes, place.root / "articles")
        for drop in folder.drops:
            ingest(house.studio, drop, folder, settle_s=0)
        return tuple(publish(house.studio, Request()).problems)


def public_posts(site: WordPressSite) -> list[list[str]]:
    return site.ask(
        "SELECT post_name, post_title FROM wp_posts WHERE post_type = 'post' AND post_status = 'publish' "
        "AND post_content LIKE '%pillarcast-%' ORDER BY ID"
    )


@needs_chromium
def test_the_note_announces_the_episode_and_then_leads_to_it(week: Place, site: WordPressSite) -> None:
    assert run(week) == ()
    thursday = day_words(week.clock.now() + timedelta(days=3), week_zone(week))
    assert public_posts(site) == [["why-job-hunters-rush", "Why job hunters rush"]]
    article = f"{site.url}/why-job-hunters-rush/"
    before = requests.get(article, timeout=30).text
    assert f"<strong>{thursday}</strong> at 6:00 AM Eastern" in before
    assert "Max Lane speaks about “Numbers on a resume”" in before.replace("&#8220;", "“").replace("&#8221;", "”")

    week.clock.forward(days=2)
    assert run(week) == ()
    assert len(public_posts(site)) == 1, "on Wednesday nothing airs"

    week.clock.forward(days=1)
    assert run(week) == ()
    assert run(week) == (), "and nothing is left to do"
    assert [row[0] for row in public_posts(site)] == ["why-job-hunters-rush", "numbers-on-a-resume"]
    after = requests.get(article, timeout=30).text
    with week.opened() as house:
        page = house.studio.addresses.page("numbers-on-a-resume")
    assert f'<a href="{page}">Numbers on a resume</a>' in after
    assert thursday not in after
    look_at(article, "article", "Out now")
    look_at(f"{site.url}/numbers-on-a-resume/", "episode", "[gallery] is only a word")


def week_zone(place: Place):
    with place.opened() as house:
        return house.studio.show.schedule.tz


def look_at(url: str, name: str, words: str) -> None:
    """As a reader sees it; the picture stays in .testbeds/pictures for people to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1100, "height": 1400})
        page.goto(url)
        page.get_by_text(words).first.wait_for()
        if name == "episode":
            assert page.locator("figure.wp-block-audio audio").is_visible()
        page.screenshot(path=PICTURES / f"wordpress-{name}.png", full_page=True)
