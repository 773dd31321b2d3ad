"""The minimum requirements of EBU Tech 3341 and 3342, on signals made from their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from pillarcast.audio.measure.loudness import decibels, lufs, range_lu, windowed
from pillarcast.audio.measure.meter import Meter
from pillarcast.audio.measure.surveying import survey_of
from pillarcast.audio.sound import regular
from tests.audio_support import Samples, sine, stereo

RATES = (44100, 48000)

# Tech 3341, table 1: levels in dBFS and seconds of a 1 kHz stereo tone, and the integrated loudness to be shown.
INTEGRATED = {
    "1": ([(-23.0, 20.0)], -23.0),
    "2": ([(-33.0, 20.0)], -33.0),
    "3": ([(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)], -23.0),
    "4": ([(-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0), (-72.0, 10.0)], -23.0),
    "5": ([(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)], -23.0),
}

# Tech 3342, table 1: levels of 1 kHz stereo for 20 s each, and the range.
RANGE = {
    "1": ([-20.0, -30.0], 10.0),
    "2": ([-20.0, -15.0], 5.0),
    "3": ([-40.0, -20.0], 20.0),
    "4": ([-50.0, -35.0, -20.0, -35.0, -50.0], 15.0),
}

# Tech 3341, cases 15 to 19: divisor of the rate, level in FFS as amplitude, phase in degrees, dBTP to be shown.
TRUE_PEAKS = {
    "15": (4, 0.50, 0.0, -6.0),
    "16": (4, 0.50, 45.0, -6.0),
    "17": (6, 0.50, 60.0, -6.0),
    "18": (8, 0.50, 67.5, -6.0),
    "19": (4, 1.41, 45.0, 3.0),
}


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("case", INTEGRATED)
def test_integrated_loudness_is_shown_within_a_tenth(case: str, rate_hz: int) -> None:
    steps, shown = INTEGRATED[case]
    tone = np.concatenate([sine(rate_hz, 1000, seconds, level) for level, seconds in steps])
    sound = Samples(stereo(tone), rate_hz)
    assert survey_of(sound, sound.length).integrated_lufs == pytest.approx(shown, abs=0.1)


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("case", RANGE)
def test_range_is_shown_within_one(case: str, rate_hz: int) -> None:
    levels, shown = RANGE[case]
    tone = np.concatenate([sine(rate_hz, 1000, 20, level) for level in levels])
    sound = Samples(stereo(tone), rate_hz)
    assert range_lu(survey_of(sound, sound.length).hops) == pytest.approx(shown, abs=1.0)


@pytest.mark.parametrize("rate_hz", RATES)
@pytest.mark.parametrize("case", TRUE_PEAKS)
def test_true_peak_is_shown_from_minus_four_to_plus_two_tenths(case: str, rate_hz: int) -> None:
    divisor, amplitude, degrees, shown = TRUE_PEAKS[case]
    tone = amplitude * np.sin(2 * np.pi / divisor * np.arange(rate_hz) + np.radians(degrees))
    ramp = np.minimum(1, np.arange(rate_hz) / 4800)
    sound = Samples(stereo(tone * ramp * ramp[::-1]), rate_hz)
    peak = decibels(survey_of(sound, sound.length).true_peak)
    assert shown - 0.4 <= peak <= shown + 0.2


@pytest.mark.parametrize("offset", [0, 1, 2, 3])
def test_peaks_between_samples_are_seen_wherever_they_fall(offset: int) -> None:
    """Tech 3341, cases 20 to 23: a burst at four times the rate, filtered and thinned from four beginnings."""
    burst = np.zeros(4 * 48000)
    at = np.arange(48 * 4 * 6)
    burst[96000 : 96000 + len(at)] = 0.5 * np.sin(2 * np.pi * at / 24) * np.hanning(len(at)) ** 0.1
    spectrum = np.fft.rfft(burst)
    spectrum[len(spectrum) // 4 :] = 0
    thinned = np.fft.irfft(spectrum)[offset::4]
    sound = Samples(stereo(thinned), 48000)
    assert decibels(survey_of(sound, sound.length).true_peak) == pytest.approx(-6.0, abs=0.4)


def test_short_term_loudness_follows_the_tone() -> None:
    """Tech 3341, case 9: 1.34 s at -20 and 1.66 s at -30 dBFS by turns hold the three-second window at -23 LUFS."""
    turn = np.concatenate([sine(48000, 1000, 1.34, -20), sine(48000, 1000, 1.66, -30)])
    sound = Samples(stereo(np.tile(turn, 5)), 48000)
    windows = windowed(survey_of(sound, sound.length).hops, 30)
    assert [lufs(energy) for energy in windows] == pytest.approx([-23.0] * len(windows), abs=0.1)


def test_one_channel_counts_half_of_two() -> None:
    tone = sine(48000, 1000, 5, -23)
    both, one = (survey_of(Samples(pcm), 5 * 48000).integrated_lufs for pcm in (stereo(tone), stereo(tone)[:1]))
    assert both - one == pytest.approx(3.01, abs=0.02)


def test_a_survey_in_parts_is_that_of_the_whole() -> None:
    """Over a minute a sound is surveyed on all cores; the meter that takes it in one go says the same."""
    rng = np.random.default_rng(3)
    pcm = (rng.standard_normal((2, 70 * 44100 + 777)) * np.linspace(0.01, 0.3, 70 * 44100 + 777)).astype(np.float32)
    sound = Samples(pcm, 44100)
    meter = Meter(44100, 2)
    for block in regular(sound.blocks(0, sound.length), 44100):
        meter.take(block)
    once, parts = meter.survey(), survey_of(sound, sound.length)
    assert parts.integrated_lufs == pytest.approx(once.integrated_lufs, abs=1e-4)
    assert np.allclose(parts.hops, once.hops, rtol=1e-3)
    assert np.array_equal(parts.peaks, once.peaks)
    assert parts.true_peak == once.true_peak
    assert parts.clipped == once.clipped
    assert (parts.length, len(parts.hops)) == (sound.length, len(once.hops))
