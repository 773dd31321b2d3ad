"""A picture of what mastering did: the waveform, and loudness before and after beside the aim. SVG, drawn by hand."""

from __future__ import annotations

from base64 import b64decode, b64encode
from html import escape

from pillarcast.model.catalogue import Entry
from pillarcast.model.master import Loudness, Master
from pillarcast.pipeline.studio import Studio

_WIDTH, _HEIGHT, _WAVE = 960, 300, 150
_QUIETEST_LUFS, _LOUDEST_LUFS = -40.0, -6.0
_INK, _PALE, _ACCENT, _AIM = "#17312d", "#d8dfdc", "#2f7d6b", "#c8842a"


def loudness_picture(title: str, master: Master, aim_lufs: float) -> str:
    """An SVG document, 960 by 300."""
    before = _gauge("before", master.before, 206, _PALE, aim_lufs)
    after = _gauge("after", master.after, 256, _ACCENT, aim_lufs)
    label = f"{title}: {master.before.integrated_lufs:.1f} LUFS before, {master.after.integrated_lufs:.1f} after"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(label)}" font-family="system-ui, sans-serif" font-size="15">'
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" rx="12" fill="#fbfaf6"/>'
        f"{_waveform(master.peaks)}{before}{after}</svg>"
    )


def kept_picture(studio: Studio, entry: Entry) -> str:
    """The SVG that mastering left in the bucket: loudness over time; empty where an older master has none."""
    picture = entry.master.picture if entry.master else None
    found = studio.bucket.fetch(picture.key) if picture else None
    return found[0].decode("utf-8", "replace") if found else ""


def picture_url(svg: str) -> str:
    """The picture as a `data:` URL, so that the artifact needs no server of ours."""
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _waveform(peaks: str) -> str:
    bars = b64decode(peaks)
    if not bars:
        return ""
    step = (_WIDTH - 48) / len(bars)
    marks = (
        f'<rect x="{24 + place * step:.1f}" y="{_WAVE / 2 + 14 - height:.1f}" width="{step * 0.7:.1f}" '
        f'height="{2 * height:.1f}" rx="1"/>'
        for place, height in enumerate(max(1.0, bar / 255 * _WAVE / 2) for bar in bars)
    )
    return f'<g fill="{_ACCENT}">{"".join(marks)}</g>'


def _gauge(name: str, loudness: Loudness, y: int, colour: str, aim_lufs: float) -> str:
    """A bar from the quietest loudness shown to this one, with a mark where it should end."""
    end = _place(loudness.integrated_lufs)
    words = f"{loudness.integrated_lufs:.1f} LUFS, true peak {loudness.true_peak_dbtp:.1f} dBTP"
    return (
        f'<text x="24" y="{y + 15}" fill="{_INK}">{name}</text>'
        f'<rect x="90" y="{y}" width="530" height="20" rx="4" fill="#eceae2"/>'
        f'<rect x="90" y="{y}" width="{max(2.0, end - 90):.1f}" height="20" rx="4" fill="{colour}"/>'
        f'<rect x="{_place(aim_lufs) - 1:.1f}" y="{y - 5}" width="3" height="30" fill="{_AIM}"/>'
        f'<text x="640" y="{y + 15}" fill="{_INK}">{words}</text>'
    )


def _place(lufs: float) -> float:
    part = (min(max(lufs, _QUIETEST_LUFS), _LOUDEST_LUFS) - _QUIETEST_LUFS) / (_LOUDEST_LUFS - _QUIETEST_LUFS)
    return 90 + 530 * part
