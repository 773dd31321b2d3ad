"""ID3v2.3 for MP3: bytes to stand in front of the audio, with padding in which later tags find room.

v2.3 in UTF-16, because a v2.4 CHAP of 128 bytes and more loses its chapter in FFmpeg and all that is built on it.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mutagen import id3 as untyped

from pillarcast.audio.tags.languages import iso639_2
from pillarcast.audio.tags.table import Tags, shown, spans_ms, tellable, told

id3: Any = untyped

_UTF16 = id3.Encoding.UTF16
_UNUSED = 0xFFFFFFFF
_HEADER = 10
_PAGE = 4096
_SPARE = 16384

RECEIPT = "pillarcast"
"""Owner of the PRIV frame that holds what mastering measured."""


def render(tags: Tags, duration_s: float, receipt: bytes = b"", room: int = 0) -> bytes:
    """The whole tag, padded to `room` bytes where it fits, else to full pages with some to spare."""
    frames = _in_order_of_time(_frames(tags, duration_s, receipt))
    size = _HEADER + len(frames)
    if size > room:
        room = -(-(size + _SPARE) // _PAGE) * _PAGE
    return b"ID3\x03\x00\x00" + _synchsafe(room - _HEADER) + frames + bytes(room - size)


def receipt(path: Path) -> bytes:
    """What an earlier mastering left in the file; empty where it was not ours."""
    try:
        found = id3.ID3(path, translate=False).getall(f"PRIV:{RECEIPT}")
    except id3.ID3NoHeaderError:
        return b""
    return bytes(found[0].data) if found else b""


def _frames(tags: Tags, duration_s: float, receipt: bytes) -> bytes:
    made = id3.ID3()
    for row, value in told(tags):
        name, _, description = row.id3.partition(":")
        made.add(_MAKERS.get(name, _text)(name, description, value, tags))
    made.add(id3.TLEN(encoding=_UTF16, text=[str(round(duration_s * 1000))]))
    if tags.artwork:
        made.add(id3.APIC(encoding=0, mime="image/jpeg", type=id3.PictureType.COVER_FRONT, desc="", data=tags.artwork))
    if receipt:
        made.add(id3.PRIV(owner=RECEIPT, data=receipt))
    _add_chapters(made, tags, duration_s)
    made.update_to_v23()
    buffer = io.BytesIO()
    made.save(buffer, v1=0, v2_version=3, padding=lambda _about: 0)
    return buffer.getvalue()[_HEADER:]


def _add_chapters(made: id3.ID3, tags: Tags, duration_s: float) -> None:
    chapters = shown(tags)
    if not chapters:
        return
    names = [f"chp{number}" for number in range(len(chapters))]
    for name, chapter, (start, end) in zip(names, chapters, spans_ms(chapters, duration_s), strict=True):
        inner = [id3.TIT2(encoding=_UTF16, text=[tellable(chapter.title)])]
        if chapter.url:
            inner.append(id3.WXXX(encoding=_UTF16, desc="chapter url", url=_ascii(chapter.url)))
        times = {"start_time": start, "end_time": end, "start_offset": _UNUSED, "end_offset": _UNUSED}
        made.add(id3.CHAP(element_id=name, sub_frames=inner, **times))
    flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
    title = id3.TIT2(encoding=_UTF16, text=["Chapters"])
    made.add(id3.CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=[title]))


def _text(name: str, _description: str, value: str, _tags: Tags) -> Any:
    return getattr(id3, name)(encoding=_UTF16, text=[value])


def _described(_name: str, description: str, value: str, _tags: Tags) -> Any:
    return id3.TXXX(encoding=_UTF16, desc=description, text=[value])


def _comment(_name: str, _description: str, value: str, tags: Tags) -> Any:
    return id3.COMM(encoding=_UTF16, lang=iso639_2(tags.language), desc="", text=[value])


def _address(name: str, _description: str, value: str, _tags: Tags) -> Any:
    return getattr(id3, name)(url=_ascii(value))


def _ascii(url: str) -> str:
    """ID3 has no other letters in addresses (ID3v2.4 structure, section 4.3)."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")


def _language(_name: str, _description: str, value: str, _tags: Tags) -> Any:
    return id3.TLAN(encoding=0, text=[iso639_2(value)])


_MAKERS: dict[str, Callable[[str, str, str, Tags], Any]] = {
    "TXXX": _described,
    "COMM": _comment,
    "WOAF": _address,
    "WFED": _address,
    "TLAN": _language,
    "PCST": lambda _name, _description, _value, _tags: id3.PCST(value=1),
}


def _in_order_of_time(frames: bytes) -> bytes:
    """Chapters by their start, CTOC before them: mutagen sorts frames of one kind by their size."""
    single = list(_split(frames))
    chapters = sorted((frame for frame in single if frame[:4] == b"CHAP"), key=_number)
    contents = [frame for frame in single if frame[:4] == b"CTOC"]
    others = [frame for frame in single if frame[:4] not in (b"CHAP", b"CTOC")]
    return b"".join([*others, *contents, *chapters])


def _split(frames: bytes) -> list[bytes]:
    single, at = [], 0
    while at < len(frames):
        end = at + _HEADER + int.from_bytes(frames[at + 4 : at + 8], "big")
        single.append(frames[at:end])
        at = end
    return single


def _number(chap: bytes) -> int:
    name = chap[_HEADER : chap.index(b"\0", _HEADER)]
    return int(name.removeprefix(b"chp"))


def _synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))
