"""Who masters beside us in `bench/mastering.py`, and by which commands: each as its own users would call it."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

from mastering_episode import episode

ROOT = Path(__file__).parents[1]
BED = ROOT / ".testbeds" / "ffmpeg-normalize"
KBPS, LUFS, PEAK_DBTP, RATE_HZ = 96, -16.0, -1.0, 48000

Steps = Generator[list[str], str, None]
"""Commands one after the other; what each one said on standard error comes back."""

OURS = """
import sys
from pathlib import Path
from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.audio.tags.table import Tags
source, out, quality, kbps = sys.argv[1:]
spec = MasterSpec(quality=quality, bitrate_kbps=int(kbps))
master(Path(source), Path(out), spec, Tags(title="Bench", show="Bench", host="Bench"))
"""
CALL = f"""
import sys, time
import pillarcast.audio.mastering, pillarcast.audio.report
began = time.perf_counter(){OURS}
print(time.perf_counter() - began, file=sys.stderr)
"""
HASH = """
import hashlib, sys
with open(sys.argv[1], "rb") as file:
    hashlib.file_digest(file, "sha256")
"""


@dataclass(frozen=True)
class Peer:
    """One row; `cores` of 0 are all. `makes` is False for what makes no master of the same loudness."""

    name: str
    steps: Callable[[Path, Path], Steps]
    makes: bool = True
    cores: int = 0

    def missing(self) -> str:
        """Why it cannot run here; empty where it can."""
        return next((why for program, why in NEEDS.get(self.name, ()) if not program()), "")


def ours(quality: str) -> Callable[[Path, Path], Steps]:
    def steps(source: Path, out: Path) -> Steps:
        yield [sys.executable, "-c", OURS, str(source), str(out), quality, str(KBPS)]

    return steps


def ffmpeg_normalize(source: Path, out: Path) -> Steps:
    """Its two passes of loudnorm; without -ar it would leave 192 kHz to the encoder."""
    to = ["-c:a", "libmp3lame", "-b:a", f"{KBPS}k", "-ar", str(RATE_HZ), "-f", "-o", str(out)]
    yield [str(BED / "bin" / "ffmpeg-normalize"), str(source), "-t", str(LUFS), "-tp", str(PEAK_DBTP), *to]


def loudnorm(source: Path, out: Path) -> Steps:
    aim = f"loudnorm=I={LUFS}:TP={PEAK_DBTP}:LRA=11"
    said = yield [*FFMPEG, "-i", str(source), "-af", f"{aim}:print_format=json", "-f", "null", "-"]
    seen = json.loads(said[said.rindex("{") : said.rindex("}") + 1])
    names = {"I": "input_i", "TP": "input_tp", "LRA": "input_lra", "thresh": "input_thresh"}
    measured = ":".join(f"measured_{name}={seen[key]}" for name, key in names.items())
    known = f"{aim}:{measured}:offset={seen['target_offset']}:linear=true"
    yield [*FFMPEG, "-i", str(source), "-af", known, "-ar", str(RATE_HZ), *MP3, str(out)]


def chain(source: Path, out: Path) -> Steps:
    said = yield [*FFMPEG, "-i", str(source), "-af", "ebur128=framelog=verbose", "-f", "null", "-"]
    gain = LUFS - float(re.findall(r"I:\s+(-?[\d.]+) LUFS", said)[-1])
    limited = f"volume={gain:.2f}dB,alimiter=limit={PEAK_DBTP}dB:level=disabled"
    yield [*FFMPEG, "-i", str(source), "-af", limited, *MP3, str(out)]


def lame(source: Path, out: Path) -> Steps:
    """The quality that is our default, at the rate that the others keep: by itself it would go down to 32 kHz."""
    yield [*LAME, str(source), str(out)]


def lame_halves(source: Path, out: Path) -> Steps:
    """What so many cores give `lame` itself: both halves of the episode at once, each by one of its own."""
    minutes = float(source.stem) / 2
    half = episode(source.with_name(f"{minutes:g}.wav"), minutes)
    each = [shlex.join([*LAME, str(half), f"{out}.{number}"]) for number in (1, 2)]
    yield ["sh", "-c", f"{each[0]} & {each[1]}; wait"]


def hashing(source: Path, _out: Path) -> Steps:
    yield [sys.executable, "-c", HASH, str(source)]


LAME = ["lame", "--silent", "-b", str(KBPS), "-q", "4", "--resample", "48"]
FFMPEG = ["ffmpeg", "-nostdin", "-hide_banner", "-y"]
MP3 = ["-c:a", "libmp3lame", "-b:a", f"{KBPS}k"]

PEERS = (
    Peer("lame, both halves at once", lame_halves, makes=False),
    Peer("lame, same quality, no mastering", lame, makes=False),
    Peer("pillarcast", ours("good")),
    Peer("ffmpeg-normalize", ffmpeg_normalize),
    Peer("pillarcast, fast", ours("fast")),
    Peer("ebur128, volume, limiter, libmp3lame", chain),
    Peer("that chain, one core", chain, cores=1),
    Peer("pillarcast, one core", ours("good"), cores=1),
    Peer("two-pass loudnorm", loudnorm),
    Peer("reading and hashing the recording", hashing, makes=False),
)
"""Those that are compared follow each other."""


def install() -> bool:
    """ffmpeg-normalize in an environment of its own, once. False where no registry can be reached."""
    if (BED / "bin" / "ffmpeg-normalize").is_file():
        return True
    venv.create(BED, with_pip=True)
    asked = [BED / "bin" / "python", "-m", "pip", "install", "--quiet", "ffmpeg-normalize"]
    return subprocess.run(asked, check=False, capture_output=True).returncode == 0


_FFMPEG = (lambda: shutil.which("ffmpeg"), "needs ffmpeg (apt)")
_LAME = (lambda: shutil.which("lame"), "needs lame (apt)")
_ONE_CORE = (lambda: shutil.which("taskset") and (os.cpu_count() or 1) > 1, "needs taskset and two cores")
NEEDS: dict[str, tuple[tuple[Callable[[], object], str], ...]] = {
    "ffmpeg-normalize": (_FFMPEG, (install, "pip could not install ffmpeg-normalize")),
    "two-pass loudnorm": (_FFMPEG,),
    "ebur128, volume, limiter, libmp3lame": (_FFMPEG,),
    "that chain, one core": (_FFMPEG, _ONE_CORE),
    "pillarcast, one core": (_ONE_CORE,),
    "lame, same quality, no mastering": (_LAME,),
    "lame, both halves at once": (_LAME,),
}
