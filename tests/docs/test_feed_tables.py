"""docs/feed.md says what the code does."""

from __future__ import annotations

from pillarcast.model.guard import Change
from tests.docs.feed_tables import PAGE, TABLES, filled, value_models


def test_the_tables_are_those_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert filled(text) == text
    assert all(f"<!-- {name} -->" in text for name in TABLES)
    assert len(list(value_models())) > 15


def test_every_change_that_may_be_allowed_is_explained() -> None:
    text = PAGE.read_text("utf-8")
    assert all(f"`{change.value}:EPISODE`" in text for change in Change)
