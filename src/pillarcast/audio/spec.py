"""What mastering is told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TOLERANCE_LU = 0.3
"""How far from its target a master may be."""


@dataclass(frozen=True)
class MasterSpec:
    """How a master is made; `bitrate_kbps` is that of stereo, mono takes two thirds of it."""

    format: Literal["mp3", "m4a", "opus"] = "mp3"
    loudness_lufs: float = -16.0
    true_peak_dbtp: float = -1.0
    bitrate_kbps: int = 96
    channels: Literal["auto", "mono", "stereo"] = "auto"
    quality: Literal["good", "fast"] = "good"
    level_speakers: bool = False
    trim_silence: bool = False
    high_pass: bool = False
    repair: bool = True
    intro: Path | None = None
    outro: Path | None = None

    def bitrate_for(self, channels: int) -> int:
        return self.bitrate_kbps if channels == 2 else self.bitrate_kbps * 2 // 3
