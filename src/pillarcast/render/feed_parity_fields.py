"""The fields of a parity report: what an item or a channel says of each, in words that two feeds can be compared by."""

from __future__ import annotations

from collections.abc import Callable

from pillarcast.render.feed_dates import parse_date
from pillarcast.render.feed_notes import links_of, words_of
from pillarcast.render.feed_numbers import parse_count, parse_duration, parse_length
from pillarcast.render.feed_reader import artwork_of
from pillarcast.render.feed_reader_item import is_playable
from pillarcast.render.feed_reader_rss import author_of, hours_of, skipped
from pillarcast.render.feed_reader_show import EXPLICIT, tags_of
from pillarcast.render.feed_xml import Node

_NOTES = ("content:encoded", "description", "itunes:summary", "media:description")


Say = Callable[[Node, Node], str]
"""What an item or channel (first) says of a field; its channel comes second."""


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

CARRIED = frozenset(
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
