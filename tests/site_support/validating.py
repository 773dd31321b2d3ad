"""Outside judges of a page: axe-core, html-validate, Lighthouse. All come from npm."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.site_support.browsing import CHROMIUM, ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
_RULES = {
    "extends": ["html-validate:recommended"],
    "rules": {
        "long-title": "off",  # a title is the owner's
        "no-inline-style": "error",
        "doctype-style": "off",
        "attribute-boolean-style": "off",
        "no-trailing-whitespace": "off",
        "void-style": "off",
        "prefer-native-element": "error",
        "no-implicit-button-type": "error",
    },
}


def violations(page: Page) -> list[str]:
    """What axe-core finds, best practices included, each with where it stands."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes']][:3]}"
        for violation in found["violations"]
    ]


def html_faults(pages: dict[str, str], folder: Path) -> list[str]:
    """What html-validate finds in pages, by name."""
    (folder / ".htmlvalidate.json").write_text(json.dumps(_RULES))
    for name, html in pages.items():
        (folder / f"{name.replace('/', '_')}.html").write_text(html)
    command = [str(ROOT / "node_modules/.bin/html-validate"), "--formatter", "json", "*.html"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    return [
        f"{Path(report['filePath']).name}:{message['line']} {message['ruleId']}: {message['message']}"
        for report in json.loads(done.stdout or "[]")
        for message in report["messages"]
    ]


def lighthouse(url: str, folder: Path) -> dict[str, Any]:
    """Lighthouse's report of a page, as on a phone with throttled processor and network."""
    report = folder / "report.json"
    command = [str(ROOT / "node_modules/.bin/lighthouse"), url, "--quiet", "--output=json", f"--output-path={report}"]
    command.append("--chrome-flags=--headless=new --no-sandbox")
    environment = {**os.environ, "CHROME_PATH": CHROMIUM}
    subprocess.run(command, check=True, env=environment, capture_output=True, timeout=240)
    parsed: dict[str, Any] = json.loads(report.read_text())
    return parsed
