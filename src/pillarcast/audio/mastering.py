"""From a recording to its master: measured, brought to loudness, limited, encoded, tagged, and measured again."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pillarcast.audio import bars, id3, infoframe, mp3file, mpeg
from pillarcast.audio.crc16 import crc16
from pillarcast.audio.gain import solved_gain
from pillarcast.audio.lame import ENCODER_DELAY, Lame, nearest_bitrate
from pillarcast.audio.limiter import Limited
from pillarcast.audio.recording import Recording
from pillarcast.audio.refusals import check_survey, check_whole
from pillarcast.audio.sound import Advance, unheard
from pillarcast.audio.survey import surveyed
from pillarcast.audio.tags import Tags
from pillarcast.model.master import Loudness

LONGEST_S = 12 * 3600


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


@dataclass(frozen=True)
class MasterReport:
    """What was made and measured. `peaks` is base64 of about 240 bytes, one a bar."""

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


def master(recording: Path, out: Path, spec: MasterSpec, tags: Tags, progress: Advance = unheard) -> MasterReport:
    """Makes `out`, which appears only when whole and checked. RecordingRefused says what is wrong, and where."""
    progress(0.0)
    source = Recording(recording)
    before = surveyed(source, source.blocks(0, LONGEST_S * source.rate_hz))
    check_whole(source, before)
    check_survey(recording.name, before)
    progress(0.3)
    ceiling_db = spec.true_peak_dbtp - 0.3
    for _attempt in range(4):
        ceiling = 10 ** (ceiling_db / 20)
        limited = Limited(source, solved_gain(before, spec.loudness_lufs, ceiling), ceiling)
        written = _write_mp3(limited, before.length, out, spec, tags)
        made = Recording(out)
        after = surveyed(made, made.blocks(0, LONGEST_S * made.rate_hz))
        over = 20 * math.log10(after.true_peak) - spec.true_peak_dbtp
        if over <= 0:
            break
        ceiling_db -= over + 0.1
    progress(1.0)
    return MasterReport(
        sample_rate_hz=source.rate_hz,
        channels=source.channels,
        bitrate_kbps=_bitrate(spec, source.channels),
        duration_s=after.length / after.rate_hz,
        sha256=written.sha256,
        length_bytes=written.length_bytes,
        media_type="audio/mpeg",
        before=before.summary(),
        after=after.summary(),
        warnings=(),
        peaks=bars.waveform(after),
        chapters_shift_s=0.0,
    )


def _write_mp3(limited: Limited, length: int, out: Path, spec: MasterSpec, tags: Tags) -> mp3file.Written:
    audio = bytearray()
    with Lame(limited.rate_hz, limited.channels, _bitrate(spec, limited.channels), spec.quality) as lame:
        for block in limited.blocks(0, length):
            audio += lame.encode(block)
        audio += lame.flush()
        padding = lame.padding
    offsets = [at for at, _header in mpeg.frames(memoryview(audio))]
    info = infoframe.info_frame(
        bytes(audio[:4]), offsets, len(audio), music_crc=crc16(audio), delay=ENCODER_DELAY, padding=padding
    )
    return mp3file.write(out, [id3.render(tags, length / limited.rate_hz), info, memoryview(audio)])


def _bitrate(spec: MasterSpec, channels: int) -> int:
    return nearest_bitrate(spec.bitrate_kbps if channels == 2 else spec.bitrate_kbps * 2 // 3)
