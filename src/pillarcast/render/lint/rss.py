"""RSS 2.0 as its specification and the W3C feed validator read it.

Sources: RSS 2.0.11 (rssboard.org), RSS Best Practices Profile, the messages of the W3C feed validation service.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from pillarcast.render.feed_dates import RFC2822, parse_date
from pillarcast.render.feed_urls import is_web_address
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
    enclosure_url,
    missing,
    more_than_one,
    not_matching,
    repeated,
)

_ESCAPED_TWICE = re.compile(r"&(?:amp|lt|gt|quot|#\d{2,5});")
_channel = partial(Rule, profile=Profile.RSS, scope=Scope.CHANNEL)
_item = partial(Rule, profile=Profile.RSS, scope=Scope.ITEM)


def _version(_node: Node, context: Context) -> Iterator[str]:
    root = context.markup.root
    if root is not None and root.name == "rss" and root.get("version") != "2.0":
        yield f"the rss element says version {root.get('version')!r}"
    elif root is not None and root.name != "rss":
        yield f"the document's root is {root.name}, not rss"


def _date(*names: str) -> Find:
    def find(node: Node, _context: Context) -> Iterator[str]:
        for child in (child for name in names for child in node.all(name)):
            moment = parse_date(child.text)
            if moment is None or not RFC2822.fullmatch(" ".join(child.text.split())):
                is_read = "most apps guess it" if moment else "apps cannot read it"
                yield f"{child.name} says {child.text[:60]!r}, which is no RFC 822 date; {is_read}"

    return find


def _links(node: Node, _context: Context) -> Iterator[str]:
    for child in node.all("link"):
        if child.text and not is_web_address(child.text) and not child.text.startswith("mailto:"):
            yield f"link says {child.text[:80]!r}, which is no full address"


def _self_link(node: Node, context: Context) -> Iterator[str]:
    links = [link.get("href") for link in node.all("atom:link") if link.get("rel") == "self"]
    if not links:
        yield "there is no atom:link with rel self"
    elif len(links) > 1:
        yield f"there are {len(links)} atom:link with rel self, hubs and apps want one"
    elif context.url and links[0] != context.url:
        yield f"atom:link rel self says {links[0]}, the feed was read from {context.url}"


def _image(node: Node, _context: Context) -> Iterator[str]:
    for image in node.all("image"):
        for name in ("url", "title", "link"):
            if not image.said(name):
                yield f"image has no {name}"


def _titled(node: Node, _context: Context) -> Iterator[str]:
    if not node.said("title", "description", "content:encoded"):
        yield "it has neither title nor description"


def _permalink(node: Node, _context: Context) -> Iterator[str]:
    for guid in node.all("guid"):
        if guid.text and guid.get("isPermaLink").lower() != "false" and not is_web_address(guid.text):
            yield f"guid {guid.text[:80]!r} is no address, but isPermaLink is not false"


def _enclosures(node: Node, _context: Context) -> Iterator[str]:
    for enclosure in node.all("enclosure"):
        for name in ("url", "length", "type"):
            if not enclosure.get(name):
                yield f"enclosure has no {name}"
        if enclosure.get("url") and not is_web_address(enclosure.get("url")):
            yield f"enclosure url {enclosure.get('url')[:80]!r} is no full http or https address"
        if enclosure.get("length") and not enclosure.get("length").isdecimal():
            yield f"enclosure length {enclosure.get('length')[:30]!r} is no number of bytes"


def _zero_length(node: Node, _context: Context) -> Iterator[str]:
    for enclosure in node.all("enclosure"):
        if enclosure.get("length").isdecimal() and int(enclosure.get("length")) < 16_384:
            yield f"enclosure length is {enclosure.get('length')}, which apps take for unknown"


def _escaped_twice(node: Node, _context: Context) -> Iterator[str]:
    for name in ("title", "itunes:title", "itunes:author"):
        for child in node.all(name):
            if found := _ESCAPED_TWICE.search(child.text):
                yield f"{name} shows {found[0]!r} to listeners: it was escaped twice"


RULES: tuple[Rule, ...] = (
    _channel("rss/version", severity=WARNING, field="rss", find=_version, mend='Begin with <rss version="2.0">.'),
    _channel("rss/channel-title", severity=ERROR, field="channel/title", find=missing("title"), mend="Add a title."),
    _channel("rss/channel-link", severity=ERROR, field="channel/link", find=missing("link"),
             mend="Add the address of the show's website."),
    _channel("rss/channel-description", severity=ERROR, field="channel/description",
             find=missing("description"), mend="Say what the show is about."),
    _channel("rss/channel-date", severity=ERROR, field="channel/lastBuildDate",
             find=_date("lastBuildDate", "pubDate"), mend="Write it as Thu, 05 Feb 2026 11:00:00 +0000."),
    _channel("rss/language", severity=WARNING, field="channel/language",
             find=not_matching("language", r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", "a code such as en or en-us"),
             mend="Write an RFC 5646 code such as en-us."),
    _channel("rss/channel-link-address", severity=ERROR, field="channel/link", find=_links,
             mend="Write a full address that begins with https://."),
    _channel("rss/self-link", severity=WARNING, field="channel/atom:link", find=_self_link,
             mend='Add one <atom:link rel="self"> with the address that listeners subscribe to.'),
    _channel("rss/image", severity=ERROR, field="channel/image", find=_image, mend="Give it url, title and link."),
    _channel("rss/escaped-twice", severity=WARNING, field="channel/title", find=_escaped_twice,
             mend="Escape & as &amp; once, or use CDATA and do not escape."),
    _item("rss/item-title", severity=ERROR, field="item/title", find=_titled, mend="Add a title."),
    _item("rss/item-guid", severity=WARNING, field="item/guid", find=missing("guid"),
          mend="Give it a guid that never changes; without one, apps use the audio's address."),
    _item("rss/guid-repeated", severity=ERROR, field="item/guid",
          find=repeated("guid", lambda item: item.said("guid")),
          mend="Give each episode a guid of its own; apps show only one of several with the same."),
    _item("rss/guid-address", severity=ERROR, field="item/guid", find=_permalink,
          mend='Write <guid isPermaLink="false">.'),
    _item("rss/guid-many", severity=ERROR, field="item/guid", find=more_than_one("guid"), mend="Keep the oldest one."),
    _item("rss/item-date", severity=ERROR, field="item/pubDate", find=_date("pubDate"),
          mend="Write it as Thu, 05 Feb 2026 11:00:00 +0000."),
    _item("rss/item-link-address", severity=ERROR, field="item/link", find=_links,
          mend="Write a full address that begins with https://."),
    _item("rss/enclosure", severity=ERROR, field="item/enclosure", find=_enclosures,
          mend="Write url, length in bytes and type, such as audio/mpeg."),
    _item("rss/enclosure-length", severity=WARNING, field="item/enclosure", find=_zero_length,
          mend="Write the length of the file in bytes, not in seconds."),
    _item("rss/enclosure-many", severity=WARNING, field="item/enclosure", find=more_than_one("enclosure"),
          mend="Keep one, and put the others into podcast:alternateEnclosure."),
    _item("rss/item-escaped-twice", severity=WARNING, field="item/title", find=_escaped_twice,
          mend="Escape & as &amp; once, or use CDATA and do not escape."),
    _item("rss/enclosure-repeated", severity=HINT, field="item/enclosure",
          find=repeated("enclosure", enclosure_url), mend="Give each episode a file of its own."),
)  # fmt: skip
