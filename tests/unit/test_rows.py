"""What runs where, on screens of any width: an address stays in one piece."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from pillarcast.cli.rows import in_rows

LONG = "http://127.0.0.1:8333/podcasts/public/episodes/social-media-for-your-career"
ROWS = (
    ("episode", "“Social media for your career”"),
    ("feed", "http://127.0.0.1:8333/podcasts/public/feed.xml"),
    ("page", LONG),
    ("tagged MP3", "/shows/ann/.pillarcast/masters/social-media-for-your-career.mp3"),
    ("verified", "8 checks, as an app and a reader would make them: " + ", ".join(["audio answers"] * 9)),
)


def printed(width: int) -> list[str]:
    out = StringIO()
    console = Console(file=out, width=width, highlight=False)
    for row, is_whole in in_rows(ROWS, width):
        console.print(row, soft_wrap=is_whole)
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("width", [60, 80, 100])
def test_an_address_stands_in_one_line_and_sentences_are_wrapped(width: int) -> None:
    lines = printed(width)
    for _, address in ROWS[1:4]:
        assert [line for line in lines if line.endswith(address)], address
    assert all(len(line) <= width for line in lines if not line.strip().startswith(("http", "/")))
    assert len([line for line in lines if "audio answers" in line]) > 1


def test_what_fits_stands_beside_its_name() -> None:
    assert printed(100)[2] == f"page        {LONG}"
    assert printed(80)[2:4] == ["page", f"    {LONG}"]
    assert printed(60)[2:5] == ["page", LONG, "tagged MP3"]


def test_what_a_screen_must_break_leads_to_the_whole() -> None:
    out = StringIO()
    console = Console(file=out, width=60, force_terminal=True, color_system="standard", legacy_windows=False)
    for row, _ in in_rows((("page", LONG),), 60):
        console.print(row)
    parts = [line for line in out.getvalue().splitlines() if "127" in line or "career" in line]
    assert len(parts) == 2
    assert all(f";{LONG}\x1b\\" in part for part in parts)
