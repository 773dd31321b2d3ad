"""The week of the show: an article on Monday, the episode on Thursday, on a real WordPress, in git, and in a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser

from pillarcast.cli.looking import describe
from pillarcast.errors import Problem
from pillarcast.model.plan import Air, WritePost
from pillarcast.pipeline.drops import look_all
from pillarcast.pipeline.ingest import ingest
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import publish
from pillarcast.render.wording import day_words
from tests.blog_support.engines import Engines, alone
from tests.blog_support.git_bed import GitBed, git
from tests.show_support.place import HandClock, Place
from tests.site_support.browsing import chromium, needs_chromium
from tests.testbeds.wordpress import WordPressSite

pytestmark = [pytest.mark.real, pytest.mark.timeout(600), alone("WordPress 6.1")]

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / ".testbeds/pictures"
ARTICLE = "monday-why-job-hunters-rush"
EPISODE = """\
---
title: Numbers on a resume
guests: [{guest}]
summary: What a number says before you open your mouth, and how to find yours.
tags: [resumes, numbers]
chapters:
  - {{at: "0:00", title: Why numbers}}
  - {{at: "0:02", title: Three that everybody has}}
---
Bring **numbers**, and remember that [gallery] is only a word here. This week:

- how many people you led
- how much you saved
- by when it was done
"""
BLOGS = """\
[subscribe]
apple = "https://podcasts.example.com/good-standing"
spotify = "https://listen.example.com/good-standing"
[[blog]]
name = "main"
kind = "wordpress"
url = "{wordpress}"
user = "author"
[[blog]]
name = "site"
kind = "git"
url = "{git}"
"""
SLUGS = ["why-job-hunters-rush", "numbers-on-a-resume"]
TITLES = ["“Why job hunters rush”", "“Numbers on a resume”"]


def last_monday() -> datetime:
    """Noon in New York of a Monday whose Thursday is over: WordPress has no clock that could be stepped."""
    now = datetime.now(UTC).replace(hour=17, minute=0, second=0, microsecond=0)
    return now - timedelta(days=now.weekday() + 7)


@pytest.fixture
def site(engines: Engines) -> WordPressSite:
    bed = engines.bed("WordPress 6.1")
    bed.make_category("Podcast")
    return bed.site


@pytest.fixture
def repository(tmp_path: Path) -> GitBed:
    return GitBed(tmp_path / "git", "hugo")


@pytest.fixture
def week(s3_place: Place, site: WordPressSite, repository: GitBed, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Monday noon: the article is written, and Thursday's recording lies in the drop folder."""
    monkeypatch.setenv("PILLARCAST_BLOG_MAIN_SECRET", site.passwords["author"])
    s3_place.clock = HandClock(last_monday())
    s3_place.more = BLOGS.format(wordpress=site.url, git=repository.place)
    s3_place.write_show()
    show_file = s3_place.root / "show.toml"
    ours = show_file.read_text("utf-8").replace("Career Talk", "Good Standing").replace("John Hale", "Helen Marlowe")
    show_file.write_text(ours, "utf-8")  # as its picture says
    (s3_place.root / "artwork.jpg").write_bytes((ROOT / "artwork.jpg").read_bytes())
    articles = s3_place.root / "articles"
    articles.mkdir()
    (articles / f"{ARTICLE}.md").write_bytes((ROOT / f"articles/{ARTICLE}.md").read_bytes())
    s3_place.drop("042-numbers", EPISODE.format(guest="Max Lane"))
    return s3_place


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def take(place: Place) -> None:
    """What happens whenever something lies in the folders."""
    with place.opened() as house:
        folder = look_all(place.episodes, place.root / "articles")
        for drop in folder.drops:
            ingest(house.studio, drop, folder, settle_s=0)


def planned(place: Place) -> list[tuple[str, str, str]]:
    """What `pillarcast plan` says of broadcasts and posts."""
    with place.opened() as house:
        actions = plan(house.studio, house.studio.store.load().catalogue, Request())[0].actions
        zone = house.studio.show.schedule.tz
    lines = [describe(action, zone) for action in actions if isinstance(action, Air | WritePost)]
    return [(verb, title, "" if verb == "on air" else where) for verb, title, where in lines]


def run(place: Place) -> tuple[Problem, ...]:
    """A run of the show. Returns what went wrong."""
    with place.opened() as house:
        return tuple(publish(house.studio, Request()).problems)


def posts(site: WordPressSite, status: str = "publish") -> list[list[str]]:
    """Number and address of the week's posts, as the database has them."""
    slugs = ", ".join(f"'{slug}'" for slug in SLUGS)
    return site.ask(
        f"SELECT ID, post_name FROM wp_posts WHERE post_type = 'post' AND post_status = '{status}' "
        f"AND (post_name IN ({slugs}) OR post_name REGEXP '({'|'.join(SLUGS)})-[0-9]+$') ORDER BY ID"
    )


@needs_chromium
def test_the_note_announces_the_episode_and_then_leads_to_it(
    week: Place, site: WordPressSite, repository: GitBed, browser: Browser
) -> None:
    article, episode = (f"{site.url}/{slug}/" for slug in SLUGS)
    with week.opened() as house:
        addresses, zone = house.studio.addresses, house.studio.show.schedule.tz
    thursday = day_words(week.clock.now() + timedelta(days=3), zone)

    take(week)
    on_monday = [("on air", TITLES[0], ""), ("post", TITLES[0], "main"), ("post", TITLES[0], "site")]
    assert planned(week) == on_monday
    assert run(week) == ()
    (monday,) = posts(site)
    assert monday[1] == SLUGS[0]
    said = quotes(requests.get(article, timeout=30).text)
    assert f"On <strong>{thursday}</strong> at 6:00 AM Eastern, Max Lane speaks about “Numbers on a resume”" in said
    look_at(browser, article, "monday-wordpress", "Max Lane speaks about")
    look_at(browser, addresses.of(f"public/articles/{SLUGS[0]}"), "monday-bucket", "Max Lane speaks about")

    week.clock.forward(days=1)
    week.drop("042-numbers", EPISODE.format(guest="Dana Reed"))
    take(week)
    assert planned(week) == [("edit post", TITLES[0], "main"), ("edit post", TITLES[0], "site")]
    assert run(week) == ()
    assert posts(site) == [monday], "the same post, with another guest"
    assert "Dana Reed speaks about" in requests.get(article, timeout=30).text

    week.clock.forward(days=1)
    assert planned(week) == []
    assert run(week) == ()
    assert (posts(site), posts(site, "future"), posts(site, "draft")) == ([monday], [], []), "on Wednesday nothing airs"
    assert requests.get(episode, timeout=30).status_code == 404
    look_at(browser, article, "wednesday-wordpress", "Dana Reed speaks about")
    look_at(browser, addresses.home, "wednesday-bucket", "Dana Reed speaks about")

    week.clock.forward(days=1)
    edits = [("edit post", TITLES[0], "main"), ("edit post", TITLES[0], "site")]
    news = [("on air", TITLES[1], ""), ("post", TITLES[1], "main"), ("post", TITLES[1], "site")]
    assert sorted(planned(week)) == sorted([*edits, *news])
    assert run(week) == ()
    assert planned(week) == []
    assert run(week) == (), "and nothing is left to do"
    assert [slug for _, slug in posts(site)] == SLUGS
    assert posts(site)[0] == monday
    said = requests.get(article, timeout=30).text
    assert f'<a href="{addresses.page(SLUGS[1])}">Numbers on a resume</a>' in said
    assert thursday not in said
    files = git(repository.place, "ls-tree", "--name-only", "main", "content/posts/").split()
    assert files == [f"content/posts/{slug}.md" for slug in sorted(SLUGS)]
    assert addresses.page(SLUGS[1]) in git(repository.place, "show", f"main:content/posts/{SLUGS[0]}.md")
    look_at(browser, article, "thursday-wordpress-article", "Out now")
    look_at(browser, episode, "thursday-wordpress", "[gallery] is only a word")
    look_at(browser, addresses.of(f"public/articles/{SLUGS[0]}"), "thursday-bucket-article", "Out now")
    look_at(browser, addresses.page(SLUGS[1]), "thursday-bucket", "[gallery] is only a word")


def quotes(page: str) -> str:
    """WordPress writes curly quotes as entities."""
    return page.replace("&#8220;", "“").replace("&#8221;", "”")


def look_at(browser: Browser, url: str, name: str, words: str) -> None:
    """As a reader sees it; the picture stays in .testbeds/pictures for people to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.goto(url, wait_until="load")
    page.get_by_text(words).first.wait_for()
    if name == "thursday-wordpress":
        assert page.locator("figure.wp-block-audio audio").is_visible()
        assert page.locator(".wp-post-image").first.get_attribute("alt") == "Good Standing"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000, "nothing sticks out"
    page.screenshot(path=PICTURES / f"week-{name}.png", full_page=True)
    page.close()
