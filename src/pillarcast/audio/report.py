"""What mastering reports, and how that crosses from one process to the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from pillarcast.model.master import Course, Loudness


@dataclass(frozen=True)
class MasterReport:
    """What was made and measured.

    `peaks` is base64 of about 240 bytes, one a bar; `warnings` are in words; chapters stand `chapters_shift_s` later in
    the master than in the recording. The courses are loudness over time, of the recording and of the master.
    """

    sample_rate_hz: int
    channels: int
    bitrate_kbps: int
    duration_s: float
    sha256: str
    length_bytes: int
    media_type: str
    before: Loudness
    after: Loudness
    warnings: tuple[str, ...]
    peaks: str
    chapters_shift_s: float
    course_before: Course
    course_after: Course

    def rendered(self) -> dict[str, Any]:
        """Plain values that survive JSON."""
        return dict(_REPORT.dump_python(self, mode="json"))


_REPORT = TypeAdapter(MasterReport)


def parsed(values: dict[str, Any]) -> MasterReport:
    """The inverse of `rendered`."""
    return _REPORT.validate_python(values)
