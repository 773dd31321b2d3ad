"""Mastering side by side with what a podcaster would pick, in turn on one machine: ratios into docs/performance.md.

A 60-minute two-voice episode, 48 kHz stereo WAV to MP3 of 96 kbit/s. That all make the same is checked first. It takes
about half an hour; `--only`, `--minutes` and `--json FILE` do it in pieces, which the file joins. Each ratio is between
runs of one piece.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mastering_episode import episode
from mastering_page import Piece, Run, write_page
from mastering_peers import CALL, FFMPEG, KBPS, LUFS, OURS, PEAK_DBTP, PEERS, ROOT, Peer

WORK = ROOT / ".testbeds" / "mastering"
PAGE = ROOT / "docs" / "performance.md"
LENGTHS_MIN = (10, 60, 180)
LENGTHS_ROUNDS = 2

SPANS = """
import hashlib, statistics, sys, time
from dataclasses import replace
from pathlib import Path
from pillarcast.audio.mastering import MasterSpec, master
from pillarcast.audio.tagging import retag
from pillarcast.audio.tags.table import Tags
source, out = map(Path, sys.argv[1:])
tags = Tags(title="Bench", show="Bench", host="Bench")
def hashed():
    with source.open("rb") as file:
        hashlib.file_digest(file, "sha256")
def new():
    out.unlink(missing_ok=True)
def median(work, before=lambda: None):
    spans = []
    for number in range(8):
        before()
        began = time.perf_counter()
        work(number)
        spans.append(time.perf_counter() - began)
    return statistics.median(spans[1:])
print("hashing", median(lambda _number: hashed()))
print("passing", median(lambda _number: master(source, out, MasterSpec(bitrate_kbps=320), tags), new))
print("retagging", median(lambda number: retag(out, replace(tags, title=f"Bench {number}"))))
"""


@dataclass(frozen=True)
class Heard:
    """A master by FFmpeg's meters."""

    lufs: float
    peak_dbtp: float
    kbps: float
    duration_s: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="of: " + "; ".join([*(peer.name for peer in PEERS), *PARTS]))
    parser.add_argument("--json", type=Path, help="file that joins pieces; the page is made of all of them")
    parser.add_argument("--page", action="store_true", help="only write the page, of what the file of --json holds")
    parser.add_argument("--prepare", action="store_true", help="only make what the runs need")
    options = parser.parse_args()
    if options.page:
        if options.json is None or not options.json.is_file():
            parser.error("--page wants --json with a file that a run has written")
        write_page(PAGE, list(_read(options.json)))
        return
    WORK.mkdir(parents=True, exist_ok=True)
    if options.prepare:
        prepare(options.minutes)
        return
    wanted = set(options.only or [*(peer.name for peer in PEERS), *PARTS])
    piece = Piece(options.minutes, sys.argv[1:])
    side_by_side([peer for peer in PEERS if peer.name in wanted], piece, options.rounds)
    for name, part in PARTS.items():
        if name in wanted:
            part(piece)
    pieces = joined(options.json, piece)
    write_page(PAGE, pieces)


def prepare(minutes: float) -> None:
    for length in {minutes, *LENGTHS_MIN}:
        episode(WORK / f"{length:g}.wav", length)
    large_master()
    for peer in PEERS:
        print(peer.name, peer.missing() or "can run")


def side_by_side(peers: list[Peer], piece: Piece, rounds: int) -> None:
    """Round after round in turn; the first output of each is judged before any time counts."""
    source = episode(WORK / f"{piece.minutes:g}.wav", piece.minutes)
    for number in range(rounds):
        for peer in peers:
            if why := peer.missing():
                piece.missing[peer.name] = why
                continue
            with tempfile.TemporaryDirectory(dir=WORK) as folder:
                out = Path(folder) / "master.mp3"
                piece.runs.setdefault(peer.name, []).append(undisturbed(peer, source, out))
                if number == 0 and peer.makes:
                    piece.heard[peer.name] = asdict(judged(peer, out, piece.minutes))
            print(f"{peer.name}: {piece.runs[peer.name][-1]} {piece.heard.get(peer.name, '')}", flush=True)


def undisturbed(peer: Peer, source: Path, out: Path) -> Run:
    """The run, or the better of two where other work of the machine was in its way."""
    run = measured(peer, source, out)
    return min(run, measured(peer, source, out), key=lambda one: one.wall_s) if run.is_disturbed else run


def judged(peer: Peer, out: Path, minutes: float) -> Heard:
    """Ends the bench where a master is not what all were asked for; loudness and peak of others stand in the table."""
    found = heard(out)
    if abs(found.duration_s - minutes * 60) > 0.2 or abs(found.kbps - KBPS) > 2:
        sys.exit(f"{peer.name} made {found}: not the same work")
    if peer.name.startswith("pillarcast") and (abs(found.lufs - LUFS) > 0.3 or found.peak_dbtp > PEAK_DBTP):
        sys.exit(f"{peer.name} made {found}: not what it promises")
    return found


def heard(path: Path) -> Heard:
    meter = [*FFMPEG, "-i", f"file:{path}", "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    said = subprocess.run(meter, check=True, capture_output=True, text=True).stderr
    lufs, peak = (float(re.findall(rf"{name}:\s+(-?[\d.]+)", said)[-1]) for name in ("I", "Peak"))
    asked = ["ffprobe", "-v", "error", "-show_entries", "stream=bit_rate,duration", "-of", "json", f"file:{path}"]
    stream = json.loads(subprocess.run(asked, check=True, capture_output=True).stdout)["streams"][0]
    return Heard(lufs, peak, int(stream["bit_rate"]) / 1000, float(stream["duration"]))


def measured(peer: Peer, source: Path, out: Path) -> Run:
    """Wall and CPU seconds from the start of its programs to their end, and the most memory any of them held."""
    steps, said, runs = peer.steps(source, out), None, []
    while True:
        try:
            command = steps.send(said) if said is not None else next(steps)
        except StopIteration:
            return added(runs)
        prefix = ["taskset", "-c", "0"] if peer.cores == 1 else []
        run, said = timed([*prefix, *command])
        runs.append(run)


def added(runs: list[Run]) -> Run:
    wall_s, cpu_s, others_s = (sum(getattr(run, name) for run in runs) for name in ("wall_s", "cpu_s", "others_s"))
    return Run(wall_s, cpu_s, max(run.mib for run in runs), others_s)


def timed(command: list[str]) -> tuple[Run, str]:
    with tempfile.TemporaryFile() as said:
        began, busy = time.perf_counter(), busy_s()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said, stdin=subprocess.DEVNULL)
        _pid, status, used = os.wait4(child.pid, 0)
        wall_s, all_s = time.perf_counter() - began, busy_s() - busy
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        words = said.read().decode(errors="replace")
    if child.returncode:
        sys.exit(f"{command[0]} failed: {words[-2000:]}")
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    cpu_s = used.ru_utime + used.ru_stime
    return Run(wall_s, cpu_s, used.ru_maxrss / scale, max(all_s - cpu_s, 0)), words


def busy_s() -> float:
    """What all processes of the machine have used since it started; 0 where it does not tell."""
    path = Path("/proc/stat")
    if not path.is_file():
        return 0.0
    user, nice, system, _idle, _waiting, irq, softirq, *_ = map(int, path.read_text().split()[1:9])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def spans(piece: Piece) -> None:
    """A master that comes back, and new tags for it: from within one process, for starting Python takes far longer."""
    source = large_master()
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        asked = [sys.executable, "-c", SPANS, str(source), f"{folder}/passed.mp3"]
        said = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
        piece.spans.update({name: float(seconds) for name, seconds in map(str.split, said.splitlines())})
        copy = [*FFMPEG, "-v", "error", "-i", str(source), "-c", "copy", "-metadata", "title=Bench", f"{folder}/c.mp3"]
        piece.spans["ffmpeg -c copy"] = sorted(timed(copy)[0].wall_s for _ in range(5))[2]
    print(piece.spans, flush=True)


def large_master() -> Path:
    """60 MB: 25 minutes at 320 kbit/s."""
    out = WORK / "large.mp3"
    if not out.is_file():
        source = episode(WORK / "25.wav", 25)
        subprocess.run([sys.executable, "-c", OURS, str(source), str(out), "fast", "320"], check=True)
    return out


def lengths(piece: Piece) -> None:
    """In turn, and of each length as much sound: what the machine drifts by within minutes would else be a cost of
    length."""
    for minutes in LENGTHS_MIN * LENGTHS_ROUNDS:
        source, times = episode(WORK / f"{minutes:g}.wav", minutes), max(LENGTHS_MIN) // minutes
        with tempfile.TemporaryDirectory(dir=WORK) as folder:
            again = [called(source, Path(folder) / f"{number}.mp3") for number in range(times)]
        whole = added(again)
        mean = replace(whole, **{name: getattr(whole, name) / times for name in ("wall_s", "cpu_s", "others_s")})
        piece.lengths.setdefault(minutes, []).append(mean)
        print(minutes, mean, flush=True)


def called(source: Path, out: Path) -> Run:
    """The call alone, in a process that runs: to start one costs the same for every length."""
    run, said = timed([sys.executable, "-c", CALL, str(source), str(out), "good", str(KBPS)])
    return replace(run, wall_s=float(said))


PARTS = {"spans": spans, "lengths": lengths}


def joined(path: Path | None, piece: Piece) -> list[Piece]:
    if path is None:
        return [piece]
    known: list[dict[str, Any]] = json.loads(path.read_text()) if path.is_file() else []
    path.write_text(json.dumps([*known, asdict(piece)], indent=1))
    return list(_read(path))


def _read(path: Path) -> Iterator[Piece]:
    for one in json.loads(path.read_text()):
        one["runs"] = {name: [Run(**run) for run in runs] for name, runs in one["runs"].items()}
        one["lengths"] = {int(minutes): [Run(**run) for run in runs] for minutes, runs in one["lengths"].items()}
        yield Piece(**one)


if __name__ == "__main__":
    main()
