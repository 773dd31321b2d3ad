"""The tables of docs/feed.md, made from the code. `python -m tests.docs.feed_tables` writes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import BaseModel

from pillarcast.model import feed_show, feed_values
from pillarcast.render.lint.contradictions import CONTRADICTIONS

PAGE = Path(__file__).parents[2] / "docs" / "feed.md"
_PART = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- /\2 -->)", re.DOTALL)
_NOT_SAID = frozenset({"FeedWords", "Value"})


def value_models() -> Iterator[type[BaseModel]]:
    """Every table that a feed field may hold, in the order of their source."""
    for module in (feed_values, feed_show):
        for name, kind in vars(module).items():
            is_own = isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__module__ == module.__name__
            if is_own and name not in _NOT_SAID:
                yield kind


def feed_values_table() -> Iterator[str]:
    yield "| Table | Field | What it says |"
    yield "|---|---|---|"
    for kind in value_models():
        element = (kind.__doc__ or "").split("`")[1]
        for name, field in kind.model_fields.items():
            needed = " Needed." if field.is_required() else ""
            yield f"| {element} | `{name}` | {field.description}{needed} |"


def contradictions_table() -> Iterator[str]:
    yield "| Who wants what | What our feeds do |"
    yield "|---|---|"
    for one in CONTRADICTIONS:
        yield f"| {one.between} | {one.choice} |"


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "feed_values": feed_values_table,
    "contradictions": contradictions_table,
}


def filled(text: str) -> str:
    return _PART.sub(lambda match: match[1] + "\n".join(TABLES[match[2]]()) + f"\n{match[3]}", text)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
