"""IIR filters on whole blocks by matrix products, and the K-weighting of ITU-R BS.1770-4 made of them.

A block of samples goes through a Toeplitz matrix, the filter's state through small ones: the same output as sample by
sample, at the speed of the BLAS.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pillarcast.audio.sound import Pcm

_GROUP = 40
"""Blocks whose states are found by one product; between groups the state is carried in Python."""

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Biquad:
    """A second-order section; a0 is 1."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def k_weighting(rate_hz: int) -> tuple[Biquad, Biquad]:
    """The two sections of BS.1770-4 annex 1 for any rate, by bilinear transform of their analogue shapes."""
    k = math.tan(math.pi * 1681.974450955533 / rate_hz)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    band, norm = high**0.4996667741545416, 1 + k / q + k * k
    shelf = Biquad(
        (high + band * k / q + k * k) / norm,
        2 * (k * k - high) / norm,
        (high - band * k / q + k * k) / norm,
        2 * (k * k - 1) / norm,
        (1 - k / q + k * k) / norm,
    )
    k, q = math.tan(math.pi * 38.13547087602444 / rate_hz), 0.5003270373238773
    norm = 1 + k / q + k * k
    return shelf, Biquad(1.0, -2.0, 1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm)


def high_pass(rate_hz: int, corner_hz: float) -> tuple[Biquad]:
    """Second-order Butterworth high-pass."""
    k, q = math.tan(math.pi * corner_hz / rate_hz), math.sqrt(0.5)
    norm = 1 + k / q + k * k
    return (Biquad(1 / norm, -2 / norm, 1 / norm, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm),)


class BlockFilter:
    """A cascade of sections with its state. Every call but the last takes a whole number of blocks."""

    def __init__(self, sections: tuple[Biquad, ...], block: int, channels: int) -> None:
        self._block = block
        step, gain_in, gain_out, through = _state_space(sections)
        self._order = len(step)
        self._set_matrices(step, gain_in, gain_out, through)
        self._state = np.zeros((channels, self._order), np.float64)

    def __call__(self, pcm: Pcm) -> Pcm:
        """The filtered samples, of the same shape."""
        channels, length = pcm.shape
        if rest := length % self._block:
            padded = np.concatenate([pcm, np.zeros((channels, self._block - rest), np.float32)], axis=1)
            return self(padded)[:, :length]
        x = pcm.reshape(channels, -1, self._block)
        states = self._states(x @ self._into)
        y = x @ self._through
        y += states.astype(np.float32) @ self._out
        return y.reshape(channels, length)

    def _states(self, pushes: npt.NDArray[np.float32]) -> Matrix:
        """The state at the beginning of each block, from what each block adds to it; keeps the last."""
        channels, count, order = pushes.shape
        groups = -(-count // _GROUP)
        padded = np.zeros((channels, groups * _GROUP, order))
        padded[:, :count] = pushes
        alone = padded.reshape(channels, groups, -1) @ self._within
        starts = np.empty((channels, groups, order))
        state = self._state
        for group in range(groups):
            starts[:, group] = state
            state = alone[:, group, -order:] + state @ self._group_step
        states = (alone[:, :, :-order] + starts @ self._carried).reshape(channels, -1, order)
        self._state = self._after(states[:, count - 1], pushes[:, count - 1])
        return states[:, :count]

    def _after(self, state: Matrix, push: npt.NDArray[np.float32]) -> Matrix:
        return state @ self._block_step + push

    def _set_matrices(self, step: Matrix, gain_in: Matrix, gain_out: Matrix, through: float) -> None:
        block, order = self._block, self._order
        powers = [np.eye(order)]
        for _ in range(block):
            powers.append(powers[-1] @ step)
        impulse = [through, *(float(gain_out @ powers[k] @ gain_in) for k in range(block - 1))]
        toeplitz = np.zeros((block, block), np.float32)
        for row in range(block):
            toeplitz[row, row:] = impulse[: block - row]
        self._through = toeplitz
        self._into = np.array([powers[block - 1 - k] @ gain_in for k in range(block)], np.float32)
        self._out = np.array([gain_out @ powers[k] for k in range(block)], np.float32).T.copy()
        self._block_step = powers[block].T.copy()
        self._within, self._carried = _group_matrices(self._block_step)
        self._group_step = np.linalg.matrix_power(self._block_step, _GROUP)


def _group_matrices(step: Matrix) -> tuple[Matrix, Matrix]:
    """From the pushes of a group to its states (the last is the one after it), and from its first state to all."""
    order = len(step)
    powers = [np.linalg.matrix_power(step, k) for k in range(_GROUP)]
    within = np.zeros((_GROUP * order, (_GROUP + 1) * order))
    for push in range(_GROUP):
        for at in range(push + 1, _GROUP + 1):
            within[push * order : (push + 1) * order, at * order : (at + 1) * order] = powers[at - push - 1]
    return within, np.concatenate(powers, axis=1)


def _state_space(sections: tuple[Biquad, ...]) -> tuple[Matrix, Matrix, Matrix, float]:
    """x' = A x + B u, y = C x + D u of the cascade in transposed direct form II."""
    a, b, c, d = np.zeros((0, 0)), np.zeros(0), np.zeros(0), 1.0
    for s in sections:
        a2 = np.array([[-s.a1, 1.0], [-s.a2, 0.0]])
        b2 = np.array([s.b1 - s.a1 * s.b0, s.b2 - s.a2 * s.b0])
        c2 = np.array([1.0, 0.0])
        size = len(a)
        joined = np.zeros((size + 2, size + 2))
        joined[:size, :size], joined[size:, size:] = a, a2
        joined[size:, :size] = np.outer(b2, c)
        a, b, c, d = joined, np.concatenate([b, b2 * d]), np.concatenate([s.b0 * c, c2]), s.b0 * d
    return a, b, c, d
