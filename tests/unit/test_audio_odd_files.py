"""Recordings as odd recorders and programs leave them: read to the last sample, or refused in words that fit."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import numpy as np
import pytest

from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.audio.read import matroska
from pillarcast.audio.read.probe import _number
from pillarcast.audio.read.recording import Recording
from pillarcast.errors import RecordingRefused
from tests.audio_support import TAGS, sine, speech, stereo, whole, write_wav

RATE = 48000


def made(recording: Path, **spec: object) -> object:
    return master(recording, recording.with_suffix(".mp3"), MasterSpec(**spec), TAGS)  # type: ignore[arg-type]


@pytest.mark.parametrize("form", [b"RF64", b"BW64"])
def test_what_stands_behind_the_samples_of_a_wide_wav_is_not_heard(tmp_path: Path, form: bytes) -> None:
    plain = write_wav(tmp_path / "plain.wav", speech(2)).read_bytes()
    sizes = struct.pack("<QQQI", 0, len(plain) - 44, 0, 0)
    notes = b"axml" + struct.pack("<I", 60000) + bytes(range(1, 251)) * 240
    wide = form + b"\xff" * 4 + b"WAVEds64" + struct.pack("<I", len(sizes)) + sizes
    (tmp_path / "wide.wav").write_bytes(wide + plain[12:40] + b"\xff" * 4 + plain[44:] + notes)
    recording = Recording(tmp_path / "wide.wav")
    assert recording.most_samples == 2 * RATE
    assert np.array_equal(
        whole(recording.blocks(0, 3 * RATE)), whole(Recording(tmp_path / "plain.wav").blocks(0, 2 * RATE))
    )


@pytest.mark.parametrize("channels", [8, 16])
def test_eight_channels_and_more_are_resampled_and_mixed(tmp_path: Path, channels: int) -> None:
    voice = speech(2, 32000, channels=1)
    report = made(write_wav(tmp_path / "many.wav", np.repeat(voice, channels, axis=0), 32000))
    assert (report.duration_s, report.channels) == (2.0, 1)  # type: ignore[attr-defined]


def test_sound_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    content = bytearray(write_wav(tmp_path / "kind.wav", speech(2)).read_bytes())
    content[20:22] = b"\x99\x99"
    (tmp_path / "kind.wav").write_bytes(content)
    with pytest.raises(RecordingRefused, match="of a kind that we cannot decode"):
        made(tmp_path / "kind.wav")


def test_an_opus_that_goes_on_in_other_channels_is_refused(tmp_path: Path) -> None:
    parts = [_opus(tmp_path / f"{layout}.opus", layout) for layout in ("stereo", "mono")]
    (tmp_path / "joined.opus").write_bytes(b"".join(parts))
    with pytest.raises(RecordingRefused, match="joined of parts that are not alike"):
        made(tmp_path / "joined.opus")


@pytest.mark.parametrize("suffix", [".mka", ".webm"])
def test_a_copy_of_matroska_that_stopped_says_where(tmp_path: Path, suffix: str) -> None:
    content = _opus(tmp_path / f"whole{suffix}", "mono", seconds=8)
    assert Recording(tmp_path / f"whole{suffix}").shape.claimed_s == pytest.approx(8, abs=0.05)
    (tmp_path / f"half{suffix}").write_bytes(content[: len(content) // 2])
    with pytest.raises(RecordingRefused, match=r"ends after 0:0\d of 0:08: the copy is incomplete"):
        made(tmp_path / f"half{suffix}")


@pytest.mark.parametrize("head", [b"", b"\x1a", b"\x1a\x45\xdf\xa3", bytes(40), b"\x18\x53\x80\x67\x01" + b"\xff" * 90])
def test_a_matroska_that_does_not_say_how_long_it_is_claims_nothing(tmp_path: Path, head: bytes) -> None:
    (tmp_path / "live.webm").write_bytes(head)
    assert matroska.claimed_s(tmp_path / "live.webm") is None


def _opus(path: Path, layout: str, seconds: float = 2) -> bytes:
    pcm = speech(seconds, channels=2 if layout == "stereo" else 1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libopus", rate=RATE, layout=layout)
        frame = av.AudioFrame.from_ndarray(pcm, format="fltp", layout=layout)
        frame.sample_rate = RATE
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return path.read_bytes()


@pytest.mark.parametrize("spec", [{"channels": "mono", "repair": False}, {"channels": "mono", "high_pass": True}])
def test_what_treatment_leaves_nothing_of_is_refused_and_no_fault_of_ours(tmp_path: Path, spec: dict[str, str]) -> None:
    """Opposed channels in one; a hum below what is filtered."""
    tone = sine(RATE, 12 if "high_pass" in spec else 500, 3, -35)
    with pytest.raises(RecordingRefused, match="as good as silent as it is treated"):
        made(write_wav(tmp_path / "gone.wav", np.stack([tone, -tone]), kind="f32"), **spec)


def test_one_voice_in_two_channels_that_is_too_soft_for_one_is_refused(tmp_path: Path) -> None:
    """-69.5 LUFS of two channels are -72.5 of one, below what loudness is measured from."""
    with pytest.raises(RecordingRefused, match="too soft"):
        made(write_wav(tmp_path / "soft.wav", stereo(sine(RATE, 997, 3, -69.5)), kind="f32"))


def test_floating_point_as_large_as_whole_numbers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingRefused, match="far beyond full scale"):
        made(write_wav(tmp_path / "large.wav", speech(2) * 32768, kind="f32"))


def test_a_loudness_that_cannot_be_reached_is_told_and_takes_no_encoder_down(tmp_path: Path) -> None:
    with pytest.raises(RecordingRefused, match=r"cannot be brought to -9\.0 LUFS with peaks below -5\.0 dBTP"):
        made(write_wav(tmp_path / "loud.wav", speech(4)), loudness_lufs=-9.0, true_peak_dbtp=-5.0)


def test_24_bits_in_places_of_32_are_refused_and_no_copy_is_blamed(tmp_path: Path) -> None:
    plain = write_wav(tmp_path / "plain.wav", speech(2), kind="f32").read_bytes()
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    kind = struct.pack("<HHIIHHHHI", 0xFFFE, 2, RATE, RATE * 8, 8, 32, 22, 24, 3) + guid
    (tmp_path / "wide.wav").write_bytes(plain[:16] + struct.pack("<I", len(kind)) + kind + plain[36:])
    with pytest.raises(RecordingRefused, match="places wider than they are"):
        made(tmp_path / "wide.wav")


@pytest.mark.parametrize(("said", "number"), [("7/12", 7), ("0", None), ("042", 42), ("9" * 5000, None), ("B7", None)])
def test_a_number_that_is_none_is_passed_over(said: str, number: int | None) -> None:
    assert _number(said) == number


def test_damage_near_the_end_is_told_though_parts_are_read_again_and_not_to_their_end(tmp_path: Path) -> None:
    """Of a minute and more, two parts are encoded side by side, each decoded from the beginning."""
    made(write_wav(tmp_path / "voice.wav", speech(64)), loudness_lufs=-23.0, quality="fast")
    content = (tmp_path / "voice.mp3").read_bytes()
    at = len(content) * 97 // 100
    (tmp_path / "harmed.mp3").write_bytes(content[:at] + b"\x11" * 900 + content[at:])
    report = master(tmp_path / "harmed.mp3", tmp_path / "out.mp3", MasterSpec(quality="fast"), TAGS)
    assert any(words.startswith("damaged at 1:0") for words in report.warnings)


def test_amr_is_as_long_as_it_is_found(tmp_path: Path) -> None:
    """Frames of 20 ms at 12.2 kbit/s, as telephones record them."""
    noise = np.random.default_rng(1).integers(0, 256, (1500, 31), np.uint8)
    (tmp_path / "call.amr").write_bytes(b"#!AMR\n" + b"".join(b"\x3c" + frame.tobytes() for frame in noise))
    report = made(tmp_path / "call.amr")
    assert report.duration_s == pytest.approx(30, abs=0.02)  # type: ignore[attr-defined]
