"""Each hostile drop is taken or refused in plain words, in bounded time and memory, and nothing else happens."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hostile.drops import CASES, MASTERED, Case

ROOT = Path(__file__).parents[2]
HANGS_S = 120
"""Seconds after which a drop is said to hang; each takes one or two."""
MOST_KB = 700_000
"""Peak memory of the process that reads, and of the one that it has decode for it."""


def read(case: Case, folder: Path, *, how: str = "") -> dict[str, Any]:
    (folder / "episodes").mkdir()
    case.make(folder / "episodes")
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile.reading", str(folder), *([how] if how else [])],
        cwd=ROOT,
        capture_output=True,
        timeout=HANGS_S,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def check(case: Case, said: dict[str, Any], folder: Path) -> None:
    told = "\n".join(said["told"])
    if case.said:
        assert case.said in told, told
    else:
        assert told == ""
    assert "fault of ours" not in told
    assert len(told) < 2000, "nobody reads more than that"
    assert said["peak_kb"] < MOST_KB
    assert not (folder / "owned").exists()
    assert not (ROOT / "owned").exists()


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_drop_is_taken_or_refused(name: str, tmp_path: Path) -> None:
    check(CASES[name], read(CASES[name], tmp_path), tmp_path)


@pytest.mark.parametrize("name", MASTERED)
def test_a_recording_that_claims_days_is_refused_by_what_it_holds(name: str, tmp_path: Path) -> None:
    check(MASTERED[name], read(MASTERED[name], tmp_path, how="master"), tmp_path)
