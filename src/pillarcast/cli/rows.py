"""Names and what they stand for, one below the other on a screen of any width. An address stays in one piece: people
click it, or copy it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

_GAP = 2
_BEGINS = ("http://", "https://", "/")
Rows = Sequence[tuple[str, str]]


def is_address(value: str) -> bool:
    """Of a page or a file."""
    return value.startswith(_BEGINS)


def in_rows(rows: Rows, width: int) -> Iterator[tuple[RenderableType, bool]]:
    """Each row, and whether it has to be printed as it is, so that the terminal itself goes on in the next line: where
    the longest of the screen's lines is too short for an address. Before that it gets a line of its own."""
    beside = max((len(name) for name, _ in rows), default=0) + _GAP
    for name, value in rows:
        if not is_address(value) or beside + len(value) <= width:
            yield _beside(name, value, beside), False
        else:
            yield Text(name, "bold"), False
            indent = 2 * _GAP if 2 * _GAP + len(value) <= width else 0
            yield linked(" " * indent + value), len(value) > width


def linked(value: str) -> Text:
    """Where the screen has to break an address, each part of it leads to the whole, if the terminal knows links."""
    url = value.strip()
    return Text(value, Style(link=url) if url.startswith("http") else "", overflow="fold")


def _beside(name: str, value: str, beside: int) -> Table:
    grid = Table.grid()
    grid.add_column(no_wrap=True, style="bold", width=beside)
    grid.add_column(overflow="fold")
    grid.add_row(Text(name), Text(value))
    return grid
