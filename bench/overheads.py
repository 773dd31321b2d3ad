"""What Prefect costs: a staged episode published through it, against the same call without it; and from `up` to live.

On one machine as `pillarcast up` sets it up: embedded S3, Prefect's server, the flows served. The ways take turns, a
fresh episode each time; medians are compared with the bare call.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

from bench.served import run_deployed, stages
from flows.orders import PublishOrder
from flows.publish import publish as publish_flow
from pillarcast.pipeline.announcing import announce
from pillarcast.pipeline.planning import Request
from pillarcast.pipeline.publishing import publish
from pillarcast.pipeline.verifying import check_verified, verify
from pillarcast.wiring import open_house
from tests.prefect_support.running import run
from tests.prefect_support.up import Up, up
from tests.scale_support.archives import Spoken, lay_archive, queue_newest, spoken
from tests.show_support.place import Place

ARCHIVE = 20
SHOW = "career-talk"
NOTES = "---\ntitle: The first\n---\n\nWhat it is about.\n"


def _now() -> datetime:
    return datetime.now(UTC)


class Bench:
    """A show that is served; every way of publishing takes the next staged episode."""

    def __init__(self, place: Place, running: Up, voice: Spoken) -> None:
        self.show, self.voice, self.server = place.root / "show.toml", voice, running.server
        self.spans: dict[str, list[float]] = {}
        self._numbers = itertools.count()

    def lay(self) -> None:
        with open_house(self.show) as house:
            lay_archive(house.studio, ARCHIVE, _now(), self.voice)

    def staged(self) -> str:
        slug = f"staged-{next(self._numbers)}"
        with open_house(self.show) as house:
            queue_newest(house.studio, _now() + timedelta(days=1), self.voice, slug)
        return slug

    def bare(self, slug: str) -> None:
        with open_house(self.show) as house:
            publication = publish(house.studio, Request(slug))
            check_verified(verify(house.studio, [air.guid for air in publication.plan.airs]))
            announce(house.studio)

    def flow(self, slug: str) -> None:
        """Called from Python, the server told of everything."""
        state = run(publish_flow, PublishOrder(episode=slug))
        assert state.is_completed(), state.message

    def command(self, slug: str) -> None:
        """A process of its own, without Prefect."""
        command = [sys.executable, "-m", "pillarcast.cli", "publish", slug]
        subprocess.run(command, cwd=self.show.parent, check=True, capture_output=True)

    def deployed(self, slug: str) -> None:
        """As by the button Run."""
        for stage, span in stages(self.server, run_deployed(self.server, SHOW, slug)):
            self.spans.setdefault(stage, []).append(span)

    def turn(self, *, is_kept: bool) -> None:
        ways: tuple[Callable[[str], None], ...] = (self.bare, self.flow, self.command, self.deployed)
        for way in ways:
            slug = self.staged()
            began = time.perf_counter()
            way(slug)
            if is_kept:
                self.spans.setdefault(way.__name__, []).append(time.perf_counter() - began)


def first_drop(place: Place, running: Up, began: float) -> list[tuple[str, float]]:
    """Seconds from the start of `up`."""
    seen: list[tuple[str, float]] = []

    def note(words: str) -> None:
        seen.append((words, time.monotonic() - began))
        print(f"{seen[-1][1]:.0f} s: {words}", file=sys.stderr, flush=True)

    note("`up` is ready")
    place.drop("001-the-first", NOTES, seconds=60.0)
    note("a recording of a minute is dropped")
    running.server.wait_for_end("ingest")
    note("its master is staged")
    run_deployed(running.server, SHOW, "001-the-first")
    note("live and verified, after Run in the UI")
    return seen


def tell(bench: Bench, seen: list[tuple[str, float]]) -> None:
    middle = {name: statistics.median(spans) for name, spans in bench.spans.items()}
    bare = middle["bare"]
    print("\n| Publish of a staged episode | Ratio |\n|---|---|")
    for name, words in (
        ("bare", "the call, in a process that runs"),
        ("flow", "the flow, in a process that runs, told to the server"),
        ("command", "`pillarcast publish`, a process of its own"),
        ("deployed", "Run in the UI, a process of its own"),
    ):
        print(f"| {words} | {middle[name] / bare:.1f} |")
    for name, span in middle.items():
        if " " in name:
            print(f"| … {name} | {span / bare:.1f} |")
    print("\n| From the start of `pillarcast up` | Seconds |\n|---|---|")
    for words, span in seen:
        print(f"| {words} | {span:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    chosen = parser.parse_args()
    print(f"Made by `bench/overheads.py`, {os.cpu_count()} cores, Python {sys.version.split()[0]}.")
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(passing)
        voice, bucket = spoken(folder / "voice"), '[bucket]\nkind = "embedded"\n'
        first, place = Place(folder / "first", bucket), Place(folder / "show", bucket)
        began = time.monotonic()
        with up(first.root) as running:
            seen = first_drop(first, running, began)
        with up(place.root) as running:
            os.environ["PILLARCAST_SHOW"] = str(place.root / "show.toml")
            bench = Bench(place, running, voice)
            bench.lay()
            told = {PREFECT_API_URL: running.server.environment["PREFECT_API_URL"], PREFECT_HOME: str(folder / "home")}
            with temporary_settings(told):
                for turn in range(chosen.times + 1):
                    bench.turn(is_kept=turn > 0)
            tell(bench, seen)


if __name__ == "__main__":
    main()
