"""Whatever its length, rate, channels and level: a recording becomes a master that keeps every promise."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pillarcast.audio.engine import mastered
from pillarcast.audio.hearing import heard
from pillarcast.audio.measure.surveying import survey_of
from pillarcast.audio.progress import unheard
from pillarcast.audio.read.recording import Recording
from pillarcast.audio.spec import MasterSpec
from tests.audio_support import TAGS, speech, write_wav

RATES_HZ = (8000, 11025, 16000, 22050, 32000, 44100, 48000, 88200, 96000)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seconds=st.floats(1.1, 5),
    rate_hz=st.sampled_from(RATES_HZ),
    channels=st.integers(1, 3),
    level=st.floats(0.004, 1.5),
    spoilt=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 8000), st.sampled_from([np.nan, np.inf, 1e30])), max_size=3
    ),
    target_lufs=st.sampled_from([-19.0, -16.0, -14.0]),
)
def test_every_recording_comes_out_right(  # noqa: PLR0917 - each of them is drawn
    seconds: float,
    rate_hz: int,
    channels: int,
    level: float,
    spoilt: list[tuple[int, int, float]],
    target_lufs: float,
) -> None:
    mono = speech(seconds, rate_hz, channels=min(channels, 2), level=level)
    pcm = np.concatenate([mono, mono[:1]])[:channels]
    for channel, at, value in spoilt:
        pcm[channel % channels, at % pcm.shape[1]] = value
    with tempfile.TemporaryDirectory() as folder:
        recording = write_wav(Path(folder) / "any.wav", pcm, rate_hz, "f32")
        out = Path(folder) / "any.mp3"
        spec = MasterSpec(loudness_lufs=target_lufs, quality="fast")
        report = mastered(lambda: heard(recording, unheard), out, spec, TAGS, unheard)
        made = Recording(out)
        survey = survey_of(made, made.most_samples)
    assert report.after.integrated_lufs == pytest.approx(target_lufs, abs=0.3)
    assert survey.integrated_lufs == pytest.approx(target_lufs, abs=0.3)
    assert survey.true_peak_dbtp <= -1.0 + 0.05
    assert report.sample_rate_hz in (44100, 48000)
    assert report.channels in (1, 2)
    assert report.duration_s == pytest.approx(pcm.shape[1] / rate_hz, abs=0.002)
    assert survey.duration_s == pytest.approx(report.duration_s, abs=0.0001)
