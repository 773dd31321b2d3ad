"""The table of docs/blog-fault-matrix.md: what each engine's suite saw is kept, and printed as one.

`python -m tests.blog_support.matrix` writes into the docs what the suites saw last.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/blog-fault-matrix.md"
KEPT = ROOT / ".testbeds/blog-faults"
BEGIN, END = "<!-- what was seen -->", "<!-- end -->"
NOT_TRIED = "–"

Seen = dict[str, dict[str, str]]
"""Cells by column (an engine) and row (a fault)."""


def keep(column: str, cells: Mapping[str, str]) -> None:
    """Rows that did not run this time keep what was seen before."""
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{column}.json"
    before = json.loads(path.read_text("utf-8")) if path.exists() else {}
    path.write_text(json.dumps(before | dict(cells), indent=1, ensure_ascii=False), "utf-8")


def kept() -> Seen:
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(KEPT.glob("*.json"))}


def table(seen: Seen, columns: tuple[str, ...], rows: tuple[str, ...]) -> str:
    lines = [f"| What goes wrong | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    for row in rows:
        cells = (seen.get(column, {}).get(row, NOT_TRIED) for column in columns)
        lines.append(f"| {row} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def in_docs(page: str) -> Seen:
    """The table as it stands in the docs."""
    head, _, *lines = (_cells(line) for line in _between(page).strip().splitlines())
    columns = list(head)[1:]
    return {column: {row[0]: row[number] for row in lines} for number, column in enumerate(columns, start=1)}


def with_table(page: str, lines: str) -> str:
    before, _, rest = page.partition(BEGIN)
    return f"{before}{BEGIN}\n{lines}{END}{rest.partition(END)[2]}"


def _between(page: str) -> str:
    return page.partition(BEGIN)[2].partition(END)[0]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def differences(column: str, cells: Mapping[str, str]) -> Iterator[str]:
    """What the docs say otherwise of the rows that ran."""
    said = in_docs(PAGE.read_text("utf-8")).get(column, {})
    for row, cell in cells.items():
        if said.get(row, "nothing") != cell:
            yield f"{column}, {row}: seen {cell}, the docs say {said.get(row, 'nothing')}"


def main() -> None:
    from tests.real.test_blog_faults import COLUMNS, ROWS

    lines = table(kept(), COLUMNS, ROWS)
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), lines), "utf-8")
    sys.stdout.write(lines)


if __name__ == "__main__":
    main()
