"""The inner loops in C and in numpy: one contract for both, and what it takes that those in C are used."""

from __future__ import annotations

import ctypes
import platform
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pillarcast.audio import kernels
from pillarcast.audio.engine import mastered
from pillarcast.audio.hearing import heard
from pillarcast.audio.kernels import native, plain
from pillarcast.audio.kernels.filters import BlockFilter, k_weighting
from pillarcast.audio.progress import unheard
from pillarcast.audio.sound import Pcm, cell, hop
from pillarcast.audio.spec import MasterSpec
from tests.audio_support import TAGS, sine, speech, stereo, write_wav

HAS_COMPILER = any(map(shutil.which, ("cc", "gcc", "clang")))
BOTH = [
    pytest.param(plain, id="numpy"),
    pytest.param(native, id="c", marks=pytest.mark.skipif(not HAS_COMPILER, reason="a C compiler is not here")),
]
BEFORE_LUFS = -37.76
both = pytest.mark.parametrize("form", BOTH)

FLOATS = st.floats(width=32, allow_nan=True, allow_infinity=True, allow_subnormal=True)
SOUNDS = st.tuples(st.integers(1, 2), st.integers(0, 4)).flatmap(
    lambda shape: arrays(np.float32, (shape[0], shape[1] * 48), elements=st.floats(-64, 64, width=32))
)


def test_where_there_is_a_compiler_the_loops_in_c_are_taken() -> None:
    taken = "native" if HAS_COMPILER else "plain"
    assert kernels.cells.__module__ == f"pillarcast.audio.kernels.{taken}"


def test_a_library_of_another_source_is_not_used(tmp_path: Path) -> None:
    folder = tmp_path / "kernels"
    shutil.copytree(Path(kernels.__file__).parent, folder)
    assert (native.made_of_its_sources(folder) is None) == (not HAS_COMPILER)
    with (folder / "shaping.c").open("a") as source:
        source.write("/* a line more */\n")
    assert native.made_of_its_sources(folder) is None


@both
@given(arrays(np.float32, (2, 96), elements=FLOATS))
def test_the_highest_magnitude_is_found_and_what_is_no_number_shows(form: ModuleType, pcm: Pcm) -> None:
    with np.errstate(all="ignore"):
        found = form.cells(pcm, 48).peaks
    assert np.array_equal(found, np.abs(pcm.reshape(2, 2, 48)).max(axis=(0, 2)), equal_nan=True)


@both
@given(SOUNDS)
def test_sums_are_those_of_each_cell(form: ModuleType, pcm: Pcm) -> None:
    exact = pcm.reshape(len(pcm), -1, 48).astype(np.float64)
    found = form.cells(pcm, 48)
    assert_sums(found.sums, exact)
    assert_sums(found.squares, np.square(exact))
    assert_sums(form.cross(pcm, 48), exact[0] * exact[-1])


def assert_sums(found: np.ndarray, of: np.ndarray) -> None:
    """In single precision: as near as the sum of magnitudes allows."""
    assert np.all(np.abs(found - of.sum(axis=-1)) <= 1e-5 * np.abs(of).sum(axis=-1) + 1e-30)


@both
@given(arrays(np.int16, st.tuples(st.integers(0, 70), st.integers(1, 6))))
def test_channels_are_taken_apart(form: ModuleType, interleaved: np.ndarray) -> None:
    assert np.array_equal(form.apart(interleaved), interleaved.T / np.float32(32768))


@both
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_energies_are_those_of_the_filter_in_double_precision(form: ModuleType, rate_hz: int, channels: int) -> None:
    pcm = speech(3, rate_hz)[:channels]
    exact = BlockFilter(k_weighting(rate_hz), cell(rate_hz), channels, np.float64)(pcm)
    wanted = np.square(exact).reshape(channels, -1, hop(rate_hz)).sum(axis=(0, 2))
    weigh, half = form.weighing(rate_hz, channels), 14 * hop(rate_hz)
    found = np.concatenate([weigh(pcm[:, :half]), weigh(pcm[:, half:])])
    assert found == pytest.approx(wanted, rel=1e-4, abs=1e-9)


@both
@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_energies_are_the_same_however_the_sound_is_cut(form: ModuleType, cuts: list[int]) -> None:
    width = hop(48000)
    pcm = speech(8)[:, : sum(cuts) * width]
    weigh, places = form.weighing(48000, 2), np.cumsum([0, *cuts]) * width
    parts = [weigh(pcm[:, start:stop]) for start, stop in pairwise(places)]
    assert np.concatenate(parts) == pytest.approx(form.weighing(48000, 2)(pcm), rel=1e-4, abs=1e-9)


@both
def test_silence_after_sound_has_no_energy_at_last(form: ModuleType) -> None:
    weigh = form.weighing(48000, 2)
    weigh(speech(1))
    assert weigh(np.zeros((2, 48000 * 8), np.float32))[-1] < 1e-20


@both
@pytest.mark.parametrize("rate_hz", [44100, 48000])
def test_between_samples_the_top_of_a_sine_is_found(form: ModuleType, rate_hz: int) -> None:
    """A quarter of the rate, at 45 degrees: samples stand 3 dB below it."""
    pcm, size = stereo(sine(rate_hz, rate_hz / 4, 1, 0, phase=np.pi / 4)), cell(rate_hz)
    starts = np.arange(kernels.MARGIN, rate_hz - 2 * size, 7)
    assert np.abs(pcm).max() < 0.72
    assert form.between(pcm, starts, size) == pytest.approx(np.ones(len(starts)), abs=0.005)
    assert len(form.between(pcm[:, :5], starts[:0], size)) == 0


@both
@settings(max_examples=50)
@given(arrays(np.float32, st.integers(1, 200), elements=st.floats(0, 4, width=32)), st.floats(0.1, 1))
def test_the_gain_keeps_every_cell_below_the_ceiling(form: ModuleType, peaks: np.ndarray, ceiling: float) -> None:
    edges = form.gain_edges(peaks, ceiling)
    assert np.all(np.maximum(edges[:-1], edges[1:]) * peaks <= ceiling * (1 + 1e-5) + 1e-6)
    assert np.array_equal(edges, plain.gain_edges(peaks, ceiling))


@both
@given(SOUNDS, st.randoms())
def test_a_cell_goes_from_one_gain_to_the_next(form: ModuleType, pcm: Pcm, random: np.random.Generator) -> None:
    edges = np.array([random.choice([1.0, 1.0, 0.3, 0.9]) for _ in range(pcm.shape[1] // 48 + 1)], np.float32)
    line = np.interp(np.arange(pcm.shape[1]) / 48, np.arange(len(edges)), edges)
    changed, said = pcm.copy(), pcm.copy()
    form.attenuate(changed, edges, 48)
    plain.attenuate(said, edges, 48)
    assert changed == pytest.approx(pcm * line, rel=1e-5, abs=1e-5)
    assert np.array_equal(changed, said)


@pytest.mark.skipif(platform.machine() != "x86_64" or not HAS_COMPILER, reason="wants a compiler for x86-64")
@pytest.mark.parametrize("generation", ["x86-64", "x86-64-v2", "x86-64-v3"])
def test_samples_are_the_same_to_the_last_bit_on_every_processor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, generation: str
) -> None:
    pcm, starts = speech(2), np.arange(48, 48000, 48)
    edges = np.linspace(0.4, 1, pcm.shape[1] // 48 + 1, dtype=np.float32)
    interleaved = (pcm.T * 32767).astype(np.int16)

    def made() -> list[np.ndarray]:
        attenuated = pcm.copy()
        native.attenuate(attenuated, edges, 48)
        gains = native.gain_edges(native.cells(pcm, 48).peaks * 4, 0.5)
        return [attenuated, gains, native.between(pcm, starts, 48), native.apart(interleaved)]

    here = made()
    monkeypatch.setattr(native, "_library", lambda: native.declared(library_for(generation, tmp_path)))
    assert all(np.array_equal(a, b) for a, b in zip(here, made(), strict=True))


def library_for(generation: str, folder: Path) -> ctypes.CDLL:
    sources = map(str, Path(kernels.__file__).parent.glob("*.c"))
    wanted = [f"-march={generation}", "-DFOR_ANY_CPU=", "-DMADE_OF=0u", "-O3", "-ffp-contract=fast", "-std=gnu11"]
    subprocess.run(["cc", *wanted, "-shared", "-fPIC", *sources, "-o", str(folder / "one.so")], check=True)
    return ctypes.CDLL(str(folder / "one.so"))


@both
def test_what_is_not_in_rows_is_heard_as_well(form: ModuleType) -> None:
    pcm = np.ascontiguousarray(speech(1).T).T
    assert np.array_equal(form.cells(pcm, 48).peaks, form.cells(np.ascontiguousarray(pcm), 48).peaks)


@both
def test_a_master_keeps_its_promises_by_either_form(
    form: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("apart", "attenuate", "between", "cells", "cross", "gain_edges", "weighing"):
        monkeypatch.setattr(kernels, name, getattr(form, name))
    recording = write_wav(tmp_path / "talk.wav", speech(20, 44100, level=0.02), 44100)
    report = mastered(lambda: heard(recording, unheard), tmp_path / "talk.mp3", MasterSpec(), TAGS, unheard)
    assert report.before.integrated_lufs == pytest.approx(BEFORE_LUFS, abs=0.01)
    assert report.after.integrated_lufs == pytest.approx(-16, abs=0.1)
    assert report.after.true_peak_dbtp <= -1
