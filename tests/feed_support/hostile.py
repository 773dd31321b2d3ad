"""Catalogues that nobody would write and everybody's parser must survive."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from pillarcast.model.base import cleaned
from pillarcast.model.chapters import Chapter
from pillarcast.model.episode import EpisodeKind, Person
from pillarcast.model.feed_values import Funding, License, Location, Soundbite, Txt
from pillarcast.model.published import Published
from tests.feed_support.views import published

_MARKUP = [
    "]]>",
    "<![CDATA[",
    "</item>",
    "&amp;",
    "&",
    "<script>alert(1)</script>",
    "<!--",
    "-->",
    "<b",
    "&#0;",
    "&nbsp;",
]
_LETTERS = [
    "\u202e",
    "🎙️",
    "é\u0301",
    "\x85",
    "\u2028",
    "\x00",
    "\x1e",
    "\ufffe",
    "  ",
    "\t",
    "中文",
    "%s",
    "{{ x }}",
    "'\"",
]
_NASTY = st.sampled_from([*_MARKUP, *_LETTERS])
_TEXT = st.lists(st.one_of(_NASTY, st.text(max_size=12)), max_size=8).map("".join)
TEXT = _TEXT.map(cleaned)
"""As values of the model may hold it: without what XML forbids."""
NOTES = st.lists(_TEXT, max_size=5).map("\n\n".join)
"""As files may hold it: anything."""
_WORDS = TEXT.map(lambda text: " ".join(text.split())[:128].strip())
TITLE = _WORDS.map(lambda text: text or "Untitled")
URL = st.text("abcXYZ019-", max_size=9).map("https://example.org/{}".format)


def _few(kind: st.SearchStrategy[Any], most: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(kind, max_size=most).map(tuple)


WORDS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"title": TITLE},
    optional={
        "summary": _WORDS,
        "kind": st.sampled_from(EpisodeKind),
        "season": st.integers(1, 99),
        "is_explicit": st.booleans(),
        "tags": st.lists(TITLE, max_size=3, unique=True).map(tuple),
        "people": _few(st.builds(Person, name=TITLE, role=st.sampled_from(["host", "guest"]))),
        "chapters": _few(st.builds(Chapter, start_s=st.floats(0, 900), title=TEXT)),
        "soundbites": _few(st.builds(Soundbite, start_s=st.floats(0, 99), duration_s=st.floats(15, 120))),
        "funding": _few(st.builds(Funding, url=URL, text=TITLE)),
        "license": st.none() | st.builds(License, name=TITLE, url=URL),
        "location": _few(st.builds(Location, name=TITLE), 1),
        "txt": _few(st.builds(Txt, text=TITLE, purpose=_WORDS)),
    },
)


@st.composite
def episodes(draw: st.DrawFn, largest: int = 5) -> list[tuple[Published, str]]:
    """Published episodes, each with its Markdown notes."""
    count = draw(st.integers(0, largest))
    return [(published(number, notes, **draw(WORDS)), notes) for number in range(count) for notes in [draw(NOTES)]]
