"""The player in a real Chromium, with audio from the real S3 server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from pillarcast.adapters.seaweed import SeaweedServer
from tests.site_support.browsing import Visit, chromium, needs_chromium
from tests.site_support.standing import stand_up

pytestmark = [pytest.mark.real, needs_chromium]


@pytest.fixture(scope="module")
def public_url(s3_server: SeaweedServer) -> str:
    return stand_up(s3_server, "player")[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def episode(browser: Browser, public_url: str) -> Iterator[Visit]:
    """The page of the newest episode; at the end nothing may have complained."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, reduced_motion="reduce")
    visit = Visit(context).open(f"{public_url}/episodes/social-media")
    yield visit
    context.close()
    assert visit.complaints == []


def test_play_advances_and_pauses(episode: Visit) -> None:
    episode.page.get_by_role("button", name="Play").click()
    episode.wait_until("audio.currentTime > 1.5")
    episode.page.get_by_role("button", name="Pause").click()
    stopped = episode.second
    episode.page.wait_for_timeout(300)
    assert episode.second == stopped
    assert episode.page.locator("[data-now]").inner_text() == f"0:0{int(stopped)}"


def test_seeking_far_ahead_asks_the_server_for_a_range(episode: Visit) -> None:
    ranges: list[str] = []
    episode.page.on("request", lambda request: ranges.append(request.headers.get("range", "")))
    episode.page.get_by_role("link", name="0:55 Your task until Thursday").click()
    episode.wait_until("audio.currentTime > 55.5")
    assert any(span.startswith("bytes=") for span in ranges)


def test_a_chapter_seeks_to_its_second_and_is_current(episode: Visit) -> None:
    chapter = episode.page.get_by_role("link", name="0:35 What a recruiter reads first")
    chapter.click()
    episode.wait_until("audio.currentTime > 35.2")
    assert 35 <= episode.second < 40
    assert chapter.get_attribute("aria-current") == "true"
    assert episode.page.locator("[data-chapter]").inner_text() == "What a recruiter reads first"
    assert episode.page.url.endswith("#t=35")


def test_a_chapter_that_begins_the_listening_shows_its_picture(episode: Visit) -> None:
    picture = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
    chapter = episode.page.get_by_role("link", name="0:35 What a recruiter reads first")
    chapter.evaluate("(link, picture) => { link.dataset.image = picture; }", picture)
    chapter.click()
    episode.wait_until("audio.currentTime > 35.2")
    assert episode.page.locator("[data-cover]").get_attribute("src") == picture
    episode.page.get_by_role("link", name="0:55 Your task until Thursday").click()
    episode.wait_until("audio.currentTime > 55.2")
    assert episode.page.locator("[data-cover]").get_attribute("src") != picture


def test_a_time_in_the_notes_seeks_too(episode: Visit) -> None:
    episode.page.locator(".notes a", has_text="0:16").click()
    episode.wait_until("audio.currentTime > 16.1")
    assert 16 <= episode.second < 21


def test_the_position_is_kept_over_a_reload_and_given_up_at_the_end(episode: Visit) -> None:
    episode.page.get_by_role("link", name="0:35 What a recruiter reads first").click()
    episode.wait_until("audio.currentTime > 36")
    episode.page.evaluate("document.querySelector('audio').pause()")
    heard = episode.second
    episode.page.goto(episode.page.url.split("#")[0], wait_until="networkidle")
    assert episode.page.locator("[data-now]").inner_text() == f"0:{int(heard)}"
    episode.page.get_by_role("button", name="Play").click()
    episode.wait_until(f"audio.currentTime > {heard + 0.5} && audio.currentTime < {heard + 5}")
    episode.page.evaluate("document.querySelector('audio').currentTime = 79")
    episode.wait_until("audio.ended")
    episode.page.reload(wait_until="networkidle")
    assert episode.page.locator("[data-now]").inner_text() == "0:00"


@pytest.mark.parametrize(("hash_", "second"), [("#t=54", 54), ("#t=0:54", 54), ("#t=0:00:54", 54)])
def test_a_deep_link_begins_there_but_waits_for_the_listener(
    episode: Visit, public_url: str, hash_: str, second: int
) -> None:
    page = episode.page.context.new_page()
    page.goto(f"{public_url}/episodes/social-media{hash_}", wait_until="networkidle")
    assert page.locator("[data-now]").inner_text() == f"0:{second}"
    assert page.evaluate("document.querySelector('audio').paused")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"() => document.querySelector('audio').currentTime > {second}.2")
    assert page.evaluate("document.querySelector('audio').currentTime") < second + 10


def test_skip_speed_and_the_link_to_this_moment(episode: Visit) -> None:
    page = episode.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Forward 30 seconds").click()
    page.get_by_role("button", name="Back 15 seconds").click()
    page.get_by_label("Speed").select_option("1.5")
    page.get_by_role("button", name="Link to").click()
    page.wait_for_function("() => document.querySelector('[data-said]').textContent.includes('copied')")
    assert page.evaluate("navigator.clipboard.readText()").endswith("/episodes/social-media#t=15")
    page.get_by_role("button", name="Play").click()
    episode.wait_until("audio.currentTime > 15.5")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5
    page.reload(wait_until="networkidle")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5


def test_the_sleep_timer_pauses(browser: Browser, public_url: str) -> None:
    context = browser.new_context()
    visit = Visit(context)
    visit.page.clock.install()
    visit.page.goto(f"{public_url}/episodes/social-media", wait_until="load")
    visit.page.get_by_label("Sleep").select_option("5")
    visit.page.get_by_role("button", name="Play").click()
    visit.wait_until("!audio.paused")
    visit.page.clock.fast_forward("05:01")
    visit.wait_until("audio.paused")
    assert visit.page.locator("[data-said]").inner_text() == "Paused by the sleep timer."
    context.close()


def test_sleep_after_the_chapter(episode: Visit) -> None:
    episode.page.get_by_role("link", name="0:16 Seen by whom?").click()
    episode.page.get_by_label("Sleep").select_option("chapter")
    episode.wait_until("audio.currentTime > 16.2")
    episode.page.evaluate("document.querySelector('audio').currentTime = 33.5")
    episode.wait_until("audio.paused && audio.currentTime >= 34.5")
    assert episode.second < 37


def test_keyboard_alone_is_enough(episode: Visit) -> None:
    page = episode.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hasAttribute('data-play')")
    page.keyboard.press("Enter")
    episode.wait_until("audio.currentTime > 0.3")
    page.keyboard.press("Space")
    episode.wait_until("audio.paused")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Position"
    begin = episode.second
    page.keyboard.press("ArrowRight")
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowLeft")
    episode.wait_until(f"Math.abs(audio.currentTime - {begin + 60}) < 1")
    said = page.locator("[data-seek]").get_attribute("aria-valuetext")
    assert said is not None
    assert said.startswith("1 minute")
    assert said.endswith("of 1 minute 20 seconds")
    names = []
    for _ in range(6):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.tagName")
        )
    assert names == ["Back 15 seconds", "Forward 30 seconds", "SELECT", "SELECT", "BUTTON", "A"]


def test_the_lock_screen_is_told(episode: Visit) -> None:
    episode.page.get_by_role("link", name="0:35 What a recruiter reads first").click()
    episode.wait_until("audio.currentTime > 35.5")
    told = episode.page.evaluate(
        "(({title, artist, artwork}) => [title, artist, artwork[0].src])(navigator.mediaSession.metadata)"
    )
    assert told[0] == "Social media for your career: What a recruiter reads first"
    assert told[1] == "Good Standing"
    assert "/media/" in told[2]
    assert episode.page.evaluate("navigator.mediaSession.playbackState") == "playing"


def test_the_transcript_follows_is_searched_and_seeks(episode: Visit) -> None:
    page = episode.page
    page.locator("summary").click()
    page.get_by_role("region", name="Transcript").wait_for()
    page.get_by_text("Before I pick up the telephone").click()
    episode.wait_until("audio.currentTime > 35.2")
    assert page.locator(".is-said").inner_text().startswith("Before I pick up the telephone")
    page.get_by_label("Find in the transcript").fill("marmalade")
    shown = page.locator(".transcript .cues p:visible")
    assert shown.count() == 1
    assert "marmalade" in shown.inner_text()
    episode.page.locator(".transcript .stamp:visible").click()
    episode.wait_until("Math.abs(audio.currentTime - 16) < 4")


def test_without_script_everything_is_still_there(browser: Browser, public_url: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{public_url}/episodes/social-media")
    assert page.locator("audio[controls]").is_visible()
    assert page.locator("svg.wave").is_visible()
    assert not page.locator("[data-play]").is_visible()
    assert not page.locator("[data-seek]").is_visible()
    link = page.locator(".chapters [data-at]", has_text="What a recruiter reads first").get_attribute("href")
    assert link is not None
    assert link.endswith(".mp3#t=35")
    page.locator("summary").click()
    page.get_by_role("link", name="Read the transcript on a page of its own").click()
    assert "never mention the word marmalade" in page.inner_text("main")
    context.close()


def test_audio_that_is_gone_is_said(browser: Browser, public_url: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("**/*.mp3", lambda route: route.abort())
    page.goto(f"{public_url}/episodes/social-media", wait_until="networkidle")
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('[data-said]').textContent.includes('audio cannot')")
    assert page.evaluate("document.querySelector('audio').currentTime") == 0
    context.close()


def test_where_storage_is_forbidden_it_plays_all_the_same(browser: Browser, public_url: str) -> None:
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('no'); }})")
    visit = Visit(context).open(f"{public_url}/episodes/social-media")
    visit.page.get_by_role("button", name="Play").click()
    visit.wait_until("audio.currentTime > 0.5")
    assert visit.complaints == []
    context.close()


def test_the_embedded_player_plays_inside_another_page(browser: Browser, public_url: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.route("http://blog.example/", lambda route: route.fulfill(
        content_type="text/html",
        body=f'<title>Blog</title><iframe src="{public_url}/embed/social-media" width="640" height="220"></iframe>',
    ))  # fmt: skip
    page.goto("http://blog.example/", wait_until="networkidle")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Play").click()
    embedded = next(inner for inner in page.frames if "/embed/" in inner.url)
    embedded.wait_for_function("() => document.querySelector('audio').currentTime > 0.5")
    assert not embedded.evaluate("document.querySelector('audio').paused")
    context.close()
