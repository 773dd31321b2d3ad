"""What AAC and Opus share: encoded by FFmpeg in one pass, heard again, aimed anew where peak or loudness missed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from pillarcast.audio.aim import Aim, aimed
from pillarcast.audio.cores import ahead
from pillarcast.audio.formats.made import Made, Order
from pillarcast.audio.measure.loudness import amplitude
from pillarcast.audio.measure.summary import told
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.measure.surveying import survey_of
from pillarcast.audio.mp3.file import hashed
from pillarcast.audio.progress import Advance, Tally, between
from pillarcast.audio.read.recording import Recording
from pillarcast.audio.shape.gain import solved_gain
from pillarcast.audio.shape.limiter import Limited
from pillarcast.audio.sound import Sound
from pillarcast.audio.tags.table import Tags, shown, spans_ms, tellable
from pillarcast.model.chapters import Chapter

_ENCODING = 0.9
_HEADROOM_DB = 1.0
"""No guard takes single frames down here, and a second encoding costs more than a little loudness of peaks."""
_MOST_TITLE_BYTES = 255
_LAYOUTS = {1: "mono", 2: "stereo"}


@dataclass(frozen=True)
class Codec:
    """A container and its encoder; `rate_hz` where the encoder takes but one, `save` writes the tags afterwards."""

    container: str
    name: str
    save: Callable[[Path, Tags], None]
    rate_hz: int | None = None
    most_kbps: int = 320
    has_chapter_track: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    encoder_options: Mapping[str, str] = field(default_factory=dict)


def make(codec: Codec, order: Order, advance: Advance) -> Made:
    """Makes the file at `order.path`."""
    kbps = min(order.spec.bitrate_for(order.sound.channels), codec.most_kbps)

    def attempt(aim: Aim) -> Survey:
        ceiling = amplitude(aim.ceiling_dbtp)
        limited = Limited(order.sound, solved_gain(order.survey, aim.loudness_lufs, ceiling), ceiling)
        _encode(codec, limited, order, kbps, between(0, _ENCODING, advance))
        made = Recording(order.path)
        limit, heard = amplitude(order.spec.true_peak_dbtp), between(_ENCODING, 1, advance)
        return survey_of(made, order.survey.length * 2, limit, heard)

    after = aimed(order.name, order.spec, attempt, _HEADROOM_DB)
    codec.save(order.path, order.tags)
    written = hashed(order.path)
    return Made(after, told(after), kbps, written.sha256, written.length_bytes)


def _encode(codec: Codec, sound: Sound, order: Order, kbps: int, advance: Advance) -> None:
    tally = Tally(order.survey.length, advance)
    path = f"file:{order.path.absolute()}"
    with av.open(path, "w", format=codec.container, options=dict(codec.options)) as container:
        if codec.has_chapter_track:
            container.set_chapters(chapter_marks(order.tags, order.survey.duration_s))
        rate_hz, options = codec.rate_hz or sound.rate_hz, dict(codec.encoder_options)
        stream = container.add_stream(codec.name, rate=rate_hz, layout=_LAYOUTS[sound.channels], options=options)
        assert isinstance(stream, AudioStream)
        stream.bit_rate = kbps * 1000
        for frame in _frames(sound, order.survey.length, rate_hz, tally):
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def chapter_marks(tags: Tags, duration_s: float) -> list[av.container.core.Chapter]:
    """Chapters as FFmpeg's muxers take them."""
    chapters = tracked(tags)
    return [
        {
            "id": number,
            "start": start,
            "end": end,
            "time_base": Fraction(1, 1000),
            "metadata": {"title": _listed(chapter.title)},
        }
        for number, (chapter, (start, end)) in enumerate(zip(chapters, spans_ms(chapters, duration_s), strict=True))
    ]


def _listed(title: str) -> str:
    """In Nero's list one byte counts those of a title: cut in the middle of a letter, no reader takes the file."""
    return tellable(title).encode()[:_MOST_TITLE_BYTES].decode(errors="ignore")


def tracked(tags: Tags) -> tuple[Chapter, ...]:
    """The chapters of a chapter track, which has no gaps: what comes before the first goes by the episode's title."""
    chapters = shown(tags)
    if not chapters or round(chapters[0].start_s * 1000) == 0:  # moved chapters may stand a breath of a sum behind it
        return chapters
    return (Chapter(start_s=0, title=tellable(tags.title)), *chapters)


def _frames(sound: Sound, length: int, rate_hz: int, tally: Tally) -> Iterator[AudioFrame]:
    layout, at = _LAYOUTS[sound.channels], 0
    resampler = AudioResampler(format="fltp", layout=layout, rate=rate_hz) if rate_hz != sound.rate_hz else None
    for block in ahead(sound.blocks(0, length)):
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block), format="fltp", layout=layout)
        frame.sample_rate, frame.pts, frame.time_base = sound.rate_hz, at, Fraction(1, sound.rate_hz)
        at += block.shape[1]
        yield from [frame] if resampler is None else resampler.resample(frame)
        tally.add(block.shape[1])
    if resampler is not None:
        yield from resampler.resample(None)
