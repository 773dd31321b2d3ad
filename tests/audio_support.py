"""Sounds with known properties, for the tests of the mastering engine."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pillarcast.audio.sound import Pcm
from pillarcast.audio.tags.table import Tags

TAGS = Tags(title="An episode", show="A show", host="A host")


def sine(rate_hz: int, hz: float, seconds: float, level_dbfs: float, phase: float = 0.0) -> np.ndarray:
    """A tone whose peaks are at `level_dbfs`, in double precision."""
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    return 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * hz * at + phase)


def stereo(mono: np.ndarray) -> Pcm:
    return np.repeat(mono[None], 2, axis=0).astype(np.float32)


def speech(seconds: float, rate_hz: int = 48000, *, channels: int = 2, seed: int = 1, level: float = 0.25) -> Pcm:
    """Something like two voices: harmonics under syllables, breath noise, pauses; different in both channels."""
    rng = np.random.default_rng(seed)
    count = round(seconds * rate_hz)
    at = np.arange(count) / rate_hz
    pitch = 110 + 30 * np.sin(2 * np.pi * 0.31 * at) + 15 * np.sin(2 * np.pi * 1.7 * at)
    phase = 2 * np.pi * np.cumsum(pitch) / rate_hz
    tone = sum(np.sin(k * phase + k) / k for k in range(1, 16))
    syllables = np.clip(np.sin(2 * np.pi * 4.1 * at) + 0.4, 0, None) * (np.sin(2 * np.pi * 0.21 * at) > -0.8)
    breath = rng.standard_normal((channels, count)) * 0.02
    sides = np.array([[1.0], [0.55]])[:channels]
    return (level * (sides * tone * syllables + breath * (0.2 + syllables))).astype(np.float32)


def write_wav(path: Path, pcm: Pcm, rate_hz: int = 48000, kind: str = "s16") -> Path:
    """RIFF of 16-bit or float samples."""
    channels = len(pcm)
    samples = pcm.T.astype("<f4") if kind == "f32" else np.round(np.clip(pcm.T, -1, 1) * 32767).astype("<i2")
    content, width = samples.tobytes(), samples.dtype.itemsize
    head = struct.pack(
        "<HHIIHH", 3 if kind == "f32" else 1, channels, rate_hz, rate_hz * channels * width, channels * width, width * 8
    )
    body = b"WAVEfmt " + struct.pack("<I", 16) + head + b"data" + struct.pack("<I", len(content)) + content
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return path


@dataclass
class Samples:
    """An array as a sound that seeks, given out in uneven blocks as decoders do."""

    pcm: Pcm
    rate_hz: int = 48000
    seeks: bool = True
    step: int = 9973

    @property
    def channels(self) -> int:
        return len(self.pcm)

    @property
    def length(self) -> int:
        return self.pcm.shape[1]

    def blocks(self, start: int, stop: int) -> Iterator[Pcm]:
        for at in range(start, min(stop, self.length), self.step):
            yield self.pcm[:, at : min(at + self.step, stop)]


def whole(blocks: Iterator[Pcm]) -> Pcm:
    return np.concatenate(list(blocks), axis=1)


def needs(*programs: str) -> pytest.MarkDecorator:
    """Skips where apt has not brought these."""
    missing = [program for program in programs if shutil.which(program) is None]
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)} (apt)")
