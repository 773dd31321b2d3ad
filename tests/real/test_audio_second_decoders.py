"""Masters decoded, measured and read by programs that did not make them: ffmpeg, lame, mpg123, ffprobe, pyloudnorm."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest

from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.model.chapters import Chapter
from tests.audio_support import TAGS, needs, speech, write_wav

pytestmark = [pytest.mark.real, needs("ffmpeg", "lame", "mpg123")]

RATE_HZ, SECONDS = 44100, 70
WORDS = replace(
    TAGS, chapters=(Chapter(start_s=0, title="Hello"), Chapter(start_s=33.25, title="A long title, " * 12 + "indeed"))
)


@pytest.fixture(scope="module")
def masters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Over a minute, so that the MP3 is joined of two parts."""
    folder = tmp_path_factory.mktemp("decoders")
    recording = write_wav(folder / "voice.wav", speech(SECONDS, RATE_HZ, level=0.05), RATE_HZ)
    made = {kind: folder / f"master.{kind}" for kind in ("mp3", "m4a", "opus")}
    for kind, path in made.items():
        master(recording, path, MasterSpec(format=kind), WORDS)  # type: ignore[arg-type]
    return made


def by_ffmpeg(path: Path) -> np.ndarray:
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", f"file:{path}", "-f", "f32le", "-"]
    return np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.float32).reshape(-1, 2)


def by_lame(path: Path) -> np.ndarray:
    command = ["lame", "--quiet", "--decode", "-t", str(path), "-"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<i2").reshape(-1, 2) / np.float32(32768)


def by_mpg123(path: Path) -> np.ndarray:
    command = ["mpg123", "-q", "-e", "s16", "-s", str(path)]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<i2").reshape(-1, 2) / np.float32(32768)


DECODERS = {"ffmpeg": by_ffmpeg, "lame": by_lame, "mpg123": by_mpg123}


@pytest.mark.parametrize("name", DECODERS)
def test_every_decoder_gives_the_samples_of_the_recording_and_no_click(masters: dict[str, Path], name: str) -> None:
    decode: Callable[[Path], np.ndarray] = DECODERS[name]
    samples = decode(masters["mp3"])
    assert len(samples) == RATE_HZ * SECONDS
    voice = speech(SECONDS, RATE_HZ, level=0.05).T
    gain = float((samples * voice).sum() / np.square(voice).sum())
    off = np.abs(samples - gain * voice).max(axis=1)
    seconds = off[: len(off) // RATE_HZ * RATE_HZ].reshape(-1, RATE_HZ).max(axis=1)
    assert seconds.max() < 4 * np.median(seconds), "one second is much further from the recording than all others"


@pytest.mark.parametrize("kind", ["mp3", "m4a", "opus"])
def test_two_other_meters_agree(masters: dict[str, Path], kind: str) -> None:
    meter = ["ffmpeg", "-nostdin", "-i", str(masters[kind]), "-vn", "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(meter, check=True, capture_output=True, text=True).stderr
    lufs, peak = (float(re.findall(rf"{name}:\s+(-?[\d.]+)", said)[-1]) for name in ("I", "Peak"))
    assert lufs == pytest.approx(-16, abs=0.3)
    assert peak <= -1.0 + 0.1
    rate = 48000 if kind == "opus" else RATE_HZ
    assert pyloudnorm.Meter(rate).integrated_loudness(by_ffmpeg(masters[kind])) == pytest.approx(-16, abs=0.3)


@pytest.mark.parametrize("kind", ["mp3", "m4a", "opus"])
def test_ffprobe_reads_length_tags_and_chapters(masters: dict[str, Path], kind: str) -> None:
    asked = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json"]
    said = json.loads(subprocess.run([*asked, str(masters[kind])], check=True, capture_output=True).stdout)
    chapters = [(float(one["start_time"]), one["tags"]["title"]) for one in said["chapters"]]
    assert chapters == [(one.start_s, one.title) for one in WORDS.chapters]
    tags = {**said["format"].get("tags", {}), **said["streams"][0].get("tags", {})}
    assert {key.lower(): value for key, value in tags.items()}["title"] == WORDS.title
    assert float(said["format"]["duration"]) == pytest.approx(SECONDS, abs=0.08)
