"""LAME by its C interface: floating-point samples in, MPEG-1 layer III frames out, other threads free to run.

The library is the one inside the wheel of `lameenc`; where that hides its symbols (Windows), the slower one that PyAV
carries. LAME aborts the whole process on samples that are not finite: callers heal them first.
"""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np

from pillarcast.audio.sound import Pcm
from pillarcast.errors import Unsupported

BITRATES_KBPS = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
"""MPEG-1 layer III, ISO/IEC 11172-3 table of bitrate_index."""

ENCODER_DELAY = 576
"""Samples that LAME puts in front."""

Quality = Literal["good", "fast"]
_QUALITY = {"good": 4, "fast": 7}
_MONO = 3
_OWN_SCALE = ((160, 0.95), (192, 0.97), (224, 0.98))
"""LAME turns CBR input down by these, up to these bit rates."""

_CHUNK = 1152 * 80
_INTS = {
    "lame_set_in_samplerate",
    "lame_set_out_samplerate",
    "lame_set_num_channels",
    "lame_set_brate",
    "lame_set_mode",
    "lame_set_quality",
    "lame_set_bWriteVbrTag",
    "lame_set_write_id3tag_automatic",
}


@cache
def _library() -> ctypes.CDLL:
    for path in _candidates():
        library = ctypes.CDLL(str(path))
        if hasattr(library, "lame_encode_buffer_ieee_float"):
            return _declared(library)
    raise Unsupported("MP3", "no LAME library is installed", "Install the package again: pip install lameenc.")


def _candidates() -> list[Path]:
    spec, pyav = find_spec("lameenc"), find_spec("av")
    own = [Path(spec.origin)] if spec and spec.origin else []
    if pyav is None or pyav.origin is None:
        return own
    folder = Path(pyav.origin).parent
    return own + sorted([*folder.parent.glob("av.libs/*mp3lame*"), *folder.glob(".dylibs/*mp3lame*")])


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    handle, pointer, number = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int
    library.lame_init.restype = handle
    library.lame_init.argtypes = []
    for name in _INTS:
        getattr(library, name).argtypes = [handle, number]
    library.lame_set_scale.argtypes = [handle, ctypes.c_float]
    library.lame_encode_buffer_ieee_float.argtypes = [handle, pointer, pointer, number, pointer, number]
    library.lame_encode_flush.argtypes = [handle, pointer, number]
    for name in ("lame_init_params", "lame_close", "lame_get_encoder_padding"):
        getattr(library, name).argtypes = [handle]
    return library


def nearest_bitrate(kbps: int) -> int:
    """The bit rate that MPEG-1 layer III has nearest to the wanted one."""
    return min(BITRATES_KBPS, key=lambda rate: abs(rate - kbps))


@dataclass(frozen=True)
class Setting:
    """A constant bit rate out of BITRATES_KBPS, and how much time LAME may take for it."""

    bitrate_kbps: int
    quality: Quality


class Lame:
    """One encoder. A context manager: leaving it frees LAME's memory."""

    def __init__(self, rate_hz: int, channels: int, setting: Setting) -> None:
        self._lame = _library()
        self._handle = self._lame.lame_init()
        if not self._handle:
            raise MemoryError("LAME could not start")
        for setter, value in _setup(rate_hz, channels, setting):
            getattr(self._lame, setter)(self._handle, value)
        self._lame.lame_set_scale(self._handle, _scale(setting.bitrate_kbps))
        if self._lame.lame_init_params(self._handle) < 0:
            raise Unsupported("MP3", _refusal(rate_hz, setting), "Choose another bit rate.")
        self._out = np.empty(_CHUNK * 5 // 4 + 7200, np.uint8)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lame.lame_close(self._handle)

    def encode(self, pcm: Pcm) -> bytes:
        """The frames that are whole by now. Samples must be finite."""
        made = bytearray()
        left, right = (np.ascontiguousarray(pcm[channel]) for channel in (0, -1))
        out, room = self._out.ctypes.data, len(self._out)
        for first in range(0, len(left), _CHUNK):
            count, places = min(_CHUNK, len(left) - first), (each.ctypes.data + 4 * first for each in (left, right))
            made += self._taken(self._lame.lame_encode_buffer_ieee_float(self._handle, *places, count, out, room))
        return bytes(made)

    def flush(self) -> bytes:
        """The last frames."""
        return self._taken(self._lame.lame_encode_flush(self._handle, self._out.ctypes.data, len(self._out)))

    @property
    def padding(self) -> int:
        """Samples that fill the last frame, known after `flush`."""
        return int(self._lame.lame_get_encoder_padding(self._handle))

    def _taken(self, count: int) -> bytes:
        if count < 0:
            raise RuntimeError(f"LAME failed with {count} on {sys.platform}")
        return self._out[:count].tobytes()


def _refusal(rate_hz: int, setting: Setting) -> str:
    return f"LAME takes no {setting.bitrate_kbps} kbit/s at {rate_hz} Hz"


def _setup(rate_hz: int, channels: int, setting: Setting) -> list[tuple[str, int]]:
    setup = [
        ("lame_set_in_samplerate", rate_hz),
        ("lame_set_out_samplerate", rate_hz),
        ("lame_set_num_channels", channels),
        ("lame_set_brate", setting.bitrate_kbps),
        ("lame_set_quality", _QUALITY[setting.quality]),
        ("lame_set_bWriteVbrTag", 0),
        ("lame_set_write_id3tag_automatic", 0),
    ]
    return [*setup, ("lame_set_mode", _MONO)] if channels == 1 else setup


def _scale(bitrate_kbps: int) -> float:
    return next((1 / scale for limit, scale in _OWN_SCALE if bitrate_kbps <= limit), 1.0)
