"""Masters in M4A and Opus: loudness, chapters and tags by readers that are not ours; new tags leave the audio alone."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import av
import pytest
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus

from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.audio.report import MasterReport
from pillarcast.audio.tagging import retag
from pillarcast.audio.tags import mp4, vorbis
from pillarcast.model.chapters import Chapter
from tests.audio_support import TAGS, speech, write_wav

WORDS = replace(
    TAGS,
    title="Prïcing — 価格 🎙",
    number=7,
    season=2,
    guid="b9f1",
    summary="What it costs.",
    chapters=(Chapter(start_s=0, title="Hello"), Chapter(start_s=4.5, title="The price, and who names it first")),
)
FORMATS = ("m4a", "opus")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, MasterReport]]:
    folder = tmp_path_factory.mktemp("formats")
    recording = write_wav(folder / "voice.wav", speech(9, 44100, level=0.05), 44100)
    return {
        kind: (out := folder / f"master.{kind}", master(recording, out, MasterSpec(format=kind), WORDS))
        for kind in FORMATS
    }


def packets(path: Path) -> str:
    """A hash of what is decoded from, without any container."""
    sha = hashlib.sha256()
    with av.open(str(path)) as container:
        for packet in container.demux(container.streams.audio[0]):
            sha.update(bytes(packet))
    return sha.hexdigest()


def chapters(path: Path) -> list[tuple[float, str]]:
    with av.open(str(path)) as container:
        return [(float(one["start"] * one["time_base"]), one["metadata"]["title"]) for one in container.chapters()]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_target_is_met_after_encoding(made: dict[str, tuple[Path, MasterReport]], kind: str) -> None:
    path, report = made[kind]
    assert report.after.integrated_lufs == pytest.approx(-16, abs=0.3)
    assert report.after.true_peak_dbtp <= -1.0
    assert report.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert report.duration_s == pytest.approx(9, abs=0.05)


@pytest.mark.parametrize("kind", FORMATS)
def test_chapters_are_those_of_the_episode(made: dict[str, tuple[Path, MasterReport]], kind: str) -> None:
    assert chapters(made[kind][0]) == [(one.start_s, one.title) for one in WORDS.chapters]


def test_tags_of_m4a_are_read_by_mutagen(made: dict[str, tuple[Path, MasterReport]]) -> None:
    tags = MP4(made["m4a"][0]).tags
    assert tags["\xa9nam"] == [WORDS.title]
    assert tags["\xa9alb"] == [WORDS.show]
    assert (tags["trkn"], tags["disk"]) == ([(7, 0)], [(2, 0)])
    assert tags["pcst"] is True
    assert tags["egid"] == ["b9f1"]


def test_comments_of_opus_are_read_by_mutagen(made: dict[str, tuple[Path, MasterReport]]) -> None:
    tags = OggOpus(made["opus"][0]).tags
    assert tags["TITLE"] == [WORDS.title]
    assert (tags["TRACKNUMBER"], tags["DISCNUMBER"]) == (["7"], ["2"])
    assert tags["CHAPTER001"] == ["00:00:04.500"]


@pytest.mark.parametrize("kind", FORMATS)
def test_new_words_take_the_room_of_the_old_ones(
    made: dict[str, tuple[Path, MasterReport]], tmp_path: Path, kind: str
) -> None:
    copy = tmp_path / f"copy.{kind}"
    copy.write_bytes(made[kind][0].read_bytes())
    node = copy.stat().st_ino
    retag(copy, replace(WORDS, title="Other words, and more of them than before"))
    assert (copy.stat().st_size, copy.stat().st_ino) == (made[kind][0].stat().st_size, node)
    assert packets(copy) == packets(made[kind][0])
    assert chapters(copy) == chapters(made[kind][0])
    with av.open(str(copy)) as container:
        told = {**container.metadata, **container.streams.audio[0].metadata}
    assert "Other words, and more of them than before" in told.values()


@pytest.mark.parametrize("kind", FORMATS)
def test_other_chapters_and_long_words_make_a_new_file_with_the_same_audio(
    made: dict[str, tuple[Path, MasterReport]], tmp_path: Path, kind: str
) -> None:
    copy = tmp_path / f"copy.{kind}"
    copy.write_bytes(made[kind][0].read_bytes())
    other = replace(WORDS, notes="Long. " * 20_000, chapters=(Chapter(start_s=1.25, title="Elsewhere"),))
    retag(copy, other)
    assert packets(copy) == packets(made[kind][0])
    assert chapters(copy)[-1] == (1.25, "Elsewhere")
    assert [left.name for left in tmp_path.iterdir()] == [copy.name]


@pytest.mark.parametrize("title", ["価格" * 60, "🎙" * 100, "x" * 254 + "é"], ids=["words", "pictures", "accent"])
def test_a_chapter_of_many_letters_is_cut_between_two_of_them(
    made: dict[str, tuple[Path, MasterReport]], tmp_path: Path, title: str
) -> None:
    copy = tmp_path / "copy.m4a"
    copy.write_bytes(made["m4a"][0].read_bytes())
    tags = replace(WORDS, chapters=(Chapter(start_s=0, title="Hello"), Chapter(start_s=2, title=title)))
    retag(copy, tags)
    listed = [chapter.title for chapter in MP4(copy).chapters]
    assert listed == [one for _start, one in chapters(copy)]
    assert title.startswith(listed[1])
    assert 250 < len(listed[1].encode()) <= 255
    before = copy.stat()
    retag(copy, tags)
    assert copy.stat().st_ino == before.st_ino


def test_a_number_that_is_a_date_is_left_out_where_two_bytes_hold_it(
    made: dict[str, tuple[Path, MasterReport]], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.m4a"
    copy.write_bytes(made["m4a"][0].read_bytes())
    retag(copy, replace(WORDS, number=20261203, season=65535))
    tags = MP4(copy).tags
    assert "trkn" not in tags
    assert tags["disk"] == [(65535, 0)]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_disk_that_is_full_while_tags_are_written_is_no_fault_of_the_file(
    made: dict[str, tuple[Path, MasterReport]], tmp_path: Path, kind: str
) -> None:
    resource = pytest.importorskip("resource")
    copy = tmp_path / f"copy.{kind}"
    copy.write_bytes(made[kind][0].read_bytes())
    save = {"m4a": mp4.save, "opus": vorbis.save}[kind]
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (copy.stat().st_size, most[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            save(copy, replace(WORDS, notes="Long. " * 20_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)


def test_nothing_comes_before_a_chapter_that_begins_within_the_first_millisecond(
    made: dict[str, tuple[Path, MasterReport]], tmp_path: Path
) -> None:
    copy = tmp_path / "copy.m4a"
    copy.write_bytes(made["m4a"][0].read_bytes())
    retag(copy, replace(WORDS, chapters=(Chapter(start_s=0.1 + 0.2 - 0.3, title="Hello"), WORDS.chapters[1])))
    assert [title for _start, title in chapters(copy)] == ["Hello", WORDS.chapters[1].title]
