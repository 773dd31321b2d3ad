"""Where front matter ends and show notes begin. What was meant as front matter must not go on air as show notes."""

from __future__ import annotations

import re
from collections.abc import Collection

from pillarcast.errors import NotesError

MAX_FRONT_MATTER = 50_000
"""Characters; a chapter a minute for ten hours has half of it. YAML takes its time for what is longer."""
_WHOLE = re.compile(r"\A\s*?^---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)(.*)\Z", re.DOTALL | re.MULTILINE)
_BEGUN = re.compile(r"\A\s*?^-{3,}[ \t]*$", re.MULTILINE)
_FIELD = re.compile(r"\A\s*([a-z_]+):(?=[ \t\r\n]|\Z)")


def split(text: str, fields: Collection[str], subject: str) -> tuple[str, str] | None:
    """Front matter and show notes; None where there are notes alone. `fields` are the words that front matter knows.

    NotesError where it was begun and not ended, or ended and not begun: an hour that stands in it would be overlooked.
    """
    if match := _WHOLE.match(text):
        if len(match[1]) > MAX_FRONT_MATTER:
            what = f"the front matter has {len(match[1])} characters, more than {MAX_FRONT_MATTER}"
            raise NotesError(subject, what, "Write what is long below the second line of ---.")
        return match[1], match[2].strip() + "\n"
    if _BEGUN.match(text):
        what = "begins with a line of ---, and no second line of --- ends the front matter"
        raise NotesError(subject, what, "Write --- on a line of its own where the show notes begin.")
    if (field := _FIELD.match(text)) and field[1] in fields:
        what = f"begins with `{field[1]}:` as front matter does, and no line of --- stands above it"
        raise NotesError(subject, what, "Write --- on a line of its own above and below the front matter.")
    return None
