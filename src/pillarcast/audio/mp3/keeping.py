"""An MP3 that needs no encoding: kept bit for bit where it is right already, or turned up or down without loss."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pillarcast.audio.formats.made import Made, Order
from pillarcast.audio.measure.summary import told
from pillarcast.audio.measure.survey import Survey
from pillarcast.audio.measure.surveying import survey_of
from pillarcast.audio.mp3 import file, globalgain, infoframe, mpeg
from pillarcast.audio.mp3.crc16 import crc16
from pillarcast.audio.read.recording import Recording
from pillarcast.audio.spec import TOLERANCE_LU, MasterSpec
from pillarcast.audio.tags import id3

_FRAMES_AT_ONCE = 4096
_MOST_JUNK = 1 << 20


@dataclass(frozen=True)
class Frames:
    """The audio of an MP3 file: its Info frame, if any, and the frames at `offsets`; the last offset is the end."""

    content: npt.NDArray[np.uint8]
    info: bytes
    offsets: npt.NDArray[np.int64]
    header: mpeg.Header
    is_cbr: bool

    @property
    def length_bytes(self) -> int:
        return int(self.offsets[-1] - self.offsets[0])

    @property
    def length(self) -> int:
        """Samples that they decode to."""
        return (len(self.offsets) - 1) * self.header.samples


def kept(recording: Recording, order: Order) -> Made | None:
    """The file at `order.path` with the frames of the recording, or None where they have to be made anew."""
    if not _may_stay(recording):
        return None
    steps = fitting_steps(order.survey, order.spec)
    found = None if steps is None else frames_of(recording.path)
    if (
        steps is None
        or found is None
        or found.length < order.survey.length  # of files that were joined, what stands behind the tag of the first
        or not globalgain.has_room(found.content, found.offsets[:-1], found.header, steps)
    ):
        return None
    after = _write(found, steps, order)
    if fitting_steps(after, order.spec) != 0:
        return None
    kbps = round(found.length_bytes * 8 / after.duration_s / 1000)
    written = file.hashed(order.path)
    return Made(after, told(after), kbps, written.sha256, written.length_bytes)


def _may_stay(recording: Recording) -> bool:
    shape = recording.shape
    is_mp3 = shape.codec == "mp3" and shape.container == "mp3"
    return is_mp3 and shape.rate_hz == recording.rate_hz and not any(second > 0 for second in recording.lost_s)


def fitting_steps(survey: Survey, spec: MasterSpec) -> int | None:
    """Steps of global_gain that bring it to its target, 0 for none needed, None where no number of them does."""
    miss, over = spec.loudness_lufs - survey.integrated_lufs, survey.true_peak_dbtp - spec.true_peak_dbtp
    for steps in (0, round(miss / globalgain.STEP_DB)):
        change = steps * globalgain.STEP_DB
        if abs(miss - change) <= TOLERANCE_LU and over + change <= 0:
            return steps
    return None


def frames_of(path: Path) -> Frames | None:
    """None where anything stands between frames, or they change their kind on the way."""
    content: npt.NDArray[np.uint8] = np.memmap(path, np.uint8, "r")
    view = content.data
    found = list(mpeg.frames(view, _first_frame(view)))
    if not found or not _ends(view, found[-1][0] + found[-1][1].length):
        return None
    info = b""
    first_at, first = found[0]
    if infoframe.is_info(view[first_at : first_at + first.length].tobytes(), first):
        info, found = view[first_at : first_at + first.length].tobytes(), found[1:]
    if not found or len({_kind(header) for _at, header in found}) != 1:
        return None
    last_at, last = found[-1]
    offsets = np.array([*(at for at, _header in found), last_at + last.length], np.int64)
    is_cbr = len({header.bitrate_kbps for _at, header in found}) == 1
    return Frames(content, info, offsets, found[0][1], is_cbr)


def _kind(header: mpeg.Header) -> tuple[object, ...]:
    return header.is_mpeg1, header.rate_hz, header.channels, header.has_crc


def _first_frame(view: memoryview) -> int:
    """After all ID3v2 tags and whatever junk stands before two frames in a row."""
    start = 0
    while length := mpeg.tag_length(bytes(view[start : start + 10])):
        start += length
    for at in range(start, min(len(view) - 4, start + _MOST_JUNK)):
        header = mpeg.parse_header(bytes(view[at : at + 4]))
        following = at + header.length if header else 0
        if header and mpeg.parse_header(bytes(view[following : following + 4])):
            return at
    return len(view)


def _ends(view: memoryview, at: int) -> bool:
    """Whether nothing but tags or silence of zeros follows the last frame."""
    rest = bytes(view[at : at + 16])
    return not rest.strip(b"\0") or rest[:3] == b"TAG" or rest.startswith((b"APETAGEX", b"LYRICSBEGIN"))


def _write(found: Frames, steps: int, order: Order) -> Survey:
    tag, info = id3.render(order.tags, order.survey.duration_s), _info(found, steps)
    file.write(order.path, [tag, info, *_shifted(found, steps)])
    if steps == 0 and found.info in (b"", info):
        return order.survey
    made = Recording(order.path)
    return survey_of(made, made.most_samples)


def _info(found: Frames, steps: int) -> bytes:
    """The Info frame that stands there where it tells the truth, one without delays otherwise."""
    count = len(found.offsets) - 1
    if infoframe.frame_count(found.info, found.header) == count:
        if steps == 0:
            return found.info
        crc = 0
        for part in _shifted(found, steps):
            crc = crc16(part, crc)
        return infoframe.with_music_crc(found.info, found.header, crc)
    first = found.content[found.offsets[0] : found.offsets[0] + 4].tobytes()
    places = (found.offsets[:-1] - found.offsets[0]).tolist()
    return infoframe.info_frame(first, places, found.length_bytes, is_cbr=found.is_cbr)


def _shifted(found: Frames, steps: int) -> Iterator[memoryview]:
    offsets = found.offsets
    for first in range(0, len(offsets) - 1, _FRAMES_AT_ONCE):
        last = min(first + _FRAMES_AT_ONCE, len(offsets) - 1)
        part = np.array(found.content[offsets[first] : offsets[last]])
        if steps:
            globalgain.shift(part, offsets[first:last] - offsets[first], found.header, steps)
        yield part.data
