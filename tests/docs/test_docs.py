"""Docs that fail when they lie: settings, commands, errors, targets, links and words."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)")


def test_there_are_pages() -> None:
    assert len(PAGES) > 8


def test_tables_of_settings_commands_and_errors_are_those_of_the_code() -> None:
    check = subprocess.run(
        [sys.executable, "scripts/docs_tables.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )
    assert check.returncode == 0, check.stdout + check.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = [link.partition("#")[0] for link in LINK.findall(page.read_text("utf-8"))]
    missing = [link for link in targets if link and "://" not in link and not link.startswith("mailto:")
               and not (page.parent / link).exists()]  # fmt: skip
    assert missing == []


def test_every_target_and_command_that_the_pages_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    from pillarcast.cli.commands import COMMANDS

    commands = {command.name for command in COMMANDS}
    for page in PAGES:
        text = page.read_text("utf-8")
        assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets, page
        assert set(re.findall(r"`pillarcast ([a-z]+)", text)) <= commands, page


def test_the_readme_names_the_two_commands_and_every_room() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "make demo" in readme
    assert "make test" in readme
    for decision in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        assert re.match(r"\d{4}-", decision.name), decision
