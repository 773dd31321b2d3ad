"""The MP3 master: encoded on all cores, measured as a player hears it, guarded, and written in one go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import chain
from pathlib import Path

from pillarcast.audio.aim import Aim, aimed
from pillarcast.audio.cores import parts
from pillarcast.audio.formats.made import Made, Order
from pillarcast.audio.measure.loudness import amplitude
from pillarcast.audio.measure.summary import Told, told
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.measure.surveying import survey_of
from pillarcast.audio.mp3 import file
from pillarcast.audio.mp3.crc16 import crc16
from pillarcast.audio.mp3.encoding import Cut, encode
from pillarcast.audio.mp3.guard import guarded
from pillarcast.audio.mp3.infoframe import Gapless, info_frame
from pillarcast.audio.mp3.lame import ENCODER_DELAY, Setting, nearest_bitrate
from pillarcast.audio.mp3.receipt import Audio, Receipt
from pillarcast.audio.mp3.stream import Stream, stream_of
from pillarcast.audio.orders import frames_path
from pillarcast.audio.progress import Advance, between
from pillarcast.audio.shape.gain import solved_gain
from pillarcast.audio.shape.limiter import Limited
from pillarcast.audio.tags import id3

_METERS_DIFFER_DB = 0.05
"""Between one true-peak meter and the next."""

_ENCODING = 0.8
"""Share of the work; the rest is hearing it again."""


@dataclass
class _Take:
    """The last attempt."""

    stream: Stream
    padding: int


def make(order: Order, advance: Advance) -> Made:
    """Makes the file at `order.path`; who ordered it forgets what stands beside it then (`orders.forget`)."""
    takes: list[_Take] = []
    kbps = nearest_bitrate(order.spec.bitrate_for(order.sound.channels))
    path = frames_path(order.path)

    def attempt(aim: Aim) -> Survey:
        path.unlink(missing_ok=True)  # what is mapped of an attempt before must not be cut short
        takes.clear()
        take, after = _take(order, kbps, aim, path, advance)
        takes.append(take)
        return after

    after = aimed(order.name, order.spec, attempt)
    made = told(after)
    written = _write(order, takes[-1], made, kbps)
    return Made(after, made, kbps, written.sha256, written.length_bytes)


def _take(order: Order, kbps: int, aim: Aim, path: Path, advance: Advance) -> tuple[_Take, Survey]:
    ceiling = amplitude(aim.ceiling_dbtp)
    limited = Limited(order.sound, solved_gain(order.survey, aim.loudness_lufs, ceiling), ceiling)
    length, quality = order.survey.length, order.spec.quality
    cut = Cut(length, parts(order.survey.duration_s, seeks=order.sound.seeks))
    encoded = encode(limited, cut, Setting(kbps, quality), path, between(0, _ENCODING, advance))
    stream = stream_of(path, encoded.first_byte, encoded.offsets)
    limit = amplitude(order.spec.true_peak_dbtp - _METERS_DIFFER_DB)
    heard = survey_of(stream, length, limit, between(_ENCODING, 1, advance))
    return _Take(stream, encoded.padding), guarded(stream, heard, limit)


def _write(order: Order, take: _Take, after: Told, kbps: int) -> file.Written:
    stream = take.stream
    crc = reduce(lambda crc, piece: crc16(piece, crc), stream.pieces(), 0)
    gapless = Gapless(ENCODER_DELAY, take.padding, crc)
    info = info_frame(stream.content[:4].tobytes(), stream.offsets[:-1], len(stream.content), gapless)
    receipt = Receipt(
        audio=reduce(Audio.followed_by, stream.pieces(), Audio().followed_by(info)),
        sample_rate_hz=stream.rate_hz,
        channels=stream.channels,
        bitrate_kbps=kbps,
        duration_s=round(order.survey.duration_s, 6),
        after=after.loudness,
        course=after.course,
        peaks=after.peaks,
    )
    tag = id3.render(order.tags, order.survey.duration_s, receipt.rendered())
    return file.write(order.path, chain([tag, info], stream.pieces()))
