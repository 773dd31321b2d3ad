"""How a file ends: formats without a length in their header still end on a whole page or frame when they are whole."""

from __future__ import annotations

from pathlib import Path

from pillarcast.audio.mp3 import mpeg

_TAIL = 1 << 17
_ADTS_SYNC = 0xFFF


def is_cut_off(path: Path, container: str) -> bool:
    """Whether an Ogg, ADTS or MP3 file ends within a page or frame."""
    check = _CHECKS.get(container)
    if check is None:
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return check(file.read())


def _ogg(tail: bytes) -> bool:
    at = tail.rfind(b"OggS")
    if at < 0:
        return True
    page = tail[at:]
    if len(page) < 27 or len(page) < 27 + page[26]:
        return True
    return len(page) < 27 + page[26] + sum(page[27 : 27 + page[26]])


def _adts(tail: bytes) -> bool:
    """Follows the frames from the first that three others follow."""
    for start in range(len(tail) - 7):
        ends = _chain(tail, start)
        if len(ends) > 3:
            return ends[-1] > len(tail)
    return False


def _chain(tail: bytes, at: int) -> list[int]:
    ends = []
    while at + 7 <= len(tail) and tail[at] << 4 | tail[at + 1] >> 4 == _ADTS_SYNC:
        length = (tail[at + 3] & 3) << 11 | tail[at + 4] << 3 | tail[at + 5] >> 5
        if length < 7:
            break
        at += length
        ends.append(at)
    return ends


def _mp3(tail: bytes) -> bool:
    tail = _without_tags(tail)
    for start in range(len(tail) - 4):
        frames = list(mpeg.frames(tail, start))
        if len(frames) > 3:
            at, header = frames[-1]
            rest = tail[at + header.length :]
            return mpeg.parse_header(rest[:4]) is not None or 0 < len(rest) < 4
    return False


def _without_tags(tail: bytes) -> bytes:
    if tail[-128:-125] == b"TAG":
        tail = tail[:-128]
    if tail[-32:-24] == b"APETAGEX":
        tail = tail[: -32 - int.from_bytes(tail[-20:-16], "little")]
    return tail


_CHECKS = {"ogg": _ogg, "aac": _adts, "mp3": _mp3}
