"""Whole masters, judged by a meter and a tag reader that are not ours."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest
from mutagen.id3 import ID3
from mutagen.mp3 import MP3, BitrateMode

from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.audio.probing import probe
from pillarcast.audio.tagging import retag
from pillarcast.errors import RecordingRefused
from pillarcast.model.chapters import Chapter
from tests.audio_support import TAGS, speech, write_wav

WORDS = replace(
    TAGS,
    title="Prïcing — 価格 🎙",
    guid="b9f1",
    number=7,
    date="2026-06-04",
    chapters=(Chapter(start_s=0, title="Hello"), Chapter(start_s=4.5, title=("A longer title, " * 12).strip())),
)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wav(tmp_path_factory.mktemp("audio") / "voice.wav", speech(14, 44100, level=0.05), 44100)


@pytest.fixture(scope="module")
def made(recording: Path) -> Path:
    out = recording.with_name("master.mp3")
    master(recording, out, MasterSpec(), WORDS)
    return out


def decoded(path: Path) -> tuple[np.ndarray, int]:
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        frames = [frame.to_ndarray() for frame in container.decode(stream)]
        return np.concatenate(frames, axis=1).T, stream.rate


def test_a_master_has_the_loudness_that_was_asked_for_by_another_meter(recording: Path) -> None:
    for lufs in (-16.0, -19.0):
        out = recording.with_name(f"at{lufs}.mp3")
        report = master(recording, out, MasterSpec(loudness_lufs=lufs), TAGS)
        samples, rate = decoded(out)
        assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(lufs, abs=0.3)
        assert report.after.integrated_lufs == pytest.approx(lufs, abs=0.3)
        assert np.abs(samples).max() <= 10 ** (-1 / 20)
        assert report.after.true_peak_dbtp <= -1.0


def test_the_report_is_about_the_file_and_its_samples_are_those_of_the_recording(recording: Path, made: Path) -> None:
    report = master(recording, recording.with_name("again.mp3"), MasterSpec(), WORDS)
    body = made.read_bytes()
    assert report.sha256 == hashlib.sha256(body).hexdigest()
    assert report.length_bytes == len(body)
    samples, rate = decoded(made)
    assert (rate, len(samples)) == (44100, 14 * 44100)
    assert MP3(made).info.length == pytest.approx(report.duration_s, abs=0.001) == 14.0
    assert MP3(made).info.bitrate_mode == BitrateMode.CBR


def test_tags_survive_any_words_and_chapters_stand_in_order_below_one_table_of_contents(made: Path) -> None:
    tags = ID3(made)
    assert tags["TIT2"].text == [WORDS.title]
    tables = tags.getall("CTOC")
    chapters = sorted(tags.getall("CHAP"), key=lambda frame: frame.start_time)
    assert len(tables) == 1
    assert tables[0].child_element_ids == [frame.element_id for frame in chapters]
    assert [(frame.start_time, frame.end_time) for frame in chapters] == [(0, 4500), (4500, 14000)]
    with av.open(str(made)) as container:
        assert [one["metadata"]["title"] for one in container.chapters()] == [one.title for one in WORDS.chapters]
    assert [(one.start_s, one.title) for one in probe(made).chapters] == [(c.start_s, c.title) for c in WORDS.chapters]


def test_new_words_are_written_into_the_padding_and_leave_the_audio_alone(made: Path) -> None:
    copy = made.with_name("retagged.mp3")
    copy.write_bytes(made.read_bytes())
    retag(copy, replace(WORDS, title="Other words", summary="More of them."))
    assert copy.stat().st_size == made.stat().st_size
    start = ID3(made).size
    assert copy.read_bytes()[start:] == made.read_bytes()[start:]
    assert ID3(copy)["TIT2"].text == ["Other words"]


def test_what_is_right_already_is_not_encoded_again(made: Path) -> None:
    out = made.with_name("passed.mp3")
    master(made, out, MasterSpec(), replace(WORDS, title="Only the title changed"))
    assert out.read_bytes()[ID3(out).size :] == made.read_bytes()[ID3(made).size :]


def test_the_recording_is_never_altered(recording: Path) -> None:
    before = hashlib.sha256(recording.read_bytes()).hexdigest()
    master(recording, recording.with_name("x.mp3"), MasterSpec(quality="fast"), TAGS)
    assert hashlib.sha256(recording.read_bytes()).hexdigest() == before


@pytest.mark.parametrize(("name", "body"), [
    ("empty.mp3", b""),
    ("words.mp3", b"This is no audio, honestly.\n" * 400),
    ("riff.wav", b"RIFF\x24\x00\x00\x00WAVEfmt "),
])  # fmt: skip
def test_what_is_no_recording_is_refused_by_name_and_leaves_nothing(tmp_path: Path, name: str, body: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(RecordingRefused, match=name):
        master(path, tmp_path / "out.mp3", MasterSpec(), TAGS)
    assert [left.name for left in tmp_path.iterdir()] == [name]


def test_a_copy_that_stopped_says_where(tmp_path: Path, recording: Path) -> None:
    path = tmp_path / "short.wav"
    path.write_bytes(recording.read_bytes()[: recording.stat().st_size * 6 // 10])
    with pytest.raises(RecordingRefused, match="incomplete"):
        master(path, tmp_path / "out.mp3", MasterSpec(), TAGS)


def test_silence_and_half_a_second_are_no_episodes(tmp_path: Path) -> None:
    for name, pcm in (("silence", np.zeros((1, 44100 * 5), np.float32)), ("short", speech(0.3, 44100))):
        path = write_wav(tmp_path / f"{name}.wav", pcm, 44100)
        with pytest.raises(RecordingRefused, match=name):
            master(path, tmp_path / "out.mp3", MasterSpec(), TAGS)


def test_the_receipts_tell_channels_and_duration_before_and_after(tmp_path: Path) -> None:
    six = np.repeat(speech(6, level=0.05), 3, axis=0)
    report = master(write_wav(tmp_path / "six.wav", six), tmp_path / "six.mp3", MasterSpec(channels="mono"), TAGS)
    assert (report.before.channels, report.after.channels) == (6, 1)
    assert (report.before.duration_s, report.after.duration_s) == (6.0, 6.0)
