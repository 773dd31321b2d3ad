"""PSP-1, the podcast RSS specification of the Podcast Standards Project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from pillarcast.model.categories import NAMES
from pillarcast.render.feed_text import DESCRIPTION_BYTES, DESCRIPTION_TAGS
from pillarcast.render.feed_xml import Node
from pillarcast.render.lint.findings import Profile
from pillarcast.render.lint.rule import (
    ERROR,
    HINT,
    WARNING,
    Context,
    Find,
    Rule,
    Scope,
    longer_than,
    missing,
    missing_attribute,
    not_matching,
    not_one_of,
)

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
}
UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_TAG = re.compile(r"<\s*([a-zA-Z][a-zA-Z0-9]*)[\s/>]")
_channel = partial(Rule, profile=Profile.PSP, scope=Scope.CHANNEL)
_item = partial(Rule, profile=Profile.PSP, scope=Scope.ITEM)


def _namespaces(_node: Node, context: Context) -> Iterator[str]:
    root = context.markup.root
    declared = {} if root is None else dict(root.element.nsmap)
    for prefix, uri in NAMESPACES.items():
        if declared.get(prefix) != uri:
            said = f"is {declared[prefix]}" if prefix in declared else "is not declared"
            yield f"the namespace {prefix} {said}"


def _not_utf8(_node: Node, context: Context) -> Iterator[str]:
    encoding = context.markup.declared_encoding.lower()
    if encoding not in ("utf-8", "utf8", ""):
        yield f"the document says its encoding is {encoding}"


def _self_link(node: Node, _context: Context) -> Iterator[str]:
    if not any(link.get("rel") == "self" and link.get("href") for link in node.all("atom:link")):
        yield "atom:link with rel self is missing"


def _category(node: Node, _context: Context) -> Iterator[str]:
    categories = [category.get("text") for category in node.all("itunes:category")]
    if not any(name in NAMES for name in categories):
        yield "no itunes:category is one of Apple's"


def _transcripts(node: Node, _context: Context) -> Iterator[str]:
    if not node.all("podcast:transcript"):
        yield "podcast:transcript is missing"


def _html(node: Node, _context: Context) -> Iterator[str]:
    for child in node.all("description"):
        others = sorted({tag.lower() for tag in _TAG.findall(child.text)} - DESCRIPTION_TAGS)
        if others:
            yield f"description holds the elements {', '.join(others)[:80]}, which apps may drop or show as text"


def _copyright(node: Node, _context: Context) -> Iterator[str]:
    if re.search(r"©|\(c\)|copyright|\b(?:19|20)\d\d\b", node.said("copyright"), re.IGNORECASE):
        yield f"copyright says {node.said('copyright')[:60]!r}"


_RECOMMENDED: tuple[tuple[str, Find, str], ...] = (
    ("link", missing("link"), "Add the address of the episode's page."),
    ("pubDate", missing("pubDate"), "Add the date of publishing."),
    ("description", missing("description"), "Say what the episode is about."),
    ("itunes:duration", missing("itunes:duration"), "Add the duration in seconds."),
    ("itunes:image", missing_attribute("itunes:image", "href"), "Add artwork of the episode's own."),
    ("itunes:explicit", missing("itunes:explicit"), "Add true or false."),
    ("podcast:transcript", _transcripts, "Add a transcript, best as WebVTT."),
)

RULES: tuple[Rule, ...] = (
    _channel("psp/namespaces", severity=ERROR, field="rss", find=_namespaces,
             mend="Declare it as " + ", ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items()) + "."),
    _channel("psp/encoding", severity=ERROR, field="?xml", find=_not_utf8, mend="Write the feed in UTF-8."),
    _channel("psp/self-link", severity=ERROR, field="channel/atom:link", find=_self_link,
             mend='Add <atom:link rel="self" href="…" type="application/rss+xml"/>.'),
    _channel("psp/title", severity=ERROR, field="channel/title", find=missing("title"), mend="Add a title."),
    _channel("psp/description", severity=ERROR, field="channel/description", find=missing("description"),
             mend="Say what the show is about."),
    _channel("psp/link", severity=ERROR, field="channel/link", find=missing("link"),
             mend="Add the address of the show's website."),
    _channel("psp/language", severity=ERROR, field="channel/language", find=missing("language"),
             mend="Add a code such as en-us."),
    _channel("psp/category", severity=ERROR, field="channel/itunes:category", find=_category,
             mend="Add one of Apple's categories."),
    _channel("psp/explicit", severity=ERROR, field="channel/itunes:explicit", find=missing("itunes:explicit"),
             mend="Add true or false."),
    _channel("psp/explicit-value", severity=ERROR, field="channel/itunes:explicit",
             find=not_one_of("itunes:explicit", ("true", "false")), mend="Write true or false."),
    _channel("psp/image", severity=ERROR, field="channel/itunes:image",
             find=missing_attribute("itunes:image", "href"), mend="Add square artwork, 1400 to 3000 px."),
    _channel("psp/locked", severity=WARNING, field="channel/podcast:locked", find=missing("podcast:locked"),
             mend="Add yes, so that nobody else can import your show, or no while you move."),
    _channel("psp/guid", severity=WARNING, field="channel/podcast:guid", find=missing("podcast:guid"),
             mend="Add the show's own UUID, minted once from the feed's address."),
    _channel("psp/guid-value", severity=ERROR, field="channel/podcast:guid",
             find=not_matching("podcast:guid", UUID, "a UUID"), mend="Write the UUIDv5 of the feed's address."),
    _channel("psp/author", severity=WARNING, field="channel/itunes:author", find=missing("itunes:author"),
             mend="Say who makes the show."),
    _channel("psp/copyright", severity=HINT, field="channel/copyright", find=_copyright,
             mend="Write the owner's name alone, without sign, word or year."),
    _item("psp/item-title", severity=ERROR, field="item/title", find=missing("title"), mend="Add a title."),
    _item("psp/item-enclosure", severity=ERROR, field="item/enclosure",
          find=missing_attribute("enclosure", "url"), mend="Add the audio."),
    _item("psp/item-guid", severity=ERROR, field="item/guid", find=missing("guid"),
          mend="Give it a guid that never changes."),
    _item("psp/item-explicit-value", severity=ERROR, field="item/itunes:explicit",
          find=not_one_of("itunes:explicit", ("true", "false")), mend="Write true or false."),
    _item("psp/item-description-length", severity=WARNING, field="item/description",
          find=longer_than("description", DESCRIPTION_BYTES, in_bytes=True),
          mend="Shorten it, and keep the whole in content:encoded."),
    _item("psp/item-html", severity=HINT, field="item/description", find=_html,
          mend="Use p, ol, ul, li, a, b, i, strong and em only."),
    *(_item(f"psp/item-{name.rpartition(':')[2].lower()}", severity=HINT, field=f"item/{name}", find=find, mend=mend)
      for name, find, mend in _RECOMMENDED),
)  # fmt: skip
