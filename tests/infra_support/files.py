"""The files of infra/ as a test reads them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"


def read_env(path: Path) -> dict[str, str]:
    """A file of `NAME=value` lines, read as systemd reads an EnvironmentFile without quotes."""
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    assert all(mark for _, mark, _ in pairs), f"{path}: a line is no NAME=value"
    return {name: value for name, _, value in pairs}


def environment(*layers: Mapping[str, str]) -> dict[str, str]:
    """The environment of a service: nothing of Prefect's or ours from outside, then the layers in their order."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PILLARCAST_"))}
    return bare | {name: value for layer in layers for name, value in layer.items()}


def staged_small_server(folder: Path, host: str) -> Path:
    """What install.sh lays out, below `folder`."""
    script = str(INFRA / "small-server/install.sh")
    subprocess.run([script, "--files-only", str(folder), host], check=True, capture_output=True, timeout=60)
    return folder
