"""Real feeds of many hosts through lint and import: `feed_corpus.py FOLDER` writes the table of docs/feed-corpus.md.

Each feed is linted, imported into an empty show, rendered, compared field by field, and imported once more: the second
import must give the same bytes. The feeds themselves belong to others and are not part of this repository.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pillarcast.model.addresses import Addresses
from pillarcast.render.feed_parity import Difference, compare
from pillarcast.render.feed_preview import preview
from pillarcast.render.feed_reader import read_feed
from pillarcast.render.lint import Severity, lint

PAGE = Path(__file__).parents[1] / "docs" / "feed-corpus.md"
NEW = Addresses(public_url="https://new.example.com/show")
HEAD = """\
# Real feeds

Made by `bench/feed_corpus.py` from feeds of many hosts. Each is linted, imported into an empty show, rendered, and
compared field by field with what it was; then the result is imported again, and must give the same bytes.

| Feed | Items | Imported | Parity | Differences, all explained | Again the same | Errors | Warnings | Hints |
|---|---|---|---|---|---|---|---|---|
"""

LOOKED_AT = """\
## Looked at by eye

Ten feeds were read beside their findings, which were counted once more by other means:

- **anchor-excerpt.** Titles in CDATA end with a blank, and explicit says `No`: both are so.
- **bad-urls.** The channel's link has no scheme, an error. Three enclosures of length 0 are warnings, because apps take
  0 for unknown.
- **castfire-iso-8859-1.** Four guids stand in two items each. Latin-1 is read as declared; only PSP-1 minds it.
- **chartable-invalid-data.** 27 dates of 138 have zones such as -3000. Those of -0900 and -1200 are rightly left alone.
- **giantbomb.** Every item says `no` in CDATA, 723 titles name the show, three categories are of before 2019.
- **hugo-missing-enclosure-length.** All 71 enclosures have an empty length, the channel's date the zone -4400.
- **podlove-cre-de.** The first of seven pages, so Apple lists 30 episodes. `audio/mp4` was called unregistered, which
  is wrong: Apple spells it otherwise. The words were mended.
- **substack-excerpt.** The one item has a picture for its enclosure. It was taken for an episode; now it is left out.
- **wordpress-duplicate-guids.** One guid in three items, one file in two: an import gives each item its own identity.
- **wordpress-invalid-duration.** Nine durations are addresses and one length is 179.5. Of 450 items nothing else is
  called an error but the old way to write explicit.
"""


@dataclass(frozen=True)
class Row:
    name: str
    cells: tuple[str, ...]
    differences: tuple[Difference, ...]
    left_out: dict[str, tuple[int, str]]


def row_of(path: Path) -> Row:
    feed, url = path.read_bytes(), f"https://old.example.com/{path.stem}"
    counts = Counter(finding.severity for finding in lint(feed))
    new = preview(read_feed(feed, url), NEW)
    parity = compare(feed, new, url)
    again = preview(read_feed(new), NEW)
    verdict = "clean" if parity.is_clean else f"{len(parity.unexplained)} not explained"
    cells = (
        str(parity.items), str(parity.imported), verdict, str(len(parity.differences)),
        "yes" if again == new else "no",
        *(str(counts[severity]) for severity in (Severity.ERROR, Severity.WARNING, Severity.HINT)),
    )  # fmt: skip
    return Row(path.stem, cells, parity.differences, parity.left_out)


def page_of(rows: list[Row]) -> str:
    table = "\n".join(f"| {row.name} | {' | '.join(row.cells)} |" for row in rows)
    why = Counter((one.field, one.why) for row in rows for one in row.differences)
    reasons = "\n".join(f"| {name} | {count} | {reason} |" for (name, reason), count in _grouped(why))
    left: Counter[tuple[str, str]] = Counter()
    for row in rows:
        for name, (count, reason) in row.left_out.items():
            left[(name.strip("{").replace("}", " "), reason)] += count
    behind = "\n".join(f"| {name} | {count} | {reason} |" for (name, reason), count in sorted(left.items()))
    return (
        f"{HEAD}{table}\n\n## What differs, and why\n\n| Field | Times | Why |\n|---|---|---|\n{reasons}\n\n"
        f"## What is left behind\n\n| Element | Times | Why |\n|---|---|---|\n{behind}\n\n{LOOKED_AT}"
    )


def _grouped(why: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    """Reasons that name a value are counted together."""
    grouped: Counter[tuple[str, str]] = Counter()
    for (name, reason), count in why.items():
        words = reason.split("'")
        grouped[(name, "…".join(words[::2]) if len(words) > 2 else reason)] += count
    return sorted(grouped.items())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path, nargs="?", help="feeds as *.xml; without it nothing is done")
    folder = options.parse_args().folder
    if folder is None:
        print("feed_corpus.py: no folder of feeds was given, docs/feed-corpus.md stays as it is")
        return
    rows = []
    for path in sorted(folder.glob("*.xml")):
        rows.append(row_of(path))
        print(f"{path.stem:40}", *rows[-1].cells, flush=True)
    PAGE.write_text(page_of(rows), "utf-8")


if __name__ == "__main__":
    main()
