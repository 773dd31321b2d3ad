"""Segments joined where both encoders have come to write the same; where none is found, the left one runs on."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from pillarcast.audio.mp3.infoframe import info_frame
from pillarcast.audio.mp3.segments import FRAME, Offsets, Segment

_EQUAL = 24
"""Frames in a row that have to be equal in every bit that is played; the join is made within them."""
_FURTHER = 500


@dataclass(frozen=True)
class Encoded:
    """The frames of a whole master begin at `first_byte` of its file, behind a frame that says how many they are.
    `offsets` (the last is the end) count from there; `padding` are the samples that fill the last frame."""

    first_byte: int
    offsets: Offsets
    padding: int


def joined(segments: Sequence[Segment], length: int, path: Path) -> Encoded:
    """The segments, encoded to their ends, as one master of `length` samples in the file at `path`."""
    info = info_frame(segments[0].read(segments[0].first, segments[0].first + 1), [0], 1)
    with path.open("wb") as whole:
        whole.write(info)
        first, offsets = 0, array("q", [0])
        last = segments[0]
        for following in segments[1:]:
            seam = _seam(last, following, length)
            if seam is None:
                continue
            offsets += _copied(last, first, seam, whole, len(info))
            first, last = seam, following
        if last is not segments[-1]:
            last.finish()
        offsets += _copied(last, first, last.end, whole, len(info))
        whole.seek(0)
        whole.write(info_frame(info[:4], offsets[:-1], offsets[-1]))
    return Encoded(len(info), offsets, last.lame.padding)


def _seam(left: Segment, right: Segment, length: int) -> int | None:
    """The frame from which on the right segment is as good as the left, which runs on until there is one.

    None where the left one came to the end of the sound without it: then the right one is not needed.
    """
    looked = right.first
    while True:
        seam = _first_equal(left, right, looked)
        if seam is not None:
            return seam
        if left.at >= length:
            return None
        looked = max(right.first, left.end - _EQUAL)
        left.run(min(length, left.at + _FURTHER * FRAME))


def _first_equal(left: Segment, right: Segment, first: int) -> int | None:
    end = min(left.end, right.end)
    if end <= first:
        return None
    run = 0
    for frame, (a, b) in enumerate(zip(left.audible(first, end), right.audible(first, end), strict=True), start=first):
        run = run + 1 if a is not None and a == b else 0
        if run == _EQUAL:
            return frame - _EQUAL // 3
    return None


def _copied(segment: Segment, first: int, last: int, whole: BinaryIO, first_byte: int) -> Offsets:
    """Where each of these frames ends, counted from `first_byte` of the whole."""
    step, shift = 4096, whole.tell() - first_byte - segment.position(first)
    whole.writelines(segment.read(at, min(at + step, last)) for at in range(first, last, step))
    return array("q", (segment.position(frame) + shift for frame in range(first + 1, last + 1)))
