"""What a rule is, and the checks that most rules are made of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from pillarcast.render.feed_xml import Markup, Node
from pillarcast.render.lint.findings import Profile, Severity

ERROR, WARNING, HINT = Severity.ERROR, Severity.WARNING, Severity.HINT


class Scope(Enum):
    """What a rule looks at, once for each."""

    CHANNEL = "channel"
    ITEM = "item"


@dataclass
class Context:
    """What a rule may know besides the node: the document, its address, and what is counted once."""

    markup: Markup
    url: str = ""
    _counts: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def items(self) -> tuple[Node, ...]:
        return self.markup.items

    @cached_property
    def channel(self) -> Node:
        assert self.markup.channel is not None
        return self.markup.channel

    def count(self, name: str, of: Callable[[Node], str]) -> Counter[str]:
        """How often each value of `of` occurs among the items."""
        if name not in self._counts:
            self._counts[name] = Counter(value for item in self.items if (value := of(item)))
        return self._counts[name]


Find = Callable[[Node, Context], Iterable[str]]
"""What is wrong with a node, a sentence for each fault, without a full stop."""


@dataclass(frozen=True)
class Rule:
    """`field` is what must be changed, as it stands in the feed."""

    id: str
    profile: Profile
    severity: Severity
    scope: Scope
    field: str
    find: Find
    mend: str


def missing(*names: str) -> Find:
    """None of these children says anything."""

    def find(node: Node, _context: Context) -> Iterator[str]:
        if not node.said(*names):
            yield f"{names[0]} is missing" if names[0] not in node.children else f"{names[0]} is empty"

    return find


def missing_attribute(name: str, attribute: str) -> Find:
    """No such child, or none with this attribute."""

    def find(node: Node, _context: Context) -> Iterator[str]:
        if not any(child.get(attribute) for child in node.all(name)):
            yield f"{name} with {attribute} is missing"

    return find


def not_one_of(name: str, allowed: Collection[str], *, otherwise: str = "") -> Find:
    """A child that is there says something else than it may."""

    def find(node: Node, _context: Context) -> Iterator[str]:
        for child in node.all(name):
            if child.text and child.text not in allowed:
                yield f"{name} says {child.text[:60]!r}, it may say {otherwise or ' or '.join(allowed)}"

    return find


def not_matching(name: str, pattern: str, should: str) -> Find:
    matcher = re.compile(pattern)

    def find(node: Node, _context: Context) -> Iterator[str]:
        for child in node.all(name):
            if child.text and not matcher.fullmatch(child.text):
                yield f"{name} says {child.text[:60]!r}, it should be {should}"

    return find


def longer_than(name: str, limit: int, *, in_bytes: bool = False) -> Find:
    def find(node: Node, _context: Context) -> Iterator[str]:
        for child in node.all(name):
            length = len(child.text.encode()) if in_bytes else len(child.text)
            if length > limit:
                yield f"{name} holds {length} {'bytes' if in_bytes else 'characters'}, at most {limit} are shown"

    return find


def more_than_one(name: str) -> Find:
    def find(node: Node, _context: Context) -> Iterator[str]:
        count = len(node.all(name))
        if count > 1:
            yield f"{name} stands there {count} times, only one counts"

    return find


def repeated(what: str, of: Callable[[Node], str]) -> Find:
    """The same value in several items; said once, of the first of them."""

    def find(node: Node, context: Context) -> Iterator[str]:
        value = of(node)
        if not value or (count := context.count(what, of)[value]) == 1:
            return
        first = next(item for item in context.items if of(item) == value)
        if first is node:
            yield f"{what} {value[:80]!r} stands in {count} items"

    return find


def enclosure_url(item: Node) -> str:
    enclosure = item.first("enclosure")
    return enclosure.get("url") if enclosure else ""
