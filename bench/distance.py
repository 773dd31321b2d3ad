"""Time of a publish that writes every page anew, by how far away the bucket is, as ratios to one effect at a time.

Each request waits on its way to a real S3 server on this machine. The same archive is published with effects that
follow each other and with those that go abreast, in turns; the hour of the show changes before each, so that every page
does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

from pillarcast.adapters.seaweed import SeaweedServer
from pillarcast.model.wanted import Step
from pillarcast.pipeline import publishing
from tests.bucket_support.front import Visit, front
from tests.scale_support.archives import lay_archive, spoken
from tests.show_support.place import SHOW, Place, publish_all, s3_table

EPISODES = 40
DISTANCES_MS = (0, 30)


@contextmanager
def far(server: SeaweedServer, folder: Path, away_ms: int) -> Iterator[Place]:
    def delayed(_visit: Visit) -> bool:
        time.sleep(away_ms / 1000)
        return False

    at = replace(server.place, prefix=f"away-{away_ms}")
    if not away_ms:
        yield Place(folder / "here", s3_table(at, f"{server.public_url}/{at.prefix}"))
        return
    with front(at.endpoint, delayed) as (endpoint, _):
        table = s3_table(replace(at, endpoint=endpoint), f"{endpoint}/{at.bucket}/public/{at.prefix}")
        yield Place(folder / f"away-{away_ms}", table)


def publish_anew(place: Place, minute: int, *, is_abreast: bool) -> tuple[float, int]:
    """Seconds, and how many objects were written."""
    (place.root / "show.toml").write_text(SHOW.replace("06:00", f"06:{minute:02}") + place.bucket, "utf-8")
    steps = publishing._ABREAST if is_abreast else set[Step]()  # noqa: SLF001
    ahead = publishing._AHEAD if is_abreast else 0  # noqa: SLF001
    with patch.multiple(publishing, _ABREAST=steps, _AHEAD=ahead), place.opened() as house:
        began = time.perf_counter()
        made = publish_all(house.studio)
        return time.perf_counter() - began, len(made.plan.actions)


def run(folder: Path, times: int) -> None:
    voice = spoken(folder / "voice")
    print("| A request takes at least | Objects | One at a time | Abreast |\n|---|---|---|---|")
    with SeaweedServer(folder / "s3", s3_port=0) as server:
        for away_ms in DISTANCES_MS:
            with far(server, folder, away_ms) as place:
                with place.opened() as house:
                    lay_archive(house.studio, EPISODES, place.clock.now(), voice)
                turns = [False, True] * (times + 1)  # the first two warm up
                spans = [publish_anew(place, minute, is_abreast=way) for minute, way in enumerate(turns, start=1)]
                slow, fast = (statistics.median(span for span, _ in spans[2 + way :: 2]) for way in (0, 1))
                print(
                    f"| {f'{away_ms} ms' if away_ms else 'no time'} | {spans[-1][1]} | 1.0 | {fast / slow:.2f} |",
                    flush=True,
                )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=3)
    chosen = parser.parse_args()
    print(f"Made by `bench/distance.py`, {os.cpu_count()} cores, Python {sys.version.split()[0]}.")
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), chosen.times)


if __name__ == "__main__":
    main()
