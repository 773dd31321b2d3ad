"""The demo show: what ships in the repository is what the rules ask of every owner, and is worth mastering."""

import re
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest
from PIL import Image

from pillarcast.model.chapters import parse_stamp
from pillarcast.model.notes import parse_notes
from pillarcast.settings import load

ROOT = Path(__file__).parents[2]
RECORDING = ROOT / "episodes/041-social-media-for-your-career.mp3"
NOTES = RECORDING.with_suffix(".md")
HOST_SPEAKS_S, GUEST_SPEAKS_S = (4, 15), (25, 33)


@pytest.fixture(scope="module")
def sound() -> tuple[np.ndarray, int]:
    return decoded(RECORDING)


def decoded(path: Path) -> tuple[np.ndarray, int]:
    """Samples of a mono file between -1 and 1, and how many there are in a second."""
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
        return np.concatenate(frames).astype(np.float64), container.streams.audio[0].rate


def level_db(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9))


def test_show_is_right_and_airs_on_thursdays() -> None:
    _, show = load(ROOT / "show.toml")
    assert show.show.category[0] == "Business > Careers"
    assert show.schedule.every == "Thursday 06:00"
    assert (ROOT / show.show.artwork).is_file()


def test_notes_use_what_the_docs_promise() -> None:
    front = parse_notes(NOTES.read_bytes(), NOTES.name).front
    assert (front.title, front.season, front.episode) == ("Social media for your career", 4, 41)
    assert [(guest.name, guest.role) for guest in front.guests] == [("Adrian Cole", "guest")]
    assert len(front.chapters) >= 3


def addresses() -> Iterator[str]:
    for path in (ROOT / "show.toml", NOTES):
        yield from re.findall(r"(?:https?://|@)([\w.-]+)", path.read_text("utf-8"))


def test_no_address_of_the_demo_belongs_to_anybody() -> None:
    found = list(addresses())
    assert len(found) > 5
    assert all(host == "example.com" or host.endswith(".example.com") for host in found)


def test_artwork_is_what_apple_prefers() -> None:
    path = ROOT / "artwork.jpg"
    with Image.open(path) as picture:
        assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (3000, 3000))
    assert path.stat().st_size < 500_000


def test_recording_is_small_and_not_mastered(sound: tuple[np.ndarray, int]) -> None:
    samples, rate = sound
    assert RECORDING.stat().st_size < 700_000
    assert 45 < len(samples) / rate < 75
    assert pyloudnorm.Meter(rate).integrated_loudness(samples) == pytest.approx(-25, abs=1)


def test_speakers_are_uneven(sound: tuple[np.ndarray, int]) -> None:
    samples, rate = sound
    meter = pyloudnorm.Meter(rate)
    host, guest = (
        meter.integrated_loudness(samples[start * rate : end * rate]) for start, end in (HOST_SPEAKS_S, GUEST_SPEAKS_S)
    )
    assert 4 < host - guest < 8


def test_chapters_begin_in_a_pause_before_somebody_speaks(sound: tuple[np.ndarray, int]) -> None:
    samples, rate = sound
    starts = [parse_stamp(chapter.at) for chapter in parse_notes(NOTES.read_bytes(), NOTES.name).front.chapters]
    assert starts[0] == 0
    assert starts == sorted(starts)
    for start in starts[1:]:
        at = int(start * rate)
        assert level_db(samples[at - rate // 4 : at]) < -45
        assert level_db(samples[at : at + rate]) > -35
