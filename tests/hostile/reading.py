"""Reads the drops of a folder, in a process of its own: `python -m tests.hostile.reading FOLDER [master]`.

Says in JSON what was told of them, and how much memory that took.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path

from pillarcast.errors import PillarcastError, problems_of
from pillarcast.pipeline.drops import look
from pillarcast.pipeline.reading import read_drop
from tests.show_support.place import Place, ingest_drop


def main() -> int:
    root = Path(sys.argv[1])
    told = list(look(root / "episodes").problems)
    for drop in look(root / "episodes").drops:
        try:
            if "master" in sys.argv:
                with Place(root).opened() as house:
                    ingest_drop(house.studio, root / "episodes", drop.name)
            else:
                read_drop(drop)
        except PillarcastError as error:
            told += problems_of(error)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    sys.stdout.write(json.dumps({"told": [str(problem) for problem in told], "peak_kb": max(_own_peak(), children)}))
    return 0


def _own_peak() -> int:
    """Of this program alone; what `getrusage` says begins with the memory of whoever started it."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(re.findall(r"VmHWM:\s*(\d+) kB", status)[0])


if __name__ == "__main__":
    sys.exit(main())
