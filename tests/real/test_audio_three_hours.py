"""Three hours: memory stays bounded, and every sample is there."""

from __future__ import annotations

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
# The process that masters, as its parent sees it: what this one here held before counts for a child of its own too.
OURS = """
import resource, sys
from pathlib import Path
from pillarcast.audio.mastering import MasterSpec, master
from tests.audio_support import TAGS
report = master(Path(sys.argv[1]), Path(sys.argv[2]), MasterSpec(quality="fast"), TAGS)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system does not tell a child's memory")
def test_three_hours_take_no_more_memory_than_one(tmp_path: Path) -> None:
    recording, out = tmp_path / "three-hours.wav", tmp_path / "out.mp3"
    _write(recording)
    command = [sys.executable, "-c", OURS, str(recording), str(out)]
    said = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True).stdout
    assert int(said) / (1 << 20 if sys.platform == "darwin" else 1 << 10) < MOST_MIB
    assert MP3(out).info.length == pytest.approx(HOURS * 3600, abs=0.01)


def _write(path: Path) -> None:
    """A minute of speech again and again, each time at another level."""
    minute = speech(60, RATE_HZ, level=0.1)
    levels = np.random.default_rng(1).uniform(0.3, 1, HOURS * 60)
    with wave.open(str(path), "wb") as wav:
        wav.setparams((2, 2, RATE_HZ, 0, "NONE", ""))
        for level in levels:
            wav.writeframes((minute.T * level * 32767).round().astype("<i2").tobytes())
