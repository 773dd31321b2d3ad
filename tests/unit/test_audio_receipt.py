"""A master that comes back: known by the receipt in its tag as long as its audio is what the receipt describes."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.audio.mp3 import file
from pillarcast.audio.mp3.receipt import known
from pillarcast.audio.report import MasterReport
from tests.audio_support import TAGS, speech, write_wav

SPEC = MasterSpec()
OTHER = replace(TAGS, title="Another title")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, MasterReport]:
    folder = tmp_path_factory.mktemp("audio")
    recording = write_wav(folder / "voice.wav", speech(5, level=0.05))
    return folder / "master.mp3", master(recording, folder / "master.mp3", SPEC, TAGS)


def _audio(path: Path) -> bytes:
    return path.read_bytes()[file.tag_room(path) :]


def test_it_keeps_its_audio_and_measurements(first: tuple[Path, MasterReport], tmp_path: Path) -> None:
    path, made = first
    back = known(path, tmp_path / "again.mp3", SPEC, OTHER)
    assert back is not None
    assert back.after == made.after
    assert back.sha256 == hashlib.sha256((tmp_path / "again.mp3").read_bytes()).hexdigest()
    assert back.length_bytes == (tmp_path / "again.mp3").stat().st_size
    assert _audio(tmp_path / "again.mp3") == _audio(path)


def test_it_is_known_time_after_time(first: tuple[Path, MasterReport], tmp_path: Path) -> None:
    again, third = tmp_path / "again.mp3", tmp_path / "third.mp3"
    known(first[0], again, SPEC, OTHER)
    assert known(again, third, SPEC, TAGS) is not None
    assert third.read_bytes() == first[0].read_bytes()


@pytest.mark.parametrize("harm", ["a bit", "shorter", "longer"])
def test_other_audio_is_not_believed(first: tuple[Path, MasterReport], tmp_path: Path, harm: str) -> None:
    content = bytearray(first[0].read_bytes())
    match harm:
        case "a bit":
            content[-5000] ^= 1
        case "shorter":
            del content[-288:]
        case "longer":
            content += content[-288:]
    harmed = tmp_path / "harmed.mp3"
    harmed.write_bytes(content)
    assert known(harmed, tmp_path / "again.mp3", SPEC, OTHER) is None
