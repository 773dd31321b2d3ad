"""Ctrl-C while `make demo` still loads its libraries: one line, and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(os.name == "nt", reason="has no SIGINT of this kind")
@pytest.mark.parametrize("module", ["rich", "pillarcast.errors", "flows.environment"])
def test_ctrl_c_while_it_loads_ends_it_in_one_line(tmp_path: Path, module: str) -> None:
    """Python itself says what it has loaded so far."""
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", str(ROOT / "scripts" / "demo.py"), str(tmp_path / "none.toml")],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.rpartition("|")[2].strip() == module:
            break
    process.send_signal(signal.SIGINT)
    said, rest = process.communicate(timeout=60)
    assert said == "Stopped. `make demo` begins anew.\n"
    assert "Traceback" not in rest
    assert process.returncode == 130
