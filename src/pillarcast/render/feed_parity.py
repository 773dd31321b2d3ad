"""Parity: an old feed against the new one, field by field, by what each says to apps rather than by its letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pillarcast.model.imported import ImportedShow
from pillarcast.render.feed_parity_fields import CARRIED, CHANNEL, ITEM, Say
from pillarcast.render.feed_parity_reasons import NOT_CARRIED, reason
from pillarcast.render.feed_reader import read_feed
from pillarcast.render.feed_xml import Node, parse_markup, walk


@dataclass(frozen=True)
class Difference:
    """`why` is empty where nobody knows: that is what keeps a report from being clean."""

    where: str
    field: str
    old: str
    new: str
    why: str


@dataclass(frozen=True)
class Parity:
    """What became of a feed. `left_out` are the elements that no field carries, with how often they stood there."""

    items: int
    imported: int
    compared: int
    differences: tuple[Difference, ...] = ()
    left_out: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def unexplained(self) -> tuple[Difference, ...]:
        return tuple(difference for difference in self.differences if not difference.why)

    @property
    def is_clean(self) -> bool:
        return not self.unexplained


def compare(old: bytes, new: bytes, old_url: str = "") -> Parity:
    """Every field of the channel and of every episode of `old`, as `new` says it."""
    before, after = parse_markup(old), parse_markup(new)
    imported = read_feed(old, old_url)
    assert before.channel is not None
    assert after.channel is not None
    differences = list(_channel(before.channel, after.channel, imported))
    found = {item.said("guid"): item for item in after.items}
    pairs = list(_pairs(before.items, imported, found))
    for old_item, new_item, title in pairs:
        differences += _fields(ITEM, (old_item, before.channel), (new_item, after.channel), title, imported)
    differences += _missing(imported, found)
    return Parity(
        items=len(before.items),
        imported=len(imported.episodes),
        compared=len(pairs),
        differences=tuple(differences),
        left_out=_left_out(before.channel, len(before.items)),
    )


def _pairs(items: tuple[Node, ...], imported: ImportedShow, found: dict[str, Node]) -> Iterator[tuple[Node, Node, str]]:
    """Each old item with the new one that came of it: the same guid, or the one that had to be given."""
    given = {(episode.guid, episode.episode.title) for episode in imported.episodes}
    taken: set[str] = set()
    for item in items:
        enclosure = item.first("enclosure")
        url = enclosure.get("url") if enclosure else ""
        for guid in (item.said("guid"), url, *(f"{url}#{number}" for number in range(2, 9))):
            if guid and guid in found and guid not in taken and any(guid == one for one, _title in given):
                taken.add(guid)
                yield item, found[guid], " ".join(item.said("title", "itunes:title").split())
                break


def _channel(old: Node, new: Node, imported: ImportedShow) -> Iterator[Difference]:
    yield from _fields(CHANNEL, (old, old), (new, new), "", imported)


def _fields(
    table: dict[str, Say], old: tuple[Node, Node], new: tuple[Node, Node], where: str, imported: ImportedShow
) -> Iterator[Difference]:
    for name, say in table.items():
        before, after = say(*old), say(*new)
        if before != after:
            why = reason(name, before, after, where, imported)
            yield Difference(where, name, before, after, why)


def _missing(imported: ImportedShow, found: dict[str, Node]) -> Iterator[Difference]:
    for episode in imported.episodes:
        if episode.guid not in found:
            yield Difference(episode.episode.title, "item", episode.guid, "", "")
    for remark in imported.remarks:
        if remark.field == "item":
            yield Difference(remark.where, "item", "stands there", "", remark.what)


def _left_out(channel: Node, items: int) -> dict[str, tuple[int, str]]:
    counted = Counter(node.name for node in walk(channel))
    return {
        name: (count, NOT_CARRIED.get(name.partition(":")[0] + ":", NOT_CARRIED.get(name, "no app reads it")))
        for name, count in sorted(counted.items())
        if name not in CARRIED and not name.startswith("podcast:")
        if items or count
    }
