"""The scripts that made the demo show still make it: the same words at the same times, the same picture."""

import shutil
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parents[2]
RECORDING = ROOT / "episodes/041-social-media-for-your-career.mp3"
TOOLS = ("espeak-ng", "sox", "lame")

pytestmark = pytest.mark.real


def envelope(path: Path) -> np.ndarray:
    """How loud each tenth of a second is, mono."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
        block = container.streams.audio[0].rate // 10
    samples = np.concatenate(frames)
    blocks = samples[: len(samples) // block * block].reshape(-1, block)
    return np.asarray(np.sqrt(np.mean(blocks.astype(np.float64) ** 2, axis=1)))


@pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS), reason=f"needs {', '.join(TOOLS)}: apt install {' '.join(TOOLS)}"
)
def test_make_sample_makes_the_recording_that_ships(tmp_path: Path) -> None:
    made = tmp_path / "again.mp3"
    subprocess.run([ROOT / "scripts/make_sample.sh", made], check=True, capture_output=True, timeout=120)
    shipped, again = envelope(RECORDING), envelope(made)
    assert abs(len(shipped) - len(again)) <= 10
    common = min(len(shipped), len(again))
    assert np.corrcoef(shipped[:common], again[:common])[0, 1] > 0.9


def test_make_sample_says_which_tool_is_missing(tmp_path: Path) -> None:
    only_system = tmp_path / "bin"
    only_system.mkdir()
    for name in ("bash", "dirname", "mktemp", "rm"):
        (only_system / name).symlink_to(shutil.which(name) or name)
    run = subprocess.run(
        [ROOT / "scripts/make_sample.sh", tmp_path / "never.mp3"],
        env={"PATH": str(only_system)}, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert run.returncode == 4
    assert "espeak-ng is missing" in run.stderr


def test_make_artwork_draws_the_picture_that_ships(tmp_path: Path) -> None:
    made = tmp_path / "artwork.jpg"
    subprocess.run(
        [sys.executable, ROOT / "scripts/make_artwork.py", made], check=True, capture_output=True, timeout=60
    )
    with Image.open(ROOT / "artwork.jpg") as shipped, Image.open(made) as again:
        small = [np.asarray(picture.resize((300, 300)), dtype=np.int16) for picture in (shipped, again)]
    assert np.abs(small[0] - small[1]).mean() < 1
