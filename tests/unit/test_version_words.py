"""What is said of a version of the catalogue: the change that its owner would know it by."""

from __future__ import annotations

import pytest

from pillarcast.model.catalogue import Catalogue, Entry
from pillarcast.model.version_words import what_changed
from tests.blog_support.pieces import MONDAY, NEXT_THURSDAY, THURSDAY, catalogue, entry, file_ref

BEFORE = catalogue(is_thursday_live=False)
FIRST, SECOND = BEFORE.entries
NEW = entry("new", "New", NEXT_THURSDAY, is_live=False)
OLD = entry("old", "Old", NEXT_THURSDAY, is_live=True)


def changed(piece: Entry, **changes: object) -> Entry:
    return piece.model_copy(update=changes)


def after(*entries: Entry) -> Catalogue:
    return BEFORE.model_copy(update={"entries": entries})


@pytest.mark.parametrize(("now", "words"), [
    (after(FIRST, SECOND), ""),
    (after(FIRST, SECOND, NEW, OLD), "“New” queued, “Old” live"),
    (after(FIRST), "without “The first call”"),
    (after(changed(FIRST, published_at=THURSDAY, slot=MONDAY), SECOND), "“Numbers on a resume” live"),
    (after(changed(FIRST, notes=file_ref("a.md", "text/markdown", "e")), SECOND), "notes of “Numbers on a resume”"),
    (after(changed(FIRST, slot=NEXT_THURSDAY), changed(SECOND, slot=THURSDAY)),
     "“Numbers on a resume” and “The first call” moved"),
    (after(changed(FIRST, source="x"), SECOND), "file name of “Numbers on a resume”"),
    (after(changed(FIRST, media_url="x"), SECOND), "details of “Numbers on a resume”"),
])  # fmt: skip
def test_a_version_is_told_from_the_one_before(now: Catalogue, words: str) -> None:
    assert what_changed(BEFORE, now) == words


def test_many_pieces_are_counted() -> None:
    many = [entry(f"e{number}", "T", THURSDAY, is_live=False) for number in range(3)]
    moved = [changed(one, slot=MONDAY) for one in many]
    assert what_changed(after(*many), after(*moved)) == "3 pieces moved"
