"""The survey of a whole sound, on all cores where it seeks: spans of it are measured side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from pillarcast.audio.cores import ahead, threads
from pillarcast.audio.measure.meter import Meter
from pillarcast.audio.measure.survey import Survey, joined
from pillarcast.audio.progress import Advance, Tally, unheard
from pillarcast.audio.sound import AT_ONCE_S, Sound, cell, hop, regular

_WARMING_HOPS = 2
"""The slowest filter, a high-pass at 38 Hz, forgets by e^-48 in them."""

_SPAN_S = 90
"""The most that a thread takes at once: short, so that all end together; long beside what warms its filters and its
decoder."""

_SHARES = 8
"""Spans go evenly into as many threads, and into half and a quarter of them."""


def survey_of(sound: Sound, length: int, limit: float = 1.0, advance: Advance = unheard) -> Survey:
    """The survey of a sound of at most `length` samples. Cells near `limit` and their true peaks are noted."""
    tally = Tally(length, advance)
    if not sound.seeks or length <= _SPAN_S * sound.rate_hz:
        return survey_of_span(sound, (0, length), limit, tally)
    cuts = [*range(0, length, _span(length, sound.rate_hz)), length]
    with ThreadPoolExecutor(threads()) as pool:
        return joined(list(pool.map(lambda span: survey_of_span(sound, span, limit, tally), pairwise(cuts))))


def _span(length: int, rate_hz: int) -> int:
    """Samples of a span: whole seconds, by the sound alone, so that the same is measured on any number of cores."""
    seconds = -(-length // rate_hz)
    spans = -(-seconds // (_SPAN_S * _SHARES)) * _SHARES
    return -(-seconds // spans) * rate_hz


def context(rate_hz: int) -> tuple[int, int]:
    """Samples before a span by which filters are warmed, and samples after it by which its last cell is judged."""
    return _WARMING_HOPS * hop(rate_hz), cell(rate_hz)


def survey_of_span(sound: Sound, span: tuple[int, int], limit: float, tally: Tally | None = None) -> Survey:
    """The survey of a part, which begins at a whole hop; filters are warmed by what comes before it."""
    start, stop = span
    meter = Meter(sound.rate_hz, sound.channels, limit)
    warming, reach = context(sound.rate_hz)
    for block in regular(sound.blocks(max(start - warming, 0), start), warming):
        meter.warm(block)
    blocks = sound.blocks(start, stop)
    for block in regular(blocks if sound.seeks else ahead(blocks), AT_ONCE_S * sound.rate_hz):
        meter.take(block)
        if tally is not None:
            tally.add(block.shape[1])
    return meter.survey(next(sound.blocks(stop, stop + reach), None) if sound.seeks else None)
