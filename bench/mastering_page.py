"""The tables of `bench/mastering.py`: ratios of runs that took turns, against what is wanted."""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

BEGIN, END = "<!-- mastering: begin -->\n", "<!-- mastering: end -->\n"
NORMALIZE, CHAIN = "ffmpeg-normalize", "ebur128, volume, limiter, libmp3lame"
LAME, HALVES = "lame, same quality, no mastering", "lame, both halves at once"


@dataclass(frozen=True)
class Run:
    """Wall and CPU seconds, peak memory, and CPU seconds of everything else on the machine meanwhile."""

    wall_s: float
    cpu_s: float
    mib: float
    others_s: float = 0.0

    @property
    def is_disturbed(self) -> bool:
        """Whether all cores were busy, and not with this alone."""
        is_full = self.cpu_s + self.others_s > 0.93 * (os.cpu_count() or 1) * self.wall_s
        return is_full and self.others_s > 0.05 * self.wall_s


@dataclass
class Piece:
    """What one call of the bench measured."""

    minutes: float
    command: list[str]
    runs: dict[str, list[Run]] = field(default_factory=dict)
    heard: dict[str, dict[str, float]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    spans: dict[str, float] = field(default_factory=dict)
    lengths: dict[int, list[Run]] = field(default_factory=dict)


WANTED = (
    ("pillarcast", NORMALIZE, 0.15),
    ("pillarcast", LAME, 0.65),
    ("pillarcast", CHAIN, 0.70),
    ("pillarcast, fast", NORMALIZE, 0.08),
    ("pillarcast, one core", "that chain, one core", 1.0),
)
SPANS = (
    ("a master of ours that comes back, against hashing it", "passing", "hashing", 1.5),
    ("new tags for a master of 60 MB, against `ffmpeg -c copy`", "retagging", "ffmpeg -c copy", 0.01),
)
FLAT = 1.15
MOST_MIB = 300


def write_page(path: Path, pieces: list[Piece]) -> None:
    """Replaces what stands between the marks, and prints it."""
    words = "\n".join(_page(pieces)) + "\n"
    print(words)
    text = path.read_text("utf-8") if path.is_file() else f"# How fast\n\n{BEGIN}{END}"
    before, _, rest = text.partition(BEGIN)
    path.write_text(before + BEGIN + words + END + rest.partition(END)[2], "utf-8")


def _page(pieces: list[Piece]) -> Iterator[str]:
    for minutes in sorted({piece.minutes for piece in pieces if piece.runs}, reverse=True):
        same = [piece for piece in pieces if piece.minutes == minutes]
        yield f"### {minutes:g} minutes"
        yield from ("", *_rows(same), "", *_targets(same), "")
    yield from _spans(pieces)
    yield from _lengths(pieces)
    missing = {name: why for piece in pieces for name, why in piece.missing.items()}
    yield from (f"Not run: {name}, {why}." for name, why in missing.items())
    yield f"Measured with {os.cpu_count()} cores, Python {sys.version.split()[0]}, by:"
    yield from ("", *(f"    python bench/mastering.py {_said(piece)}".rstrip() for piece in pieces), "")


def _rows(pieces: list[Piece]) -> Iterator[str]:
    """Against ffmpeg-normalize where it ran beside, by way of our own runs where it did not."""
    yield "| | Time | CPU | Memory, MiB | LUFS | dBTP |"
    yield "|---|---|---|---|---|---|"
    for name in dict.fromkeys(name for piece in pieces for name in piece.runs):
        heard = next((piece.heard[name] for piece in pieces if name in piece.heard), None)
        levels = f"{heard['lufs']:.1f} | {heard['peak_dbtp']:.1f}" if heard else "– | –"
        mib = max(run.mib for piece in pieces for run in piece.runs.get(name, ()))
        cells = (f"{_against(name, pieces, what):.3f}" for what in ("wall_s", "cpu_s"))
        yield f"| {name} | {' | '.join(cells)} | {mib:.0f} | {levels} |"


def _against(name: str, pieces: list[Piece], what: str) -> float:
    direct = _ratio(name, NORMALIZE, pieces, what)
    if direct is not None:
        return direct
    ours, theirs = _ratio(name, "pillarcast", pieces, what), _ratio("pillarcast", NORMALIZE, pieces, what)
    return ours * theirs if ours is not None and theirs is not None else float("nan")


def _ratio(name: str, other: str, pieces: list[Piece], what: str = "wall_s") -> float | None:
    """The median over all rounds in which both took their turn: runs that follow each other, for machines drift."""
    rounds = [
        getattr(mine, what) / getattr(theirs, what)
        for piece in pieces
        for mine, theirs in zip(piece.runs.get(name, ()), piece.runs.get(other, ()), strict=False)
    ]
    return statistics.median(rounds) if rounds else None


def _targets(pieces: list[Piece]) -> Iterator[str]:
    yield "| Wanted | Measured | At most | |"
    yield "|---|---|---|---|"
    for name, other, most in WANTED:
        ratio = _ratio(name, other, pieces)
        if ratio is not None:
            yield f"| {name}, against {other} | {ratio:.3f} | {most} | {_met(ratio <= most)} |"
    limit = _ratio(HALVES, LAME, pieces)
    if limit is not None:
        yield ""
        yield f"With all of this machine's cores `lame` itself, without any mastering, takes {limit:.3f} of its time."


def _spans(pieces: list[Piece]) -> Iterator[str]:
    spans = next((piece.spans for piece in reversed(pieces) if piece.spans), None)
    if spans:
        yield from ("### What needs no encoding", "", "| Wanted | Measured | At most | |", "|---|---|---|---|")
        for words, name, other, most in SPANS:
            ratio = spans[name] / spans[other]
            yield f"| {words} | {ratio:.4f} | {most} | {_met(ratio <= most)} |"
        yield ""


def _lengths(pieces: list[Piece]) -> Iterator[str]:
    """Cost by the minute relative to that of the shortest in the same round, the median of rounds."""
    runs = {minutes: found for piece in pieces for minutes, found in sorted(piece.lengths.items())}
    if not runs:
        return
    shortest = runs[min(runs)]
    costs = {
        minutes: statistics.median(
            run.wall_s / minutes / (first.wall_s / min(runs)) for run, first in zip(found, shortest, strict=True)
        )
        for minutes, found in runs.items()
    }
    most_mib = {minutes: max(run.mib for run in found) for minutes, found in runs.items()}
    yield from ("### By length", "", "| Minutes | Time a minute | Memory, MiB |", "|---|---|---|")
    yield from (f"| {minutes} | {cost:.2f} | {most_mib[minutes]:.0f} |" for minutes, cost in costs.items())
    spread, mib = max(costs.values()) / min(costs.values()), max(most_mib.values())
    yield ""
    yield f"The dearest minute costs {spread:.2f} times the cheapest (at most {FLAT}: {_met(spread <= FLAT)});"
    yield f"the most memory is {mib:.0f} MiB (below {MOST_MIB}: {_met(mib < MOST_MIB)})."
    yield ""


def _met(is_met: bool) -> str:  # noqa: FBT001
    return "met" if is_met else "**not met**"


def _said(piece: Piece) -> str:
    words = [word for word in piece.command if not word.endswith(".json") and word != "--json"]
    return " ".join(f'"{word}"' if " " in word else word for word in words)
