"""Real feeds: lint survives each, an import is clean, and importing what came of it gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pillarcast.model.addresses import Addresses
from pillarcast.render.feed_check import check_feed
from pillarcast.render.feed_parity import compare
from pillarcast.render.feed_preview import preview
from pillarcast.render.feed_reader import read_feed
from pillarcast.render.lint import Severity, lint
from tests.show_support.feeds import real_feeds

NEW = Addresses(public_url="https://new.example.com/show")
FEEDS = real_feeds()
HERE = pytest.mark.skipif(not FEEDS, reason="the corpus of real feeds lies outside of the project, and is not here")
LARGE_BYTES = 400_000
"""Larger ones take seconds each: they are looked at with what takes minutes."""


def _every() -> list[object]:
    return [
        pytest.param(path, id=path.stem, marks=[pytest.mark.long] if path.stat().st_size > LARGE_BYTES else [])
        for path in FEEDS
    ] or [pytest.param(Path("none"), id="none")]


EVERY = pytest.mark.parametrize("path", _every())


@HERE
def test_all_feeds_are_here() -> None:
    assert len(FEEDS) >= 36


@HERE
@EVERY
def test_a_real_feed_is_linted_imported_and_imported_again(path: Path) -> None:
    old, url = path.read_bytes(), f"https://old.example.com/{path.stem}"
    findings = lint(old, url)
    assert all(finding.rule and finding.what and finding.mend for finding in findings)
    new = preview(read_feed(old, url), NEW)
    parity = compare(old, new, url)
    assert parity.is_clean, parity.unexplained[:3]
    assert parity.compared == parity.imported
    assert preview(read_feed(new), NEW) == new
    assert [problem for problem in check_feed(new) if not problem.is_warning] == []
    errors = {finding.rule for finding in lint(new) if finding.severity is Severity.ERROR}
    assert {rule for rule in errors if rule.startswith(("rss/", "delivery/"))} <= {"rss/enclosure"}
