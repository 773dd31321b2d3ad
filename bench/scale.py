"""Many shows due at the same hour, on many machines: all published, none twice, though machines are lost meanwhile.

Real PostgreSQL, Redis, Prefect server and services behind Caddy, worker processes and S3 on this machine, as
`infra/many-machines` has them. Needs Debian's postgresql, redis-server and caddy.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from pillarcast.adapters.seaweed import SeaweedServer
from tests.scale_support.hour import Seen, Task, thursday


def rows(task: Task, seen: Seen) -> list[tuple[str, object]]:
    ends = ", ".join(f"{count} {name}" for name, count in sorted(seen.ends.items()))
    twice = sum(count > 1 for count in (*seen.copies.values(), *seen.media.values()))
    whole = sum(count == task.archive + 1 for count in seen.items.values())
    return [
        ("Shows due at the hour, episodes in each archive", f"{task.shows}, {task.archive}"),
        ("Published", f"{seen.published} of {task.shows}"),
        ("Twice, in a feed or in the bucket", twice),
        ("Feeds that name every episode", whole),
        ("Runs of `weekly`", ends),
        ("First feed with its episode, after the hour", f"{seen.first_s:.0f} s"),
        ("Worker killed, with its runs", f"after {seen.lost_worker_s:.0f} s" if task.has_losses else "no"),
        (
            "Server killed and started again",
            f"after {seen.lost_server_s:.0f} s, away for {seen.away_s:.0f} s" if task.has_losses else "no",
        ),
        ("Workers", task.workers),
        ("From the hour to the end of the last run", f"{seen.took_s:.0f} s"),
        ("Published a minute", f"{seen.per_minute:.1f}"),
        ("CPU of the workers for each run", "" if task.has_losses else f"{seen.workers_cpu_s:.1f} s"),
        ("CPU of Prefect's server for each run", "" if task.has_losses else f"{seen.server_cpu_s:.1f} s"),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shows", type=int, default=20)
    parser.add_argument("--archive", type=int, default=200, help="episodes that each show has already")
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--calm", action="store_true", help="nothing is killed")
    parser.add_argument("--keep", type=Path, help="a folder in which everything is left, logs above all")
    chosen = parser.parse_args()
    task = Task(chosen.shows, chosen.archive, chosen.workers, has_losses=not chosen.calm)
    with tempfile.TemporaryDirectory() as passing:
        folder = chosen.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        with SeaweedServer(folder / "s3", s3_port=0) as bucket:
            seen = thursday(folder, bucket, task, lambda line: print(line, file=sys.stderr, flush=True))
    print(f"\n| On {os.cpu_count()} cores | |\n|---|---|")
    for name, value in rows(task, seen):
        if value != "":  # not measured
            print(f"| {name} | {value} |")
    return 0 if seen.published == task.shows else 1


if __name__ == "__main__":
    sys.exit(main())
