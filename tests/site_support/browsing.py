"""A real Chromium, and what it says of a page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
HAS_NPM_PACKAGES = (ROOT / "node_modules/axe-core/axe.min.js").exists()
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="Chromium is not installed (apt install chromium)")
needs_npm_packages = pytest.mark.skipif(not HAS_NPM_PACKAGES, reason="npm packages are not installed (npm ci)")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Muted, playing without a gesture because a test has no hands, and allowed to frame pages from loopback."""
    arguments = ["--no-sandbox", "--mute-audio", "--autoplay-policy=no-user-gesture-required"]
    arguments.append("--disable-features=LocalNetworkAccessChecks")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


class Visit:
    """A page that is open, with all that it complained of and all that it asked for."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(text)

    def open(self, url: str) -> Visit:
        self.page.goto(url, wait_until="networkidle")
        return self

    @property
    def second(self) -> float:
        return float(self.page.evaluate("document.querySelector('audio').currentTime"))

    @property
    def is_playing(self) -> bool:
        return bool(self.page.evaluate("!document.querySelector('audio').paused"))

    def wait_until(self, condition: str, timeout_s: float = 15) -> None:
        """A JavaScript expression in which `audio` is the page's audio."""
        self.page.wait_for_function(
            f"() => {{ const audio = document.querySelector('audio'); return {condition}; }}",
            timeout=timeout_s * 1000,
        )
