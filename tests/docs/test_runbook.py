"""The runbook against what ships: its commands, options, units, files and settings exist, and say what it says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pillarcast.cli.commands import COMMANDS, parser
from pillarcast.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/runbook.md").read_text("utf-8")
SHIPPED = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "infra").rglob("*")) if path.is_file())
OURS = {
    "PILLARCAST_BLOG_MAIN_SECRET": "blogs are named in show.toml",
    "PILLARCAST_NOTIFY_URLS": "flows/telling.py",
    "PILLARCAST_UI_PASSWORD": "cli/up.py",
}


def code() -> Iterator[str]:
    """What is to be typed: each line of a block, one that goes on in the next as one, and pieces of sentences."""
    blocks = re.findall(r"^```\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    yield from (line for block in blocks for line in re.sub(r"\\\n\s*", "", block).splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```\n.*?^```", "", TEXT, flags=re.MULTILINE | re.DOTALL))


def typed(program: str) -> list[list[str]]:
    found = (re.search(rf"(?:^|.*[/\s]){program} ((?:[^\s].*)?)$", line) for line in code())
    return [match[1].split() for match in found if match]


def test_it_is_about_what_was_asked() -> None:
    for heading in ("Install", "Upgrade", "Back up", "Restore", "Rotate keys", "Retention", "What to watch"):
        assert re.search(rf"^## {heading}", TEXT, re.MULTILINE), heading


def test_our_commands_take_what_it_types() -> None:
    commands = [words for words in typed("pillarcast") if words[0] in {command.name for command in COMMANDS}]
    assert len(commands) > 12
    assert {words[0] for words in typed("pillarcast")} == {words[0] for words in commands}
    for words in commands:
        if words not in (["import"], ["subscribers", "revoke"]):
            parser().parse_args(words)


def test_prefects_commands_are_there() -> None:
    commands = {tuple(word for word in words[:2] if not word.startswith("-")) for words in typed("prefect")}
    assert ("worker", "start") in commands
    for command in commands:
        asked = [sys.executable, "-m", "prefect", *command, "--help"]
        assert subprocess.run(asked, capture_output=True, timeout=120, check=False).returncode == 0, command


@pytest.mark.parametrize("name", sorted(set(re.findall(r"(?<!/)pillarcast-(?!SHOW)[a-z]+", TEXT))))
def test_units_ship(name: str) -> None:
    assert [*ROOT.glob(f"infra/*/{name}.service"), *ROOT.glob(f"infra/*/{name}")], name


@pytest.mark.parametrize("path", sorted(set(re.findall(r"/(?:etc|srv|opt|var)/[a-z/.-]+[a-z]", TEXT))))
def test_paths_are_those_of_the_units(path: str) -> None:
    assert re.sub(r"(/prefect\.db|/\w+/bin|/bin/pillarcast)$", "", path) in SHIPPED


def test_settings_exist_and_have_the_values_that_ship() -> None:
    known = {f"PILLARCAST_{field.upper()}" for field in Settings.model_fields} | OURS.keys()
    assert set(re.findall(r"\bPILLARCAST_[A-Z_]+", TEXT)) <= known
    for line in re.findall(r"^PREFECT_[A-Z_]+=.*$", TEXT, re.MULTILINE):
        assert SHIPPED.count(line) >= 2, line  # on the small server and on many machines
    assert set(re.findall(r"\bPREFECT_[A-Z_]+", TEXT)) <= set(re.findall(r"\bPREFECT_[A-Z_]+", SHIPPED))
