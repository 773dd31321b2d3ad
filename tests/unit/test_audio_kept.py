"""MP3 that needs no encoding: all of it is kept, or it is encoded after all."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.audio.mp3 import file, infoframe, mpeg
from tests.audio_support import TAGS, speech, write_wav
from tests.unit.test_audio_masters import decoded

SPEC = MasterSpec()
LASTS_S = 4


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("audio")
    master(write_wav(folder / "voice.wav", speech(LASTS_S, level=0.05)), folder / "master.mp3", SPEC, TAGS)
    return folder / "master.mp3"


def frames(path: Path) -> bytes:
    """An MP3 without tag and Info frame."""
    audio = path.read_bytes()[file.tag_room(path) :]
    header = mpeg.parse_header(audio[:4])
    assert header is not None
    assert infoframe.is_info(audio, header)
    return audio[header.length :]


@pytest.mark.parametrize("between", [b"TAG" + bytes(125), b"APETAGEX" + bytes(24), bytes(400)])
def test_of_files_that_were_joined_none_is_left_out(whole: Path, tmp_path: Path, between: bytes) -> None:
    (tmp_path / "joined.mp3").write_bytes((frames(whole) + between) * 2)
    report = master(tmp_path / "joined.mp3", tmp_path / "out.mp3", SPEC, TAGS)
    samples, rate_hz = decoded(tmp_path / "out.mp3")
    assert len(samples) == round(report.duration_s * rate_hz) >= 2 * LASTS_S * rate_hz


def test_what_is_told_of_its_length_is_that_of_the_file_when_its_header_was_wrong(whole: Path, tmp_path: Path) -> None:
    audio = whole.read_bytes()[file.tag_room(whole) :]
    (tmp_path / "joined.mp3").write_bytes(audio + audio)
    report = master(tmp_path / "joined.mp3", tmp_path / "out.mp3", SPEC, TAGS)
    samples, rate_hz = decoded(tmp_path / "out.mp3")
    assert len(samples) == round(report.duration_s * rate_hz)
    assert frames(tmp_path / "out.mp3") == frames(whole) + audio


def test_the_first_frame_of_fraunhofers_encoder_is_not_played(whole: Path, tmp_path: Path) -> None:
    plain = frames(whole)
    header = mpeg.parse_header(plain[:4])
    assert header is not None
    count = len(list(mpeg.frames(plain)))
    first = plain[:4] + bytes(32) + b"VBRI" + struct.pack(">HHHII", 1, 0, 75, len(plain) + header.length, count)
    (tmp_path / "fhg.mp3").write_bytes(first.ljust(header.length, b"\0") + plain)
    report = master(tmp_path / "fhg.mp3", tmp_path / "out.mp3", SPEC, TAGS)
    assert frames(tmp_path / "out.mp3") == plain
    samples, rate_hz = decoded(tmp_path / "out.mp3")
    assert len(samples) == round(report.duration_s * rate_hz)
