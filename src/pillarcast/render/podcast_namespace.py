"""Our feedgen extension: what feedgen lacks or gets wrong: podcast namespace, Atom links, iTunes flags."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from pillarcast.model.base import cleaned

PODCAST = "https://podcastindex.org/namespace/1.0"
NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "fh": "http://purl.org/syndication/history/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": PODCAST,
}


@dataclass(frozen=True)
class Element:
    """One element with its prefix, such as `podcast:person`, or of RSS itself, such as `cloud`.

    Attributes that are empty are left out, unless the element `has_empty` ones.
    """

    tag: str
    text: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Element, ...] = ()
    has_empty: bool = False


class PodcastFeed(BaseExtension):  # type: ignore[misc] # feedgen is untyped
    """The channel's elements, in the order in which they were given."""

    elements: tuple[Element, ...] = ()
    namespaces: ClassVar[dict[str, str]] = {"podcast": PODCAST, "fh": NAMESPACES["fh"]}

    def extend_ns(self) -> dict[str, str]:
        return dict(self.namespaces)

    def extend_rss(self, feed: Any) -> Any:
        append_elements(feed[0], self.elements)
        return feed


class PodcastEntry(BaseEntryExtension):  # type: ignore[misc] # feedgen is untyped
    """An item's elements, in the order in which they were given."""

    elements: tuple[Element, ...] = ()

    def extend_rss(self, feed: Any) -> Any:
        append_elements(feed, self.elements)
        return feed


def append_elements(parent: Any, elements: Iterable[Element]) -> None:
    for element in elements:
        prefix, _, name = element.tag.rpartition(":")
        node = etree.SubElement(parent, f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name)
        for key, attribute in element.attributes.items():
            if attribute or element.has_empty:
                node.set(key, cleaned(attribute))
        if element.text:
            node.text = cleaned(element.text)
        append_elements(node, element.children)
