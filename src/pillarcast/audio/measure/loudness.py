"""Loudness from the K-weighted energies of 100 ms hops: ITU-R BS.1770-4 gating and EBU Tech 3342 range."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

ABSOLUTE_GATE_LUFS = -70.0
SILENCE_LUFS = -99.0
"""What stands for minus infinity."""

Energies = npt.NDArray[np.float64]
"""Mean square of each whole hop, summed over channels."""

_MOMENTARY_HOPS = 4
_SHORT_TERM_HOPS = 30


def lufs(energy: float) -> float:
    """Energy as loudness; -inf for none."""
    return -0.691 + 10 * math.log10(energy) if energy > 0 else -math.inf


def energy_of(loudness_lufs: float) -> float:
    """The inverse of `lufs`."""
    return float(10 ** ((loudness_lufs + 0.691) / 10))


def decibels(amplitude: float) -> float:
    """An amplitude in decibels of full scale; SILENCE_LUFS for none."""
    return max(20 * math.log10(amplitude), SILENCE_LUFS) if amplitude > 0 else SILENCE_LUFS


def amplitude(level_db: float) -> float:
    """The inverse of `decibels`."""
    return float(10 ** (level_db / 20))


def windowed(hops: Energies, width: int) -> Energies:
    """Mean energy of every `width` hops in a row."""
    if len(hops) < width:
        return np.zeros(0)
    total = np.concatenate([[0.0], np.cumsum(hops)])
    return np.asarray(np.maximum(total[width:] - total[:-width], 0) / width)


def integrated_lufs(hops: Energies) -> float:
    """Gated loudness of the whole; -inf where nothing is above the absolute gate."""
    blocks = windowed(hops, _MOMENTARY_HOPS)
    loud = blocks[blocks > energy_of(ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return -math.inf
    return lufs(float(loud[loud > loud.mean() / 10].mean()))


def range_lu(hops: Energies) -> float:
    """Loudness range: from the 10th to the 95th percentile of short-term loudness, gated 20 LU below its mean."""
    blocks = windowed(hops, _SHORT_TERM_HOPS)
    loud = blocks[blocks > energy_of(ABSOLUTE_GATE_LUFS)]
    if not len(loud):
        return 0.0
    kept = loud[loud > loud.mean() / 100]
    low, high = np.percentile(kept, (10, 95), method="nearest")
    return float(10 * np.log10(high / low))


def short_term_lufs(hops: Energies) -> npt.NDArray[np.float64]:
    """Loudness of the three seconds around each hop, for pictures and for levelling."""
    width = min(_SHORT_TERM_HOPS, len(hops))
    if width == 0:
        return np.zeros(0)
    blocks = windowed(hops, width)
    before = (width - 1) // 2
    padded = np.pad(blocks, (before, len(hops) - len(blocks) - before), mode="edge")
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(padded, 1e-12)))
