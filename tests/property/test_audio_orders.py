"""What a worker is told arrives as it was meant, whatever the words, and without loading what takes long."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pillarcast.audio.orders import MasterJob, parsed
from pillarcast.audio.report import MasterReport
from pillarcast.audio.report import parsed as report_of
from pillarcast.audio.spec import MasterSpec
from pillarcast.audio.tags.table import Tags
from pillarcast.model.base import cleaned
from pillarcast.model.chapters import Chapter
from pillarcast.model.master import Course, Loudness

WORDS = st.text(max_size=20)
PATHS = st.text("aü/ '\"\\", min_size=1, max_size=9).map(Path)
CHAPTERS = st.builds(
    Chapter,
    start_s=st.floats(0, 1e5),
    title=WORDS.map(cleaned),
    url=WORDS.map(cleaned),
    image=WORDS.map(cleaned),
    is_silent=st.booleans(),
)
TAGS = st.builds(
    Tags,
    **dict.fromkeys(("title", "show", "host", "date", "summary", "notes", "guid", "language", "copyright"), WORDS),
    number=st.none() | st.integers(),
    artwork=st.none() | st.binary(min_size=1),
    chapters=st.lists(CHAPTERS, max_size=3).map(tuple),
    explicit=st.booleans(),
)
SPECS = st.builds(
    MasterSpec,
    format=st.sampled_from(["mp3", "m4a", "opus"]),
    loudness_lufs=st.floats(-30, -5),
    bitrate_kbps=st.integers(8, 512),
    trim_silence=st.booleans(),
    intro=st.none() | PATHS,
    outro=st.none() | PATHS,
)


@settings(deadline=None)
@given(st.builds(MasterJob, recording=PATHS, part=PATHS, spec=SPECS, tags=TAGS))
def test_an_order_arrives_as_it_was_given(job: MasterJob) -> None:
    line = job.rendered()
    assert "\n" not in line
    assert parsed(json.loads(line)) == job


@settings(deadline=None)
@given(st.text(max_size=30), st.floats(-99, 10), st.lists(WORDS, max_size=3).map(tuple))
def test_a_report_arrives_as_it_was_given(peaks: str, level: float, warnings: tuple[str, ...]) -> None:
    loudness, course = Loudness(integrated_lufs=level, range_lu=3, true_peak_dbtp=-1), Course(duration_s=9)
    report = MasterReport(
        sample_rate_hz=48000,
        channels=2,
        bitrate_kbps=96,
        duration_s=9.5,
        sha256="0",
        length_bytes=1,
        media_type="audio/mpeg",
        before=loudness,
        after=loudness,
        warnings=warnings,
        peaks=peaks,
        chapters_shift_s=0.0,
        course_before=course,
        course_after=course,
    )
    assert report_of(json.loads(json.dumps(report.rendered()))) == report


@pytest.mark.parametrize(("module", "too_soon"), [
    ("pillarcast.audio.mastering", {"pydantic", "mutagen", "numpy", "av"}),
    ("pillarcast.audio.worker", {"pydantic", "mutagen", "numpy", "av"}),
    ("pillarcast.audio.hearing", {"pydantic", "mutagen", "soundfile"}),
])  # fmt: skip
def test_what_runs_before_a_recording_is_heard_loads_little(module: str, too_soon: set[str]) -> None:
    asked = [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"]
    said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    assert too_soon & set(said.split()) == set()
