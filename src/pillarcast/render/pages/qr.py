"""A QR code as the path of an SVG, for the phone of somebody who reads on a large screen."""

from __future__ import annotations

import segno


def qr_path(text: str) -> tuple[int, str]:
    """(width of the square in modules with its quiet zone, the `d` of a path of dark runs)."""
    quiet = 4
    rows = list(segno.make(text, error="m", micro=False).matrix)
    path = "".join(
        f"M{x + quiet} {y + quiet}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row)
    )
    return len(rows) + 2 * quiet, path


def _runs(row: bytes | bytearray) -> list[tuple[int, int]]:
    """(start, length) of each run of dark modules."""
    runs: list[tuple[int, int]] = []
    for x, is_dark in enumerate(row):
        if is_dark and runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif is_dark:
            runs.append((x, 1))
    return runs
