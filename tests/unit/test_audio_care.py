"""Care for speech: what each optional treatment does to the sound, and where chapters stand afterwards."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import av
import numpy as np
import pytest

from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.audio.measure.loudness import decibels
from pillarcast.audio.measure.surveying import survey_of
from pillarcast.audio.shape.joined import Joined, Piece
from pillarcast.audio.shape.levels import speaker_levels_db
from pillarcast.audio.shape.treatment import Treated, Treatment
from pillarcast.audio.shape.trimming import spoken_range
from pillarcast.audio.sound import Pcm
from pillarcast.errors import RecordingRefused
from pillarcast.model.chapters import Chapter
from tests.audio_support import TAGS, Samples, sine, speech, stereo, whole, write_wav

RATE = 48000
STRAIGHT = ((1.0, 0.0), (0.0, 1.0))
WHOLE = Treatment(0, 60 * RATE, STRAIGHT, (0.0, 0.0))


def treated(sound: Samples, **changes: object) -> Pcm:
    treatment = replace(WHOLE, stop=sound.length, **changes)  # type: ignore[arg-type]
    return whole(Treated(sound, treatment).blocks(0, sound.length))


def level(pcm: Pcm) -> float:
    return decibels(float(np.sqrt(np.mean(np.square(pcm, dtype=np.float64)))))


@cache
def two_speakers(apart_db: float) -> Samples:
    """Ten seconds of one, ten of the other, three times."""
    near, far = speech(10, seed=1), speech(10, seed=2) * np.float32(10 ** (-apart_db / 20))
    return Samples(np.concatenate([near, far] * 3, axis=1))


def test_a_far_speaker_is_brought_up_and_a_near_one_down() -> None:
    sound = two_speakers(12)
    levels = speaker_levels_db(survey_of(sound, sound.length))
    assert levels is not None
    heard = treated(sound, levels_db=levels)
    near, far = (level(heard[:, at * RATE : (at + 8) * RATE]) for at in (21, 31))
    assert near - far < 6
    before = [level(sound.pcm[:, at * RATE : (at + 8) * RATE]) for at in (21, 31)]
    assert before[0] - before[1] == pytest.approx(12, abs=0.5)


def test_speakers_that_are_alike_are_left_alone() -> None:
    sound = two_speakers(1.5)
    assert speaker_levels_db(survey_of(sound, sound.length)) is None


def test_levelling_does_not_touch_what_lies_within_a_phrase() -> None:
    """No compressor: within a speaker's turn the relation of loud and soft syllables stays."""
    sound = two_speakers(12)
    heard = treated(sound, levels_db=speaker_levels_db(survey_of(sound, sound.length)))
    inside = slice(22 * RATE, 28 * RATE)
    ratio = np.abs(heard[0, inside]).clip(1e-6) / np.abs(sound.pcm[0, inside]).clip(1e-6)
    loud = np.abs(sound.pcm[0, inside]) > 0.02
    assert 20 * np.log10(ratio[loud].max() / ratio[loud].min()) < 1.0


def test_rumble_goes_and_the_voice_stays() -> None:
    rumble, voice = sine(RATE, 20, 4, -20), sine(RATE, 300, 4, -20)
    low, high = (treated(Samples(stereo(tone)), has_high_pass=True)[:, RATE:] for tone in (rumble, voice))
    assert level(low) < level(stereo(rumble)) - 20
    assert level(high) == pytest.approx(level(stereo(voice)), abs=0.2)


def test_a_filtered_stretch_is_that_of_the_whole() -> None:
    sound = Samples(speech(8))
    treatment = replace(WHOLE, stop=sound.length, has_high_pass=True)
    everything = whole(Treated(sound, treatment).blocks(0, sound.length))
    for start, stop in ((100_003, 250_001), (300_000, sound.length)):
        part = whole(Treated(sound, treatment).blocks(start, stop))
        assert np.allclose(part, everything[:, start:stop], atol=1e-6)


def test_long_silence_at_both_ends_is_cut_but_for_a_breath() -> None:
    hush = np.zeros((2, 6 * RATE), np.float32)
    sound = Samples(np.concatenate([hush, speech(10), hush], axis=1))
    start, stop = spoken_range(survey_of(sound, sound.length))
    assert 5.0 <= start / RATE <= 6.0
    assert 16.0 <= stop / RATE <= 17.5
    short = Samples(np.concatenate([hush[:, :RATE], speech(10)], axis=1))
    assert spoken_range(survey_of(short, short.length)) == (0, short.length)


def test_pieces_follow_each_other_without_a_gap_from_any_place_on() -> None:
    one, two, three = (Samples(speech(seconds, seed=seed)) for seconds, seed in ((0.31, 1), (2.0, 2), (0.7, 3)))
    joined = Joined([Piece(one, one.length), Piece(two, two.length, 0.5), Piece(three, three.length)], 2)
    wanted = np.concatenate([one.pcm, two.pcm * np.float32(0.5), three.pcm], axis=1)
    assert np.array_equal(whole(joined.blocks(0, joined.length)), wanted)
    assert np.array_equal(whole(joined.blocks(14_000, 120_000)), wanted[:, 14_000:120_000])


@pytest.fixture(scope="module")
def beds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A recording with silence in front, an intro of a third of a second, and an outro in mono at another rate."""
    folder = tmp_path_factory.mktemp("beds")
    hush = np.zeros((2, 4 * RATE), np.float32)
    recording = write_wav(folder / "voice.wav", np.concatenate([hush, speech(10, level=0.1)], axis=1))
    intro = write_wav(folder / "intro.wav", stereo(sine(RATE, 880, 0.33, -12)))
    outro = write_wav(folder / "outro.wav", sine(44100, 440, 2.0, -30)[None].astype(np.float32), 44100)
    return recording, intro, outro


def test_beds_are_joined_at_the_loudness_of_the_voice_and_chapters_move_along(
    beds: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    recording, intro, outro = beds
    tags = replace(TAGS, chapters=(Chapter(start_s=4.0, title="Hello"), Chapter(start_s=9.0, title="More")))
    spec = MasterSpec(trim_silence=True, intro=intro, outro=outro)
    report = master(recording, tmp_path / "m.mp3", spec, tags)
    cut = 3.5
    assert report.chapters_shift_s == pytest.approx(0.33 - cut, abs=0.11)
    assert report.duration_s == pytest.approx(0.33 + 14 - cut + 2.0, abs=0.11)
    with av.open(str(tmp_path / "m.mp3")) as container:
        starts = [float(one["start"] * one["time_base"]) for one in container.chapters()]
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    assert starts == pytest.approx([4.0 + report.chapters_shift_s, 9.0 + report.chapters_shift_s], abs=0.002)
    tail = heard[:, -int(1.5 * RATE) : -int(0.2 * RATE)]
    assert level(tail) == pytest.approx(-16, abs=4)
    assert report.after.integrated_lufs == pytest.approx(-16, abs=0.3)
    assert any("cut at the head" in words for words in report.warnings)


def test_a_silent_bed_is_refused_by_its_own_name(beds: tuple[Path, Path, Path], tmp_path: Path) -> None:
    quiet = write_wav(tmp_path / "quiet.wav", np.zeros((1, RATE // 2), np.float32))
    with pytest.raises(RecordingRefused, match=r"quiet\.wav"):
        master(beds[0], tmp_path / "m.mp3", MasterSpec(intro=quiet), TAGS)
    assert not (tmp_path / "m.mp3").exists()


@pytest.mark.parametrize(("voices", "sides"), [(1, 2), (2, 1)])
def test_a_bed_in_other_channels_is_as_loud_as_the_voice(tmp_path: Path, voices: int, sides: int) -> None:
    """Of different tones on both sides half of the power is left in one channel."""
    voice = write_wav(tmp_path / "voice.wav", speech(8, channels=voices, level=0.1))
    tones = [sine(RATE, hz, 4, -20) for hz in (700, 1100)][:sides]
    intro = write_wav(tmp_path / "intro.wav", np.stack(tones).astype(np.float32))
    master(voice, tmp_path / "m.mp3", MasterSpec(intro=intro), TAGS)
    with av.open(str(tmp_path / "m.mp3")) as container:
        heard = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    before, after = (Samples(heard[:, first:last]) for first, last in ((0, 4 * RATE), (4 * RATE, 12 * RATE)))
    loudness = [survey_of(part, part.length).integrated_lufs for part in (before, after)]
    assert loudness[0] == pytest.approx(loudness[1], abs=0.5)


def test_a_bed_whose_sides_cancel_each_other_in_one_channel_is_refused(tmp_path: Path) -> None:
    tone = sine(RATE, 440, 2, -20)
    intro = write_wav(tmp_path / "intro.wav", np.stack([tone, -tone]).astype(np.float32))
    voice = write_wav(tmp_path / "voice.wav", speech(3, channels=1))
    with pytest.raises(RecordingRefused, match=r"intro\.wav.*cancel each other"):
        master(voice, tmp_path / "m.mp3", MasterSpec(intro=intro), TAGS)
