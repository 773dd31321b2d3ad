"""Encoded in parts and joined, a master is that of a single pass: not alike, but the same to the last sample."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pillarcast.audio.measure.loudness import amplitude
from pillarcast.audio.mp3.encoding import Cut, encode
from pillarcast.audio.mp3.lame import Setting
from pillarcast.audio.mp3.segments import FRAME
from pillarcast.audio.mp3.stream import stream_of
from pillarcast.audio.shape.limiter import Limited
from pillarcast.audio.sound import Pcm
from tests.audio_support import Samples, speech, whole


def heard(sound: Limited, length: int, parts: int, folder: Path) -> tuple[Pcm, int, int]:
    """What is decoded, the number of frames, and the padding."""
    path = folder / f"{parts}.frames"
    encoded = encode(sound, Cut(length, parts), Setting(96, "fast"), path)
    stream = stream_of(path, encoded.first_byte, encoded.offsets)
    assert encoded.offsets[-1] == len(stream.content)
    return whole(stream.blocks(0, length)), stream.frames, encoded.padding


@pytest.mark.parametrize(("rate_hz", "channels"), [(44100, 2), (48000, 1)])
def test_three_parts_are_one_pass(tmp_path: Path, rate_hz: int, channels: int) -> None:
    source = Samples(speech(45, rate_hz, channels=channels), rate_hz)
    limited = Limited(source, 3.0, amplitude(-1.3))
    once, frames, padding = heard(limited, source.length, 1, tmp_path)
    joined, *rest = heard(limited, source.length, 3, tmp_path)
    assert rest == [frames, padding]
    assert np.array_equal(once, joined)
    assert joined.shape[1] == source.length
    assert frames * FRAME == source.length + 576 + padding


def test_what_is_too_short_for_its_parts_is_encoded_all_the_same(tmp_path: Path) -> None:
    source = Samples(speech(2), 48000)
    limited = Limited(source, 1.0, amplitude(-1.3))
    once = heard(limited, source.length, 1, tmp_path)
    joined = heard(limited, source.length, 8, tmp_path)
    assert once[1:] == joined[1:]
    assert np.array_equal(once[0], joined[0])


def test_a_frame_that_is_not_there_is_no_silence(tmp_path: Path) -> None:
    source = Samples(speech(6), 48000)
    path = tmp_path / "frames"
    encoded = encode(Limited(source, 1.0, amplitude(-1.3)), Cut(source.length, 1), Setting(96, "fast"), path)
    stream = stream_of(path, encoded.first_byte, encoded.offsets)
    begin, end = encoded.offsets[90:92]
    stream.content[begin:end] = 0
    with pytest.raises(ValueError, match="are there"):
        whole(stream.blocks(0, source.length))
