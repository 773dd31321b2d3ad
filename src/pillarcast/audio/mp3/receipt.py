"""What mastering measured, kept inside the master: one that comes back is known by its bytes, not heard again.

The receipt stands in a PRIV frame of the tag, with the length and the CRC-32 of everything behind the tag: against
damage and other programs, and a third of the work of a second hash. Nothing of the file is decoded here, so this needs
no process of its own.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pillarcast.audio.mp3 import file, mpeg
from pillarcast.audio.report import MasterReport
from pillarcast.audio.spec import TOLERANCE_LU, MasterSpec
from pillarcast.audio.tags import id3
from pillarcast.audio.tags.table import Tags
from pillarcast.model.chapters import shifted
from pillarcast.model.master import Course, Loudness

_MOST_TAG_BYTES = 4 << 20
_VALUES = ("after", "course")


@dataclass(frozen=True)
class Audio:
    """Everything behind the tag, as far as one has to know it again."""

    length_bytes: int = 0
    crc32: int = 0

    def followed_by(self, content: bytes | memoryview) -> Audio:
        return Audio(self.length_bytes + len(content), zlib.crc32(content, self.crc32))


@dataclass(frozen=True)
class Receipt:
    """What was measured of the frames that it describes."""

    audio: Audio
    sample_rate_hz: int
    channels: int
    bitrate_kbps: int
    duration_s: float
    after: Loudness
    peaks: str
    course: Course = field(default_factory=lambda: Course(duration_s=0.0))

    def rendered(self) -> bytes:
        values = {name: getattr(self, name).model_dump(mode="json", exclude_defaults=True) for name in _VALUES}
        return json.dumps({**asdict(self), **values}).encode()


_RECEIPT = TypeAdapter(Receipt)


def known(recording: Path, part: Path, spec: MasterSpec, tags: Tags) -> MasterReport | None:
    """Makes `part` of a master of ours that fits the spec, as fast as it can be hashed; None for anything else."""
    receipt = _receipt(recording)
    if receipt is None or not _fits(receipt, spec):
        return None
    tags = replace(tags, chapters=shifted(tags.chapters, 0, receipt.duration_s))
    tag = id3.render(tags, receipt.duration_s, receipt.rendered())
    start = file.tag_room(recording)
    with ThreadPoolExecutor(1) as pool:
        sha256 = pool.submit(_hashed, recording, start, tag)
        audio = _copied(tag, recording, start, part)
    written = file.Written(sha256.result(), len(tag) + audio.length_bytes)
    return _report(receipt, written) if audio == receipt.audio else None


def _receipt(recording: Path) -> Receipt | None:
    with recording.open("rb") as opened:
        head = opened.read(10)
        length = mpeg.tag_length(head)
        if head[3:4] != b"\x03" or length > _MOST_TAG_BYTES:
            return None
        found = _private(head + opened.read(length - 10))
    try:
        return _RECEIPT.validate_json(found) if found else None
    except ValidationError:
        return None


def _private(tag: bytes) -> bytes:
    """The content of our PRIV frame in a tag of version 2.3."""
    at, owner = 10, id3.RECEIPT.encode() + b"\0"
    while tag[at : at + 4].isalnum():
        size = int.from_bytes(tag[at + 4 : at + 8], "big")
        content = tag[at + 10 : at + 10 + size]
        if tag[at : at + 4] == b"PRIV" and content.startswith(owner):
            return content[len(owner) :]
        at += 10 + size
    return b""


def _fits(receipt: Receipt, spec: MasterSpec) -> bool:
    """Whether it is what the spec asks for, with nothing to be done but other tags."""
    if spec.format != "mp3" or spec.trim_silence or spec.high_pass or spec.level_speakers or spec.intro or spec.outro:
        return False
    if spec.channels != "auto" and receipt.channels != (1 if spec.channels == "mono" else 2):
        return False
    is_near = abs(receipt.after.integrated_lufs - spec.loudness_lufs) <= TOLERANCE_LU
    return is_near and receipt.after.true_peak_dbtp <= spec.true_peak_dbtp


def _hashed(path: Path, start: int, head: bytes) -> str:
    """SHA-256 of `head` and everything from byte `start` on."""
    sha = hashlib.sha256(head)
    with path.open("rb") as opened:
        opened.seek(start)
        return hashlib.file_digest(opened, lambda: sha).hexdigest()


def _copied(tag: bytes, path: Path, start: int, part: Path) -> Audio:
    """What was written to `part` behind the tag: everything from byte `start` on."""
    piece, audio = memoryview(bytearray(file.PIECE)), Audio()
    with path.open("rb", buffering=0) as source, part.open("wb", buffering=0) as target:
        target.write(tag)
        source.seek(start)
        while count := source.readinto(piece):
            target.write(piece[:count])
            audio = audio.followed_by(piece[:count])
    return audio


def _report(receipt: Receipt, written: file.Written) -> MasterReport:
    return MasterReport(
        sample_rate_hz=receipt.sample_rate_hz,
        channels=receipt.channels,
        bitrate_kbps=receipt.bitrate_kbps,
        duration_s=receipt.duration_s,
        sha256=written.sha256,
        length_bytes=written.length_bytes,
        media_type="audio/mpeg",
        before=receipt.after,
        after=receipt.after,
        warnings=(),
        peaks=receipt.peaks,
        chapters_shift_s=0.0,
        course_before=receipt.course,
        course_after=receipt.course,
    )
