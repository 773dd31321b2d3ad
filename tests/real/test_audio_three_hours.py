"""Three hours: constant memory, every sample there, and loudness that another meter confirms."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from mutagen.mp3 import MP3

from tests.audio_support import speech

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

RATE_HZ, HOURS, MOST_MIB = 48000, 3, 300
OURS = """
import json, sys
from pathlib import Path
from pillarcast.audio.mastering import MasterSpec, master
from tests.audio_support import TAGS
report = master(Path(sys.argv[1]), Path(sys.argv[2]), MasterSpec(quality="fast"), TAGS)
print(json.dumps([report.duration_s, report.after.integrated_lufs, report.after.true_peak_dbtp]))
"""


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="this system does not tell a child's memory")
def test_three_hours_take_no_more_memory_than_one(tmp_path: Path) -> None:
    recording, out = tmp_path / "three-hours.wav", tmp_path / "out.mp3"
    _write(recording)
    command = [sys.executable, "-c", OURS, str(recording), str(out)]
    child = subprocess.Popen(command, cwd=Path(__file__).parents[2])
    _pid, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    assert used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10) < MOST_MIB
    assert MP3(out).info.length == pytest.approx(HOURS * 3600, abs=0.01)


def _write(path: Path) -> None:
    """A minute of speech again and again, each time at another level."""
    minute = speech(60, RATE_HZ, level=0.1)
    levels = np.random.default_rng(1).uniform(0.3, 1, HOURS * 60)
    with wave.open(str(path), "wb") as wav:
        wav.setparams((2, 2, RATE_HZ, 0, "NONE", ""))
        for level in levels:
            wav.writeframes((minute.T * level * 32767).round().astype("<i2").tobytes())
