"""What the full matrix came to, kept shard by shard; once a story is whole its line stands in docs/crash-matrix.md."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from filelock import FileLock

from tests.crash.faults import Call, How
from tests.crash.matrix import Case

PAGE = Path(__file__).parents[2] / "docs" / "crash-matrix.md"
_COLUMNS = ("Story", "Calls", "of them writes", *(how.value.capitalize() for how in How), "Cases", "Runs", "Outcome")
BEGIN, END = "<!-- the table is written by `make test-long` -->", "<!-- end of the table -->"

Played = list[tuple[Case, int]]
"""Cases, and how many runs each took until it was done."""


def note(place: Path, story: str, calls: Iterable[Call], shard: int, played: Played) -> None:
    """Keeps what a shard did, for whichever shard is the last."""
    kinds = [call.is_write for call in calls]
    kept = {
        "calls": len(kinds),
        "writes": sum(kinds),
        "ways": Counter(case.how.value for case, _ in played),
        "runs": max((runs for _, runs in played), default=0),
    }
    (place / f"crash-{story}-{shard}.json").write_text(json.dumps(kept), "utf-8")


def row(place: Path, story: str, shards: int) -> str:
    """The story's line of the table; empty while a shard is missing."""
    files = [place / f"crash-{story}-{shard}.json" for shard in range(shards)]
    if not all(file.is_file() for file in files):
        return ""
    kept = [json.loads(file.read_text("utf-8")) for file in files]
    ways: Counter[str] = sum((Counter(one["ways"]) for one in kept), Counter())
    assert len({(one["calls"], one["writes"]) for one in kept}) == 1, "the shards did not play the same story"
    numbers = [kept[0]["calls"], kept[0]["writes"], *(ways[how.value] for how in How), ways.total()]
    return _line([story, *numbers, max(one["runs"] for one in kept), "all converged"])


def write_row(line: str, order: list[str], page: Path = PAGE) -> None:
    """Puts a story's line into the table of the page, in the place of the one that stands there."""
    with FileLock(page.with_suffix(".lock"), timeout=60):
        before, _, rest = page.read_text("utf-8").partition(f"{BEGIN}\n")
        table, _, after = rest.partition(END)
        rows = {_story(old): old for old in table.splitlines()[2:]} | {_story(line): line}
        head = [_line(_COLUMNS), _line(["---"] * len(_COLUMNS))]
        lines = [*head, *(rows[story] for story in order if story in rows)]
        text = "\n".join([before + BEGIN, *lines, END + after])
        page.write_text(text, "utf-8")
    page.with_suffix(".lock").unlink(missing_ok=True)


def _line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _story(line: str) -> str:
    return line.split("|")[1].strip()
