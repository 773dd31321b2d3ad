"""The limiter: the ceiling holds, seams leave no trace, and nothing pumps."""

from __future__ import annotations

import numpy as np
import pytest

from pillarcast.audio.kernels import LOOK_AHEAD, RELEASE
from pillarcast.audio.measure.loudness import amplitude
from pillarcast.audio.measure.surveying import survey_of
from pillarcast.audio.shape.gain import predicted_lufs, solved_gain
from pillarcast.audio.shape.limiter import Limited
from tests.audio_support import Samples, sine, speech, stereo, whole

CEILING = amplitude(-1.3)


@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_the_ceiling_holds_between_samples_too(rate_hz: int) -> None:
    sound = Samples(speech(12, rate_hz), rate_hz)
    limited = Limited(sound, 6.0, CEILING)
    survey = survey_of(limited, sound.length, limit=CEILING)
    assert survey.true_peak <= CEILING * 1.005


def test_any_stretch_is_that_of_the_whole_to_the_last_bit() -> None:
    sound = Samples(speech(8), 48000)
    limited = Limited(sound, 5.0, CEILING)
    everything = whole(limited.blocks(0, sound.length))
    for start, stop in ((0, 10), (47, 48), (100_003, 250_001), (300_000, sound.length)):
        assert np.array_equal(whole(limited.blocks(start, stop)), everything[:, start:stop])


def test_what_stays_below_the_ceiling_is_only_turned_up() -> None:
    sound = Samples(stereo(sine(48000, 440, 2, -20)), 48000)
    assert np.array_equal(whole(Limited(sound, 2.0, CEILING).blocks(0, sound.length)), sound.pcm * np.float32(2))


def test_a_click_does_not_make_the_tone_around_it_pump() -> None:
    """Gain is back within the release after a peak, and untouched before the look-ahead."""
    tone = sine(48000, 400, 2, -20)
    tone[48000:48024] += 2.0
    sound = Samples(stereo(tone), 48000)
    limited = whole(Limited(sound, 1.0, CEILING).blocks(0, sound.length))
    before, behind = 48000 - (LOOK_AHEAD + 2) * 48, 48024 + (RELEASE + LOOK_AHEAD + 2) * 48
    assert np.array_equal(limited[:, :before], sound.pcm[:, :before])
    assert np.array_equal(limited[:, behind:], sound.pcm[:, behind:])
    assert np.abs(limited[:, 48000:48024]).max() <= CEILING


def test_a_steady_low_voice_over_the_ceiling_is_turned_down_and_not_bent() -> None:
    """At 80 Hz a peak comes every six milliseconds: a gain that follows each of them would be distortion."""
    sound = Samples(stereo(sine(48000, 80, 2, 0)), 48000)
    limited = whole(Limited(sound, 2.0, CEILING).blocks(0, sound.length))[0, 24000:72000]
    spectrum = np.abs(np.fft.rfft(limited * np.hanning(len(limited))))
    fundamental, rest = spectrum[70:90].max(), spectrum[150:].max()
    assert 20 * np.log10(rest / fundamental) < -50


@pytest.mark.parametrize("target_lufs", [-23.0, -16.0, -12.0])
def test_the_gain_foresees_what_the_limiter_takes(target_lufs: float) -> None:
    sound = Samples(speech(20), 48000)
    survey = survey_of(sound, sound.length)
    gain = solved_gain(survey, target_lufs, CEILING)
    heard = survey_of(Limited(sound, gain, CEILING), sound.length)
    assert predicted_lufs(survey, gain, CEILING) == pytest.approx(target_lufs, abs=0.01)
    assert heard.integrated_lufs == pytest.approx(target_lufs, abs=0.15)


def test_numbers_that_are_none_are_silenced_before_anything_else() -> None:
    pcm = speech(3)
    pcm[0, 1000], pcm[1, 2000], pcm[0, 3000] = np.nan, np.inf, 1e30
    sound = Samples(pcm, 48000)
    limited = whole(Limited(sound, 1.0, CEILING).blocks(0, sound.length))
    assert np.isfinite(limited).all()
    assert survey_of(sound, sound.length).broken == 3
