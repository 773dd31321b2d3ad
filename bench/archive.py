"""Time of a publish against the length of the archive, as ratios to the shortest one.

A queued episode goes on air on a real S3 server on this machine: planned, written, feed last, receipts, looked at from
outside. Each size has an archive that stands as publishing left it; the sizes take turns, and medians are compared.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

from bench.served import WAITS, run_deployed, stages
from pillarcast.adapters.seaweed import SeaweedServer
from pillarcast.pipeline.planning import Request, plan
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.uncollected import uncollected
from pillarcast.pipeline.verifying import check_verified, verify
from pillarcast.render import feed_document
from tests.prefect_support.server import PrefectServer
from tests.prefect_support.up import up
from tests.scale_support.archives import Spoken, lay_archive, queue_newest, spoken
from tests.show_support.place import Place, s3_table

SIZES = (10, 100, 1_000, 5_000)
FEEDS = {
    "the whole feed": "",
    "`max_episodes = 300`, `archives = true`": "[feed]\nmax_episodes = 300\narchives = true\n",
}
PARTS = ("load", "plan", "publish", "verify")
SERVED, TAKEN, PROCESS = "Run in the UI", "… once it is taken", "A process of its own"
feed_document.notes_html = lru_cache(64)(feed_document.notes_html)  # type: ignore[attr-defined] # while the archives are laid


@dataclass
class Archive:
    """A show with `size` live episodes; `spans` are seconds by part, one for each publish."""

    size: int
    place: Place
    spans: dict[str, list[float]] = field(default_factory=dict)

    def lay(self, voice: Spoken) -> None:
        with self.place.opened() as house:
            lay_archive(house.studio, self.size, self.place.clock.now(), voice)

    def publish_next(self, voice: Spoken, number: int, profile: cProfile.Profile | None) -> None:
        """One more episode, in a house of its own, as each run opens one."""
        self.place.clock.forward(days=7)
        slot = self.place.clock.now() - timedelta(minutes=1)
        with self.place.opened() as house:
            queue_newest(house.studio, slot, voice, f"newest-{number}", is_pinned=True)
        with self.place.opened() as house, uncollected():  # as every run does
            studio = house.studio
            if profile:
                profile.enable()
            began = time.perf_counter()
            catalogue = studio.store.load().catalogue
            loaded = time.perf_counter()
            planned, _ = plan(studio, catalogue, Request())
            ready = time.perf_counter()
            publication = publish(studio, Request())
            done = time.perf_counter()
            check_verified(verify(studio, [air.guid for air in publication.plan.airs]))
            seen = time.perf_counter()
            if profile:
                profile.disable()
        assert len(planned.airs) == len(publication.plan.airs) == 1
        for part, span in zip(PARTS, (loaded - began, ready - loaded, done - ready, seen - done), strict=True):
            self.spans.setdefault(part, []).append(span)

    def publish_next_alone(self, voice: Spoken, number: int) -> None:
        """One more by `pillarcast publish`, a process of its own, as each run of a deployment is one."""
        slug = f"alone-{number}"
        with self.place.opened() as house:
            queue_newest(house.studio, datetime.now(UTC) - timedelta(minutes=1), voice, slug, is_pinned=True)
        command = [sys.executable, "-m", "pillarcast.cli", "publish", slug]
        began = time.perf_counter()
        subprocess.run(command, cwd=self.place.root, check=True, capture_output=True)
        self.spans.setdefault(PROCESS, []).append(time.perf_counter() - began)

    def publish_next_served(self, voice: Spoken, number: int, server: PrefectServer) -> None:
        """One more as the button Run does it: a run of the deployment, in a process that Prefect starts."""
        slug = f"served-{number}"
        with self.place.opened() as house:
            queue_newest(house.studio, datetime.now(UTC) + timedelta(days=1), voice, slug)
        began = time.perf_counter()
        run = run_deployed(server, self.place.root.name, slug)
        self.spans.setdefault(SERVED, []).append(time.perf_counter() - began)
        self.spans.setdefault(TAKEN, []).append(sum(span for name, span in stages(server, run) if name != WAITS))

    def span(self, *parts: str) -> float:
        return sum(statistics.median(self.spans[part][1:]) for part in parts)


def archives(folder: Path, server: SeaweedServer, sizes: list[int], feed: str, name: str) -> list[Archive]:
    made = []
    for size in sizes:
        prefix = f"{name}-{size}"
        at = replace(server.place, prefix=prefix)
        bucket = s3_table(at, f"{server.public_url}/{prefix}")
        made.append(Archive(size, Place(folder / name / "shows" / str(size), bucket, feed)))
    return made


def run(folder: Path, sizes: list[int], times: int, *, is_profiled: bool) -> None:
    voice = spoken(folder / "voice")
    with SeaweedServer(folder / "s3", s3_port=0) as server:
        for number, (words, feed) in enumerate(FEEDS.items()):
            rows = archives(folder, server, sizes, feed, f"show{number}")
            for archive in rows:
                archive.lay(voice)
                print(f"{archive.size} episodes laid", file=sys.stderr, flush=True)
            profile = cProfile.Profile() if is_profiled else None
            for turn in range(times + 1):  # the first turn warms up
                for archive in rows:
                    archive.publish_next(voice, turn, profile if archive is rows[-1] and turn else None)
                    archive.publish_next_alone(voice, turn)
            served(folder / f"show{number}", rows, voice, times)
            tell(words, rows)
            if profile:
                pstats.Stats(profile, stream=sys.stderr).sort_stats("cumtime").print_stats(60)


def served(folder: Path, rows: list[Archive], voice: Spoken, times: int) -> None:
    """After all else: a server that waits for work takes some of the machine."""
    with up(folder, PILLARCAST_SHOW=str(folder / "shows")) as running:
        for turn in range(times + 1):
            for archive in rows:
                archive.publish_next_served(voice, turn, running.server)


def tell(words: str, rows: list[Archive]) -> None:
    heads = ("Live episodes", SERVED, TAKEN, PROCESS, "The calls in one that runs", *PARTS)
    print(f"\nWith {words}:\n\n| {' | '.join(heads)} |\n{'|---' * len(heads)}|")
    first = rows[0]
    for row in rows:
        whole = row.span("load", "publish", "verify") / first.span("load", "publish", "verify")
        parts = [f"{row.span(part) / first.span(part):.1f}" for part in PARTS]
        runs = [f"{row.span(way) / first.span(way):.2f}" for way in (SERVED, TAKEN, PROCESS)]
        print(f"| {row.size:,} | {' | '.join(runs)} | {whole:.2f} | {' | '.join(parts)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="live episodes; 10, 100, 1000 and 5000 by default")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--profile", action="store_true", help="where the time of the largest goes")
    chosen = parser.parse_args()
    print(f"Made by `bench/archive.py`, {os.cpu_count()} cores, Python {sys.version.split()[0]}.")
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), chosen.size or [*SIZES], chosen.times, is_profiled=chosen.profile)


if __name__ == "__main__":
    main()
