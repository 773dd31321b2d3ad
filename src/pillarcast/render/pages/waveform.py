"""The waveform: peaks from mastering as the path of an SVG, drawn without script."""

from __future__ import annotations

import base64
import binascii
from itertools import pairwise

BARS = 120
"""A bar is then two pixels wide on the narrowest screen."""
HEIGHT = 64


def bars_of(peaks: str, count: int = BARS) -> tuple[int, ...]:
    """Even heights from 2 to `HEIGHT`, the loudest of each stretch; empty where no peaks are known."""
    try:
        raw = base64.b64decode(peaks, validate=True)
    except (binascii.Error, ValueError):
        return ()
    if not raw:
        return ()
    count = min(count, len(raw))
    edges = [len(raw) * bar // count for bar in range(count + 1)]
    loudest = [max(raw[begin:end]) for begin, end in pairwise(edges)]
    highest = max(loudest) or 1
    return tuple(max(2, round(bar / highest * HEIGHT / 2) * 2) for bar in loudest)


def waveform_path(peaks: str) -> str:
    """The `d` of a path in a box of `BARS` by `HEIGHT`: one upright stroke a bar."""
    bars = bars_of(peaks)
    width = BARS / len(bars) if bars else 0
    return "".join(
        f"M{round((index + 0.5) * width, 1):g} {(HEIGHT - bar) // 2}v{bar}" for index, bar in enumerate(bars)
    )
