"""In a real Chromium no word of anybody runs: under the pages' policy, and, so that it is no crutch, without it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.hostile.words import alone, show_of
from tests.show_support.place import Place
from tests.site_support.browsing import chromium, needs_chromium
from tests.site_support.serving import serving

pytestmark = [pytest.mark.real, needs_chromium]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[str]]]:
    """The public URL, and the addresses of all pages below it."""
    with serving() as (public_url, objects):
        bucket = f'[bucket]\nkind = "folder"\npublic_url = "{public_url}"\n'
        objects.update(show_of(alone(), Place(tmp_path_factory.mktemp("hostile") / "show", bucket=bucket)))
        pages = [key for key, (media_type, _) in objects.items() if media_type.startswith("text/html")]
        assert len(pages) > len(alone())
        yield public_url, [f"{public_url}/{key.removeprefix('public/')}" for key in pages]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.mark.parametrize("is_bypassed", [False, True], ids=["with the policy", "without the policy"])
def test_nothing_runs_that_is_not_ours(browser: Browser, served: tuple[str, list[str]], *, is_bypassed: bool) -> None:
    public_url, pages = served
    context = browser.new_context(bypass_csp=is_bypassed)
    owned: list[str] = []
    asked: list[str] = []
    page = context.new_page()
    page.expose_function("owned", lambda: owned.append(page.url))
    page.on("dialog", lambda dialog: (owned.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    for address in pages:
        page.goto(address, wait_until="load")
        _touch_everything(page)
    context.close()
    assert owned == []
    foreign = {url for url in asked if not url.startswith((public_url, "data:", "blob:", "https://x.example/"))}
    assert foreign == set()


def test_the_trap_itself_works(browser: Browser, served: tuple[str, list[str]]) -> None:
    context = browser.new_context(bypass_csp=True)
    owned: list[str] = []
    page = context.new_page()
    page.expose_function("owned", lambda: owned.append(page.url))
    page.goto(served[1][0])
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=owned()>')")
    page.wait_for_timeout(300)
    context.close()
    assert owned


def _touch_everything(page: object) -> None:
    """Opens what is folded, searches, and lets every handler come to its turn."""
    page.evaluate(  # type: ignore[attr-defined]
        """() => {
            document.querySelectorAll('details').forEach((fold) => { fold.open = true; });
            document.querySelectorAll('main *').forEach((element) => {
                for (const name of ['mouseover', 'focus', 'pointerenter']) element.dispatchEvent(new Event(name));
            });
            const field = document.querySelector('input[type=search]');
            if (field) { field.value = 'owned'; field.dispatchEvent(new Event('input', { bubbles: true })); }
        }"""
    )
    page.wait_for_timeout(150)  # type: ignore[attr-defined]
