"""The picture of what mastering did: well-formed whatever the words, and every mark where it belongs."""

from __future__ import annotations

from base64 import b64encode
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarcast.model.base import FileRef
from pillarcast.model.master import Course, Loudness, Master
from pillarcast.render.receipt_picture import receipt_picture

SVG = "{http://www.w3.org/2000/svg}"
LEVELS = Loudness(integrated_lufs=-26.9, range_lu=9.8, true_peak_dbtp=-6.0, noise_floor_dbfs=-61.0)


def curve(*points: int) -> str:
    return b64encode(bytes(points)).decode()


def master(**changes: object) -> Master:
    file = FileRef(key="private/files/a.mp3", sha256="a" * 64, length_bytes=1, media_type="audio/mpeg")
    values = {
        "file": file,
        "duration_s": 100.0,
        "sample_rate_hz": 48000,
        "channels": 2,
        "bitrate_kbps": 96,
        "before": LEVELS,
        "after": LEVELS.model_copy(update={"integrated_lufs": -16.0}),
        "peaks": curve(10, 255, 0),
    }
    return Master.model_validate({**values, **changes})


def drawn(made: Master, before: Course, after: Course, title: str = "Pricing") -> ET.Element:
    return ET.fromstring(receipt_picture(title, made, before, after, -16.0))


def clips(root: ET.Element) -> list[tuple[float, float]]:
    marked = (rect for rect in root.iter(f"{SVG}rect") if rect.find(f"{SVG}title") is not None)
    return [(float(rect.attrib["x"]), float(rect.attrib["width"])) for rect in marked]


def test_clipped_places_stand_where_they_are_heard_in_the_master() -> None:
    before = Course(duration_s=120, curve=curve(100, 100), clipped_at_s=(5, 60, 61, 119))
    after = Course(duration_s=100, curve=curve(180, 180))
    marks = clips(drawn(master(chapters_shift_s=-10.0), before, after))
    width = 936 - 64
    assert marks == [(pytest.approx(64 + width * 0.5, abs=0.1), pytest.approx(width * 0.02, abs=0.1))]


def test_both_curves_are_drawn_and_told_in_words() -> None:
    course = Course(duration_s=100, curve=curve(*range(100, 200)))
    text = receipt_picture("Pricing", master(), course, course, -16.0).decode()
    assert text.count('fill="none"') == 2
    assert "before: -26.9 LUFS, range 9.8 LU, true peak -6.0 dBTP, noise -61 dBFS<" in text
    assert "after: -16.0 LUFS" in text


def test_channels_and_duration_stand_where_they_were_measured() -> None:
    course = Course(duration_s=100, curve=curve(100))
    before = LEVELS.model_copy(update={"channels": 2, "duration_s": 1252.4})
    after = LEVELS.model_copy(update={"channels": 1, "duration_s": 1250.0})
    text = receipt_picture("Pricing", master(before=before, after=after), course, course, -16.0).decode()
    assert "noise -61 dBFS, stereo, 20:52<" in text
    assert "noise -61 dBFS, mono, 20:50<" in text


@given(
    st.text(st.characters(codec=None, categories=None), max_size=40),
    st.binary(max_size=200),
    st.floats(-4e4, 4e4),
    st.floats(0, 5e4),
    st.lists(st.integers(0, 50_000), max_size=20),
)
def test_any_words_and_numbers_make_a_document(
    title: str, points: bytes, shift_s: float, duration_s: float, clipped: list[int]
) -> None:
    before = Course(duration_s=duration_s, curve=b64encode(points).decode(), clipped_at_s=tuple(clipped))
    root = drawn(master(chapters_shift_s=shift_s), before, before, title)
    assert root.tag == f"{SVG}svg"
    assert all(64 <= x <= 936.1 for x, _width in clips(root))


def test_an_older_master_without_curves_is_drawn_too() -> None:
    assert drawn(master(peaks=""), Course(duration_s=0), Course(duration_s=0)).tag == f"{SVG}svg"
