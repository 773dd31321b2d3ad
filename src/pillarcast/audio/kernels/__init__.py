"""The inner loops of mastering, which every sample goes through: in C where installation had a compiler, else in numpy.

Both give the same but for the last bits, and are held to it by one test.
"""

from pillarcast.audio.kernels import native
from pillarcast.audio.kernels.contract import LOOK_AHEAD, RELEASE
from pillarcast.audio.kernels.interpolation import MARGIN

if native.is_here():
    from pillarcast.audio.kernels.native import apart, attenuate, between, cells, cross, gain_edges, weighing
else:
    from pillarcast.audio.kernels.plain import apart, attenuate, between, cells, cross, gain_edges, weighing

__all__ = [
    "LOOK_AHEAD",
    "MARGIN",
    "RELEASE",
    "apart",
    "attenuate",
    "between",
    "cells",
    "cross",
    "gain_edges",
    "weighing",
]
