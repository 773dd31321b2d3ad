"""Pages look as they were kept; `python scripts/screenshots.py keep` keeps them anew after a look at them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.site_support.browsing import chromium, needs_chromium
from tests.site_support.picturing import KEPT, KEPT_FOLDER, difference, shot
from tests.site_support.serving import rendered, serving
from tests.site_support.showcase import showcase

pytestmark = [pytest.mark.real, needs_chromium]
PATHS = {"home": "index.html", "episode": "episodes/social-media", "archive": "archive"}
ENOUGH = 0.03
"""Fonts are drawn a little differently from one machine to the next; a moved or missing part is more than this."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def public_url() -> Iterator[str]:
    with serving() as (url, objects):
        objects.update(rendered(*showcase(url)))
        yield url


def test_there_is_a_picture_for_each_name_and_none_besides() -> None:
    assert {path.stem for path in KEPT_FOLDER.glob("*.png")} == set(KEPT)


@pytest.mark.parametrize("name", KEPT)
def test_a_page_looks_as_it_was_kept(browser: Browser, public_url: str, name: str) -> None:
    page, size, scheme = name.split("-")
    assert difference(name, shot(browser, f"{public_url}/{PATHS[page]}", size, scheme)) < ENOUGH


def test_a_missing_part_is_noticed(browser: Browser, public_url: str) -> None:
    """The judge itself: another episode's page is further from the kept picture than the tolerance."""
    other = shot(browser, f"{public_url}/episodes/episode-3", "wide", "light")
    assert difference("episode-wide-light", other) > ENOUGH
