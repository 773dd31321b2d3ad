"""Recordings of every kind that podcasters hand in, good, odd and broken, made by a script beside the project."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT.parent / "shared" / "data" / "make_episodes.sh"
TOOLS = ("espeak-ng", "sox", "ffmpeg", "lame", "flac", "opusenc")


def corpus() -> tuple[Path, list[dict[str, str]]]:
    """The folder, and a line for each file: `path`, `expect` (ok, warn:…, reject:…). Made once, then kept."""
    if not SCRIPT.is_file():
        pytest.skip("the script that makes the corpus lies outside of the project, and is not here")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}; scripts/install_real.sh installs them")
    folder = ROOT / ".testbeds" / "corpus"
    folder.parent.mkdir(exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not (folder / "done").is_file():
            shutil.rmtree(folder, ignore_errors=True)
            environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
            subprocess.run(["bash", str(SCRIPT), str(folder)], check=True, capture_output=True, env=environment)
            (folder / "done").touch()
    manifest = folder / "manifest.json"
    lines = (manifest if manifest.is_file() else folder / "manifest.jsonl").read_text("utf-8")
    return folder, json.loads(lines) if lines.startswith("[") else [json.loads(line) for line in lines.splitlines()]
