"""The inner loops in C, by the library that installation makes of the sources beside this. Other threads may run."""

from __future__ import annotations

import ctypes
import zlib
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pillarcast.audio.kernels.contract import FADE, LOOK_AHEAD, RELEASE, Cells, Interleaved, Weighing
from pillarcast.audio.kernels.filters import k_weighting
from pillarcast.audio.kernels.interpolation import taps
from pillarcast.audio.sound import Curve, Pcm, hop

_HERE = Path(__file__).parent
_POINTER, _LONG, _INT = ctypes.c_void_p, ctypes.c_ssize_t, ctypes.c_int
_ARGUMENTS = {
    "apart": [_POINTER, _LONG, _INT, ctypes.c_float, _POINTER],
    "cells": [_POINTER, _LONG, _INT, _LONG, _INT, _POINTER, _POINTER, _POINTER],
    "cross": [_POINTER, _POINTER, _LONG, _INT, _POINTER],
    "weigh": [_POINTER, _POINTER, _LONG, _INT, _POINTER, _POINTER, _POINTER],
    "between": [_POINTER, _LONG, _INT, _POINTER, _LONG, _INT, _POINTER, _POINTER],
    "gain_edges": [_POINTER, _LONG, ctypes.c_float, _POINTER, _INT, _INT, _POINTER, _POINTER],
    "attenuate": [_POINTER, _LONG, _INT, _LONG, _INT, _POINTER],
}


def made_of_its_sources(folder: Path) -> ctypes.CDLL | None:
    """The library in a folder, or None where there is none, it does not load, or its sources are others by now."""
    text = b"".join(source.read_bytes() for source in sorted(folder.glob("*.[ch]")))
    try:
        library = ctypes.CDLL(str(folder / "kernels.so"))
        library.made_of.restype = ctypes.c_uint32
    except (OSError, AttributeError):
        return None
    return library if library.made_of() == zlib.crc32(text) else None


@cache
def is_here() -> bool:
    """Whether these loops can be had on this machine."""
    return made_of_its_sources(_HERE) is not None


@cache
def _library() -> ctypes.CDLL:
    library = made_of_its_sources(_HERE)
    assert library is not None, "asked for where it is not here"
    return declared(library)


def declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """The same, once it is known what its functions take."""
    for name, arguments in _ARGUMENTS.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, None
    return library


def apart(interleaved: Interleaved) -> Pcm:
    """Samples of 16 bits, channel by channel."""
    samples = np.ascontiguousarray(interleaved)
    length, channels = samples.shape
    out = np.empty((channels, length), np.float32)
    _library().apart(samples.ctypes.data, length, channels, 2.0**-15, out.ctypes.data)
    return out


def cells(pcm: Pcm, size: int) -> Cells:
    """Of a whole number of cells of `size` samples."""
    pcm = _in_rows(pcm)
    channels, count = len(pcm), pcm.shape[1] // size
    peaks, (sums, squares) = np.empty(count, np.float32), np.empty((2, channels, count), np.float32)
    out = (each.ctypes.data for each in (peaks, sums, squares))
    _library().cells(pcm.ctypes.data, pcm.strides[0] // 4, channels, count, size, *out)
    return Cells(peaks, sums, squares)


def cross(pcm: Pcm, size: int) -> Curve:
    """The sum over each `size` samples of the first channel times the last."""
    pcm = _in_rows(pcm)
    out = np.empty(pcm.shape[1] // size, np.float32)
    _library().cross(pcm[0].ctypes.data, pcm[-1].ctypes.data, len(out), size, out.ctypes.data)
    return out


class _Weighing:
    """Sample by sample, both channels at once; a single one goes twice."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._sections = np.array([[s.b0, s.b1, s.b2, s.a1, s.a2] for s in k_weighting(rate_hz)])
        self._state = np.zeros((6, 2))
        self._hop, self._lanes = hop(rate_hz), 2 // channels

    def __call__(self, pcm: Pcm) -> npt.NDArray[np.float64]:
        pcm = _in_rows(pcm)
        out = np.empty(pcm.shape[1] // self._hop)
        channels = (pcm[0].ctypes.data, pcm[-1].ctypes.data)
        kept = (each.ctypes.data for each in (self._sections, self._state, out))
        _library().weigh(*channels, len(out), self._hop, *kept)
        return out / self._lanes


def weighing(rate_hz: int, channels: int) -> Weighing:
    """One that has heard nothing."""
    return _Weighing(rate_hz, channels)


def between(pcm: Pcm, starts: npt.NDArray[np.intp], size: int) -> Curve:
    """The highest interpolated magnitude, over channels, of the blocks at `starts`. `pcm` must hold their margins."""
    pcm, begins = _in_rows(pcm), np.ascontiguousarray(starts, np.int64)
    tops = np.empty(len(begins), np.float32)
    of, by = (begins.ctypes.data, len(begins), size), _taps().ctypes.data
    _library().between(pcm.ctypes.data, pcm.strides[0] // 4, len(pcm), *of, by, tops.ctypes.data)
    return tops


def gain_edges(peaks: Curve, ceiling: float) -> Curve:
    """The gain at the edges of the cells (one more than cells): never above what either neighbour may have."""
    peaks = np.ascontiguousarray(peaks, np.float32)
    count = len(peaks)
    work, edges = np.empty((2, count), np.float32), np.empty(count + 1, np.float32)
    fade, out = (FADE.ctypes.data, RELEASE, LOOK_AHEAD), (work.ctypes.data, edges.ctypes.data)
    _library().gain_edges(peaks.ctypes.data, count, ceiling, *fade, *out)
    return edges


def attenuate(pcm: Pcm, edges: Curve, size: int) -> None:
    """Each cell, in place, times a line from the gain at its one edge to that at the other. `pcm` lies in rows."""
    edges = np.ascontiguousarray(edges, np.float32)
    shape = (pcm.strides[0] // 4, len(pcm), pcm.shape[1] // size, size)
    _library().attenuate(pcm.ctypes.data, *shape, edges.ctypes.data)


@cache
def _taps() -> Curve:
    return np.ascontiguousarray(taps(), np.float32)


def _in_rows(pcm: Pcm) -> Pcm:
    """With each channel's samples side by side."""
    return pcm if pcm.strides[1] == pcm.itemsize else np.ascontiguousarray(pcm)
