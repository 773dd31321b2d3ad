"""The audit fails on what must not stand in the project; each thing is planted in a repository of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLANTED = {
    "a secret key": ("src/keys.py", "KEY = 'AKIA" + "ABCDEFGHIJKLMNOP'\n"),
    "a private key": ("docs/key.md", "-----BEGIN EC " + "PRIVATE KEY-----\n"),
    "a path of a machine": ("docs/start.md", "Look into /home" + "/ada/notes.\n"),
    "an address in a lock file": ("requirements/run.txt", "av @ https://x.example/av.whl\n"),
    "an index in a lock file": ("requirements/run.txt", "--index-url x\n"),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_must_not_be_there_is_found(name: str, tmp_path: Path) -> None:
    path, text = PLANTED[name]
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts/audit.py", tmp_path / "scripts/audit.py")
    (tmp_path / path).parent.mkdir(exist_ok=True)
    (tmp_path / path).write_text(text)
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    done = subprocess.run(
        [sys.executable, "scripts/audit.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stdout.startswith(f"{path}:1: ")
