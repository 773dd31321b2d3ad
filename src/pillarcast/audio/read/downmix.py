"""From any number of channels to one or two, by the weights of ITU-R BS.775."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pillarcast.audio.sound import Pcm

Matrix = npt.NDArray[np.float32]
"""Shape (channels out, channels in)."""

_HALF_POWER = 0.7071
_SHARES = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "FC": (_HALF_POWER, _HALF_POWER),
    "LFE": (0.0, 0.0),
    "BL": (_HALF_POWER, 0.0),
    "BR": (0.0, _HALF_POWER),
    "SL": (_HALF_POWER, 0.0),
    "SR": (0.0, _HALF_POWER),
    "FLC": (1.0, 0.0),
    "FRC": (0.0, 1.0),
    "BC": (0.5, 0.5),
}


def downmix(names: Sequence[str]) -> Matrix | None:
    """What to multiply by, or None where one or two channels stay as they are.

    Channels without known places are separate microphones of one recorder: all of them go to one.
    """
    count = len(names)
    if count <= 2:
        return None
    if any(name not in _SHARES for name in names):
        return np.full((1, count), 1 / count, np.float32)
    return np.array([_SHARES[name] for name in names], np.float32).T.copy()


def mixed(matrix: Matrix, pcm: Pcm) -> Pcm:
    """The matrix product, but channel by channel: the same to the last bit however many samples come at once."""
    out = np.zeros((len(matrix), pcm.shape[1]), np.float32)
    for to, of in np.argwhere(matrix):
        out[to] += matrix[to, of] * pcm[of]
    return out
