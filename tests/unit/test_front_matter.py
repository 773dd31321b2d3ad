"""What was meant as front matter never goes on air as show notes."""

from __future__ import annotations

from datetime import datetime

import pytest

from pillarcast.errors import NotesError
from pillarcast.model.notes import parse_notes

WORDS = "title: Z\npublish_at: 2027-01-01 06:00"


@pytest.mark.parametrize(
    "written",
    [
        f"---\n{WORDS}\n---\nbody\n",
        f"\n \n---\n{WORDS}\n---\nbody\n",
        f"---\n{WORDS}\n---\nbody\n".replace("\n", "\r\n"),
        f"---\n{WORDS}\n...\nbody\n",
        f"\ufeff---\n{WORDS}\n---  \n\nbody\n",
    ],
)
def test_what_is_between_two_lines_is_front_matter(written: str) -> None:
    notes = parse_notes(written.encode(), "a.md")
    assert (notes.front.title, notes.front.publish_at) == ("Z", datetime(2027, 1, 1, 6))
    assert notes.body == "body\n"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (f"---\n{WORDS}\n\nbody\n", "no second line of ---"),
        (f"---\n{WORDS}\n----\nbody\n", "no second line of ---"),
        (f"\n---\n{WORDS}\n", "no second line of ---"),
        (f"-----\n{WORDS}\n---\nbody\n", "no second line of ---"),
        ("---", "no second line of ---"),
        (f"{WORDS}\n---\nbody\n", "no line of --- stands above"),
        (f"\n{WORDS}\n", "no line of --- stands above"),
        ("publish_at:\n", "no line of --- stands above"),
    ],
)
def test_half_of_it_is_refused(written: str, said: str) -> None:
    with pytest.raises(NotesError, match=said) as refused:
        parse_notes(written.encode(), "a.md")
    assert "Write --- on a line of its own" in refused.value.problem.mend


@pytest.mark.parametrize(
    "written",
    [
        "",
        "\n",
        "Words.\n\n---\n\nMore words.\n",
        "Title: as people write\n",
        "note: to self\n",
        "title\n",
        "-- dashes\n",
        "- --- -\n",
    ],
)
def test_notes_alone_stay_notes(written: str) -> None:
    assert parse_notes(written.encode(), "a.md").body == written
