"""What mastering measured and made, as it stands in the catalogue."""

from __future__ import annotations

from pydantic import Field

from pillarcast.model.base import FileRef, Value
from pillarcast.model.chapters import render_stamp


class Loudness(Value):
    """One measurement of a whole file: BS.1770-4 loudness, EBU 3342 range, true peak by 4 x oversampling.

    `channels` and `duration_s` are None in what an older version measured.
    """

    integrated_lufs: float
    range_lu: float
    true_peak_dbtp: float
    noise_floor_dbfs: float | None = None
    clipped_s: float = 0.0
    channels: int | None = None
    duration_s: float | None = None


class Course(Value):
    """Loudness over time: `curve` is base64 of one byte a point, 0 for -60 LUFS and below, 255 for 0 LUFS.

    The points are spread evenly over `duration_s`; `clipped_at_s` are whole seconds.
    """

    duration_s: float
    curve: str = ""
    clipped_at_s: tuple[int, ...] = ()


class Master(Value):
    """The finished, tagged audio. `peaks` is base64 of one byte a bar (0 to 255), for the waveform on the page.

    `picture` is private: an SVG of what mastering did.
    """

    file: FileRef
    duration_s: float = Field(gt=0)
    sample_rate_hz: int
    channels: int
    bitrate_kbps: int
    before: Loudness
    after: Loudness
    warnings: tuple[str, ...] = ()
    peaks: str = ""
    tags_digest: str = ""
    chapters_shift_s: float = 0.0
    picture: FileRef | None = None

    @property
    def words(self) -> str:
        """The receipt in a line: `20:52, -26.9 → -16.0 LUFS, true peak -1.1 dBTP, mono`."""
        levels = f"{self.before.integrated_lufs:.1f} → {self.after.integrated_lufs:.1f} LUFS"
        peak = f"true peak {self.after.true_peak_dbtp:.1f} dBTP"
        return f"{render_stamp(round(self.duration_s))}, {levels}, {peak}, {channels_in_words(self.channels)}"


def channels_in_words(count: int) -> str:
    return {1: "mono", 2: "stereo"}.get(count, f"{count} channels")
