"""Pictures of the pages in a real Chromium.

python scripts/screenshots.py                the README's and the docs', of the sample show: docs/images/
python scripts/screenshots.py keep           the ones that tests compare with: tests/golden/site/
python scripts/screenshots.py FOLDER [NAME]  every page on every size, to look at
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.site_support.browsing import chromium  # noqa: E402 - stands beside the tests
from tests.site_support.picturing import KEPT, SIZES, keep, shot  # noqa: E402 - stands beside the tests
from tests.site_support.sample import sample_served  # noqa: E402 - stands beside the tests
from tests.site_support.serving import rendered, serving  # noqa: E402 - stands beside the tests
from tests.site_support.showcase import showcase, speech  # noqa: E402 - stands beside the tests

PAGES = {
    "home": "index.html",
    "episode": "episodes/social-media",
    "archive": "archive",
    "article": "articles/article-2",
    "topics": "topics",
    "about": "about",
    "embed": "embed/social-media",
    "notfound": "404.html",
    "transcript": "transcripts/social-media",
}
SAMPLE_PAGES = {
    "home": "index.html",
    "episode": "episodes/social-media-for-your-career",
    "article": "articles/why-job-hunters-rush",
}
SAMPLE_SHOTS = ("episode-wide", "episode-phone-dark", "home-wide", "home-phone", "article-wide")


def for_docs(browser: Browser) -> None:
    folder = ROOT / "docs/images"
    folder.mkdir(parents=True, exist_ok=True)
    with sample_served() as public_url:
        for name in SAMPLE_SHOTS:
            page, size, *scheme = name.split("-")
            body = shot(browser, f"{public_url}/{SAMPLE_PAGES[page]}", size, *scheme)
            (folder / f"{name}.png").write_bytes(body)


def to_keep(browser: Browser) -> None:
    with serving() as (public_url, objects):
        objects.update(rendered(*showcase(public_url)))
        for name in KEPT:
            page, size, scheme = name.split("-")
            keep(name, shot(browser, f"{public_url}/{PAGES[page]}", size, scheme))


def to_look_at(browser: Browser, folder: Path, only: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"{page}-{size}-{scheme}" for page in PAGES for size in SIZES for scheme in ("light", "dark")]
    with serving() as (public_url, objects):
        objects.update(rendered(*showcase(public_url, audio=speech(80))))
        for name in names:
            page, size, scheme = name.split("-")
            if only in name:
                body = shot(browser, f"{public_url}/{PAGES[page]}", size, scheme, is_whole=True)
                (folder / f"{name}.png").write_bytes(body)


def main(arguments: list[str]) -> None:
    with chromium() as browser:
        match arguments:
            case []:
                for_docs(browser)
            case ["keep"]:
                to_keep(browser)
            case [folder, *only]:
                to_look_at(browser, Path(folder), *(only or [""]))


if __name__ == "__main__":
    main(sys.argv[1:])
