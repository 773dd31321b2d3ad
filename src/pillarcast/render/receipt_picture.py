"""What mastering did, as a picture: waveform, loudness before and after over time, and where it was clipped."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from pillarcast.model.chapters import render_stamp
from pillarcast.model.master import Course, Loudness, Master, channels_in_words

MEDIA_TYPE = "image/svg+xml"

_WIDTH, _HEIGHT = 960, 430
_LEFT, _RIGHT = 64, 936
_WAVE_MIDDLE, _WAVE_HALF = 92, 46
_TOP, _BOTTOM = 160, 330
_LOUDEST_LUFS, _QUIETEST_LUFS = 0.0, -50.0
_CURVE_FLOOR_LUFS = -60.0
_INK, _GREY, _WAVE, _BEFORE, _AFTER, _AIM, _CLIPPED = (
    "#17312d", "#5d6b67", "#b9cdc6", "#8a6d3b", "#1f6f5c", "#c8842a", "#b3261e",
)  # fmt: skip
_STEPS_S = (10, 30, 60, 300, 600, 900, 1800, 3600)
_MOST_STAMPS = 9
_NEAR_S = 3


@dataclass(frozen=True)
class _Axes:
    """Seconds of the master across, LUFS down."""

    duration_s: float

    def x(self, second: float) -> float:
        share = min(max(second / self.duration_s, 0.0), 1.0) if self.duration_s else 0.0
        return _LEFT + (_RIGHT - _LEFT) * share

    def y(self, lufs: float) -> float:
        share = (_LOUDEST_LUFS - min(max(lufs, _QUIETEST_LUFS), _LOUDEST_LUFS)) / (_LOUDEST_LUFS - _QUIETEST_LUFS)
        return _TOP + (_BOTTOM - _TOP) * share


def receipt_picture(title: str, master: Master, before: Course, after: Course, aim_lufs: float) -> bytes:
    """An SVG document of 960 by 430, in the time of the master: what was trimmed lies outside."""
    axes = _Axes(after.duration_s)
    shift_s = master.chapters_shift_s
    parts = [
        *_waveform(master.peaks),
        *_grid(axes, aim_lufs),
        *_curve(axes, before, shift_s, _BEFORE, ' stroke-dasharray="5 3"'),
        *_curve(axes, after, 0.0, _AFTER, ""),
        *_clipped(axes, before, shift_s),
        *_stamps(axes),
        *_legend(master, before),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(_label(title, master))}" font-family="system-ui, sans-serif" font-size="13">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="12" fill="#fbfaf6"/>'
        f'<text x="{_LEFT}" y="30" font-size="16" fill="{_INK}">{escape(_printable(title))}</text>'
    )
    return f"{head}{''.join(parts)}</svg>\n".encode()


def _label(title: str, master: Master) -> str:
    levels = f"{master.before.integrated_lufs:.1f} LUFS before, {master.after.integrated_lufs:.1f} after mastering"
    return f"{_printable(title)}: {levels}"


def _printable(text: str) -> str:
    """What XML can hold."""
    return "".join(letter for letter in text if letter.isprintable()).encode("utf-8", "ignore").decode()


def _waveform(peaks: str) -> Iterator[str]:
    bars = _bytes(peaks)
    if not bars:
        return
    step = (_RIGHT - _LEFT) / len(bars)
    marks = (
        f"M{_LEFT + (place + 0.5) * step:.1f} {_WAVE_MIDDLE - half:.1f}v{2 * half:.1f}"
        for place, half in enumerate(max(0.5, bar / 255 * _WAVE_HALF) for bar in bars)
    )
    yield f'<path d="{"".join(marks)}" stroke="{_WAVE}" stroke-width="{step * 0.7:.1f}"/>'


def _grid(axes: _Axes, aim_lufs: float) -> Iterator[str]:
    for lufs in (0, -10, -20, -30, -40, -50):
        y = axes.y(lufs)
        yield f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="#e4e1d6"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4:.1f}" text-anchor="end" fill="{_GREY}">{lufs}</text>'
    yield f'<path d="M{_LEFT} {axes.y(aim_lufs):.1f}H{_RIGHT}" stroke="{_AIM}" stroke-dasharray="2 4"/>'


def _curve(axes: _Axes, course: Course, shift_s: float, colour: str, style: str) -> Iterator[str]:
    """A line from point to point; silence below the grid lies on its floor."""
    points = _bytes(course.curve)
    if not points:
        return
    step = course.duration_s / len(points)
    places = [
        ((place + 0.5) * step + shift_s, _CURVE_FLOOR_LUFS * (1 - byte / 255)) for place, byte in enumerate(points)
    ]
    inside = [f"{axes.x(second):.1f} {axes.y(lufs):.1f}" for second, lufs in places if 0 <= second <= axes.duration_s]
    yield f'<path d="M{"L".join(inside)}" fill="none" stroke="{colour}" stroke-width="2"{style}/>' if inside else ""


def _clipped(axes: _Axes, before: Course, shift_s: float) -> Iterator[str]:
    for first, last in _places(before.clipped_at_s):
        if -shift_s > last or first + shift_s > axes.duration_s:
            continue
        x, end = axes.x(first + shift_s), axes.x(last + 1 + shift_s)
        yield (
            f'<rect x="{x:.1f}" y="{_WAVE_MIDDLE - _WAVE_HALF}" width="{max(end - x, 2):.1f}" '
            f'height="{2 * _WAVE_HALF}" fill="{_CLIPPED}" fill-opacity="0.55">'
            f"<title>clipped at {render_stamp(first)} of the recording</title></rect>"
        )


def _places(seconds: Iterable[int]) -> list[tuple[int, int]]:
    """First and last second of each place; a few seconds between do not part them."""
    ordered = sorted(seconds)
    breaks = [index for index, (one, other) in enumerate(pairwise(ordered), 1) if other - one > _NEAR_S]
    bounds = [0, *breaks, len(ordered)]
    return [(ordered[first], ordered[last - 1]) for first, last in pairwise(bounds) if first < last]


def _stamps(axes: _Axes) -> Iterator[str]:
    step = next((step for step in _STEPS_S if axes.duration_s / step <= _MOST_STAMPS), _STEPS_S[-1])
    for second in range(0, int(axes.duration_s) + 1, step):
        x = axes.x(second)
        yield f'<text x="{x:.1f}" y="{_BOTTOM + 20}" text-anchor="middle" fill="{_GREY}">{render_stamp(second)}</text>'


def _legend(master: Master, before: Course) -> Iterator[str]:
    rows = (("before", master.before, _BEFORE, _BOTTOM + 52), ("after", master.after, _AFTER, _BOTTOM + 76))
    for name, loudness, colour, y in rows:
        yield f'<path d="M{_LEFT} {y - 4}h26" stroke="{colour}" stroke-width="3"/>'
        yield f'<text x="{_LEFT + 36}" y="{y}" fill="{_INK}">{name}: {_levels(loudness)}</text>'
    if before.clipped_at_s:
        count = len(_places(before.clipped_at_s))
        words = f"clipped in {count} {'place' if count == 1 else 'places'}"
        yield f'<rect x="760" y="{_BOTTOM + 42}" width="12" height="12" fill="{_CLIPPED}" fill-opacity="0.55"/>'
        yield f'<text x="780" y="{_BOTTOM + 52}" fill="{_INK}">{words}</text>'


def _levels(loudness: Loudness) -> str:
    said = [
        f"{loudness.integrated_lufs:.1f} LUFS",
        f"range {loudness.range_lu:.1f} LU",
        f"true peak {loudness.true_peak_dbtp:.1f} dBTP",
    ]
    if loudness.noise_floor_dbfs is not None:
        said.append(f"noise {loudness.noise_floor_dbfs:.0f} dBFS")
    if loudness.channels is not None:
        said.append(channels_in_words(loudness.channels))
    if loudness.duration_s is not None:
        said.append(render_stamp(round(loudness.duration_s)))
    return ", ".join(said)


def _bytes(text: str) -> bytes:
    """Nothing for what an older catalogue does not hold."""
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
