"""Pictures of the pages in a real browser: `python scripts/screenshots.py FOLDER`, for a look at phone and desk."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from tests.site_support.serving import rendered, serving
from tests.site_support.showcase import showcase, speech

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
SIZES = {"phone": (390, 844), "narrow": (320, 640), "wide": (1280, 900)}
SCHEMES = ("light", "dark")


def take(browser: Browser, public_url: str, folder: Path, only: str) -> None:
    for size, (width, height) in SIZES.items():
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, device_scale_factor=1
            )
            page = context.new_page()
            for name, path in PAGES.items():
                if only in f"{name}-{size}-{scheme}":
                    page.goto(f"{public_url}/{path}", wait_until="networkidle")
                    page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=True)
            context.close()


def main(folder: Path, only: str = "") -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with serving() as (public_url, objects), sync_playwright() as playwright:
        objects.update(rendered(*showcase(public_url, audio=speech(80))))
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        take(browser, public_url, folder, only)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
