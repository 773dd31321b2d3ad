"""Recordings that are quick to make and behave like speech: syllables of noise with pauses between them."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

RATE = 44_100


def speech(path: Path, seconds: float = 4.0, seed: int = 1, level: float = 0.08) -> Path:
    """A WAV of `seconds`; every seed sounds different, so that no two recordings share their bytes."""
    rng = np.random.default_rng(seed)
    count = int(seconds * RATE)
    noise = np.convolve(rng.standard_normal(count), np.ones(12) / 12, mode="same")
    times = np.arange(count) / RATE
    syllables = np.clip(np.sin(2 * np.pi * 3.1 * times + seed), 0, 1) * (np.sin(2 * np.pi * 0.23 * times) > -0.8)
    samples = np.clip(noise * syllables * level / 0.3 * 32767, -32767, 32767).astype("<i2")
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path


def long_speech(path: Path, minutes: int, seed: int = 7) -> Path:
    """A minute over and over: long, and quick to make."""
    with wave.open(str(speech(path, 60.0, seed))) as one:
        parameters, minute = one.getparams(), one.readframes(one.getnframes())
    with wave.open(str(path), "wb") as file:
        file.setparams(parameters)
        for _ in range(minutes):
            file.writeframes(minute)
    return path
