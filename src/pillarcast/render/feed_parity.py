"""Parity: an old feed against the new one, field by field, by what each says to apps rather than by its letters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pillarcast.model.imported import ImportedShow
from pillarcast.render.feed_dates import parse_date
from pillarcast.render.feed_notes import links_of, words_of
from pillarcast.render.feed_numbers import parse_count, parse_duration, parse_length
from pillarcast.render.feed_parity_reasons import NOT_CARRIED, reason
from pillarcast.render.feed_reader import artwork_of, read_feed
from pillarcast.render.feed_reader_item import is_playable
from pillarcast.render.feed_reader_rss import author_of, hours_of, skipped
from pillarcast.render.feed_reader_show import EXPLICIT, tags_of
from pillarcast.render.feed_xml import Node, parse_markup, walk

_NOTES = ("content:encoded", "description", "itunes:summary", "media:description")


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


Say = Callable[[Node, Node], str]
"""What an item or channel (first) says of a field; its channel comes second."""


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
        if name not in _CARRIED and not name.startswith("podcast:")
        if items or count
    }


def _said(*names: str) -> Say:
    return lambda node, _channel: " ".join(node.said(*names).split())


def _moment(*names: str) -> Say:
    def say(node: Node, _channel: Node) -> str:
        moment = parse_date(node.said(*names))
        return moment.isoformat() if moment else node.said(*names)

    return say


def _enclosure(attribute: str) -> Say:
    def say(node: Node, _channel: Node) -> str:
        found = next(filter(is_playable, node.all("enclosure")), None)
        if found is None:
            return ""
        return str(parse_length(found.get("length")) or "") if attribute == "length" else found.get(attribute)

    return say


def _explicit(node: Node, channel: Node) -> str:
    """What holds for an episode: its own word, or the show's."""
    said = EXPLICIT.get(node.said("itunes:explicit").lower(), EXPLICIT.get(channel.said("itunes:explicit").lower()))
    return "" if said is None else str(said).lower()


def _duration(node: Node, _channel: Node) -> str:
    seconds = parse_duration(node.said("itunes:duration"))
    return str(round(seconds)) if seconds else ""


def _number(name: str) -> Say:
    def say(node: Node, _channel: Node) -> str:
        return str(parse_count(node.said(f"itunes:{name}", f"podcast:{name}")) or "")

    return say


def _notes(node: Node, _channel: Node) -> str:
    return words_of(node.said(*_NOTES))


def _note_links(node: Node, _channel: Node) -> str:
    return " ".join(links_of(node.said(*_NOTES)))


def _summary(node: Node, _channel: Node) -> str:
    return words_of(node.said("itunes:subtitle", "itunes:summary"))


def _author(node: Node, channel: Node) -> str:
    names = ("itunes:author", "dc:creator")
    return node.said(*names) or channel.said(*names, "author", "managingEditor")


def _type(node: Node, _channel: Node) -> str:
    return node.said("itunes:episodeType").lower() or "full"


def _show_type(node: Node, _channel: Node) -> str:
    return node.said("itunes:type").lower() or "episodic"


def _picture(node: Node, _channel: Node) -> str:
    image = node.first("itunes:image")
    return (image.get("href") or image.text) if image else ""


def _tags(node: Node, _channel: Node) -> str:
    return ", ".join(tags_of(node))


def _flag(name: str) -> Say:
    return lambda node, _channel: "yes" if node.said(name).lower() == "yes" else ""


def _categories(node: Node, _channel: Node) -> str:
    found = []
    for category in node.all("itunes:category"):
        below = [child.get("text") for child in category.all("itunes:category")]
        found += [f"{category.get('text')} > {name}" for name in below] or [category.get("text")]
    return ", ".join(dict.fromkeys(found))


def _owner(node: Node, _channel: Node) -> str:
    owner = node.first("itunes:owner")
    return owner.said("itunes:email") if owner else ""


def _hubs(node: Node, _channel: Node) -> str:
    return " ".join(link.get("href") for link in node.all("atom:link") if link.get("rel") == "hub")


def _podcast(name: str) -> Say:
    return _structure(f"podcast:{name}")


def _structure(name: str) -> Say:
    """All elements of one name, with attributes and children, in the order of the feed."""

    def say(node: Node, _channel: Node) -> str:
        return " ".join(_written(child) for child in node.all(name))

    return say


def _written(node: Node) -> str:
    attributes = sorted((key, value.strip()) for key, value in node.element.attrib.items() if value.strip())
    inner = "".join(_written(child) for children in node.children.values() for child in children)
    said = " ".join(f'{key}="{value}"' for key, value in attributes)
    text = " ".join((node.element.text or "").split())
    return f"<{' '.join(filter(None, (node.name, said)))}>{text}{inner}"


_OF_CHANNEL = ("guid", "locked", "medium", "updateFrequency")
_OF_BOTH = ("funding", "person", "location", "license", "value", "socialInteract", "chat", "txt", "image")

ITEM: dict[str, Say] = {
    "title": _said("title", "itunes:title"),
    "guid": _said("guid"),
    "link": _said("link"),
    "pubDate": _moment("pubDate", "dc:date"),
    "enclosure.url": _enclosure("url"),
    "enclosure.length": _enclosure("length"),
    "enclosure.type": _enclosure("type"),
    "duration": _duration,
    "explicit": _explicit,
    "season": _number("season"),
    "episode": _number("episode"),
    "episodeType": _type,
    "image": _picture,
    "author": _author,
    "notes": _notes,
    "notes.links": _note_links,
    "summary": _summary,
    "tags": _tags,
    "block": _flag("itunes:block"),
    "comments": _said("comments"),
    "rss.author": lambda node, _channel: author_of(node),
    "source": _structure("source"),
    **{f"podcast:{name}": _podcast(name) for name in _OF_BOTH},
    **{
        f"podcast:{name}": _podcast(name)
        for name in ("transcript", "chapters", "soundbite", "alternateEnclosure", "contentLink", "season", "episode")
    },
}
"""What an episode says, by the name that a report gives it."""

CHANNEL: dict[str, Say] = {
    "channel.title": _said("title", "itunes:title"),
    "channel.link": _said("link"),
    "channel.description": lambda node, _channel: words_of(node.said("description", "itunes:summary")),
    "channel.language": _said("language", "dc:language"),
    "channel.author": _said("itunes:author", "dc:creator", "author", "managingEditor"),
    "channel.owner": _owner,
    "channel.image": lambda node, _channel: artwork_of(node),
    "channel.category": _categories,
    "channel.explicit": _explicit,
    "channel.type": _show_type,
    "channel.copyright": _said("copyright", "dc:rights", "media:copyright"),
    "channel.tags": _tags,
    "channel.block": _flag("itunes:block"),
    "channel.complete": _flag("itunes:complete"),
    "channel.new-feed-url": _said("itunes:new-feed-url"),
    "channel.hubs": _hubs,
    "channel.managingEditor": _said("managingEditor"),
    "channel.webMaster": _said("webMaster"),
    "channel.ttl": _said("ttl"),
    "channel.rating": _said("rating"),
    "channel.cloud": _structure("cloud"),
    "channel.textInput": _structure("textInput"),
    "channel.skipHours": lambda node, _channel: str(hours_of(node)),
    "channel.skipDays": lambda node, _channel: " ".join(sorted(skipped(node, "skipDays", "day"))),
    **{f"channel.podcast:{name}": _podcast(name) for name in _OF_BOTH},
    **{
        f"channel.podcast:{name}": _podcast(name)
        for name in (
            "guid",
            "locked",
            "medium",
            "updateFrequency",
            "podroll",
            "publisher",
            "block",
            "podping",
            "trailer",
        )
    },
}
"""What a show says, by the name that a report gives it."""

_CARRIED = frozenset(
    ("title", "link", "description", "language", "copyright", "image", "url", "width", "height", "category", "ttl")
) | {
    *("managingEditor", "webMaster", "generator", "docs", "lastBuildDate", "pubDate", "item", "guid", "enclosure"),
    *("author", "comments", "atom:link", "content:encoded", "dc:creator", "dc:date", "dc:language", "dc:rights"),
    *("cloud", "rating", "textInput", "name", "skipHours", "hour", "skipDays", "day", "source"),
    *("media:copyright", "media:description", "psc:chapters", "psc:chapter"),
    *(f"itunes:{name}" for name in ("author", "owner", "name", "email", "image", "category", "explicit", "type")),
    *(f"itunes:{name}" for name in ("summary", "subtitle", "keywords", "title", "season", "episode", "duration")),
    *(f"itunes:{name}" for name in ("episodeType", "block", "complete", "new-feed-url", "applepodcastsverify")),
}
"""Elements that a field above reads, or that a feed writes of itself."""
