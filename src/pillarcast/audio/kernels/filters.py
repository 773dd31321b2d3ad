"""IIR filters on whole blocks by matrix products: the output of sample-by-sample filtering at the speed of the BLAS.

Within a block the impulse response is a Toeplitz matrix. What blocks do to the state is found by products as well: of
groups of blocks, then of groups of groups.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from pillarcast.audio.sound import Pcm

_GROUP = 8
"""Of 4 to 32, what takes the least time for four seconds."""
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Biquad:
    """A second-order section; a0 is 1."""

    b0: float
    b1: float
    b2: float
    a1: float
    a2: float


def k_weighting(rate_hz: int) -> tuple[Biquad, ...]:
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


def high_pass(rate_hz: int, corner_hz: float) -> tuple[Biquad, ...]:
    """Second-order Butterworth high-pass."""
    k, q = math.tan(math.pi * corner_hz / rate_hz), math.sqrt(0.5)
    norm = 1 + k / q + k * k
    return (Biquad(1 / norm, -2 / norm, 1 / norm, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm),)


class BlockFilter:
    """A cascade of sections with its state. Every call but the last takes a whole number of blocks.

    In double precision, once rounded, what comes out is the same to the last bit wherever filtering began.
    """

    def __init__(
        self, sections: tuple[Biquad, ...], block: int, channels: int, precision: type[np.floating] = np.float32
    ) -> None:
        self._kernel = _kernel(sections, block, np.dtype(precision).char)
        self._block, self._order = block, self._kernel.order
        self._state = np.zeros((channels, self._order))

    def __call__(self, pcm: Pcm) -> npt.NDArray[np.floating]:
        """The filtered samples, of the same shape."""
        channels, length = pcm.shape
        if rest := length % self._block:
            padded = np.concatenate([pcm, np.zeros((channels, self._block - rest), np.float32)], axis=1)
            return self(padded)[:, :length]
        joined = np.empty((channels, length // self._block, self._block + self._order), self._kernel.matrix.dtype)
        joined[:, :, : self._block] = pcm.reshape(channels, -1, self._block)
        pushes = joined[:, :, : self._block] @ self._kernel.into
        joined[:, :, self._block :], self._state = self._kernel.scan(pushes.astype(np.float64), self._state)
        return np.asarray((joined @ self._kernel.matrix).reshape(channels, length))


@dataclass(frozen=True)
class _Kernel:
    """What a block does: `into` to the state, `matrix` (of samples and state) to its samples."""

    order: int
    into: npt.NDArray[np.floating]
    matrix: npt.NDArray[np.floating]
    scan: _Scan


@cache
def _kernel(sections: tuple[Biquad, ...], block: int, precision: str) -> _Kernel:
    step, gain_in, gain_out, through = _state_space(sections)
    powers = [np.eye(len(step))]
    for _ in range(block):
        powers.append(powers[-1] @ step)
    response = [through, *(float(gain_out @ powers[k] @ gain_in) for k in range(block - 1))]
    into = np.array([powers[block - 1 - k] @ gain_in for k in range(block)], precision)
    tail = np.array([gain_out @ powers[k] for k in range(block)]).T
    matrix = np.concatenate([_toeplitz(response), tail]).astype(precision)
    return _Kernel(len(step), into, matrix, _Scan(powers[block].T))


class _Scan:
    """States before each block from what each block adds to them: s[k+1] = s[k] A + push[k]."""

    def __init__(self, step: Matrix) -> None:
        order = len(step)
        powers = [np.eye(order)]
        for _ in range(_GROUP):
            powers.append(powers[-1] @ step)
        self._step = step
        self._group_step = powers[_GROUP]
        self._carried = np.concatenate(powers[:_GROUP], axis=1)
        self._within = np.zeros((_GROUP * order, (_GROUP + 1) * order))
        for push in range(_GROUP):
            for at in range(push + 1, _GROUP + 1):
                rows, columns = slice(push * order, (push + 1) * order), slice(at * order, (at + 1) * order)
                self._within[rows, columns] = powers[at - push - 1]
        self._above: _Scan | None = None

    def __call__(self, pushes: Matrix, first: Matrix) -> tuple[Matrix, Matrix]:
        """Shapes (channels, blocks, order) and (channels, order); the second result is the state after all."""
        channels, count, order = pushes.shape
        groups = -(-count // _GROUP)
        padded = np.zeros((channels, groups * _GROUP, order))
        padded[:, :count] = pushes
        alone = padded.reshape(channels, groups, -1) @ self._within
        starts = self._starts(alone[:, :, -order:], first)
        states = (alone[:, :, :-order] + starts @ self._carried).reshape(channels, -1, order)
        return states[:, :count], states[:, count - 1] @ self._step + pushes[:, -1]

    def _starts(self, pushes: Matrix, first: Matrix) -> Matrix:
        if pushes.shape[1] == 1:
            return first[:, None]
        if self._above is None:
            self._above = _Scan(self._group_step)
        return self._above(pushes, first)[0]


def _toeplitz(response: list[float]) -> Matrix:
    size = len(response)
    matrix = np.zeros((size, size))
    for row in range(size):
        matrix[row, row:] = response[: size - row]
    return matrix


def _state_space(sections: tuple[Biquad, ...]) -> tuple[Matrix, Matrix, Matrix, float]:
    """x' = A x + B u, y = C x + D u of the cascade in transposed direct form II."""
    a, b, c, d = np.zeros((0, 0)), np.zeros(0), np.zeros(0), 1.0
    for s in sections:
        b2 = np.array([s.b1 - s.a1 * s.b0, s.b2 - s.a2 * s.b0])
        size = len(a)
        joined = np.zeros((size + 2, size + 2))
        joined[:size, :size], joined[size:, size:] = a, [[-s.a1, 1.0], [-s.a2, 0.0]]
        joined[size:, :size] = np.outer(b2, c)
        a, b, c, d = joined, np.concatenate([b, b2 * d]), np.concatenate([s.b0 * c, [1.0, 0.0]]), s.b0 * d
    return a, b, c, d
