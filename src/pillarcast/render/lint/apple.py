"""What Apple Podcasts demands.

Source: Apple Podcasts for Creators, "Podcast RSS feed requirements", "A podcaster's guide to RSS", categories.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from pillarcast.model.categories import NAMES
from pillarcast.render.feed_dates import parse_date
from pillarcast.render.feed_text import DESCRIPTION_BYTES
from pillarcast.render.feed_urls import is_insecure, suffix_of
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
    longer_than,
    missing,
    missing_attribute,
    not_matching,
    not_one_of,
    repeated,
)

MEDIA = {
    "audio/mpeg": {"mp3"},
    "audio/x-m4a": {"m4a"},
    "video/mp4": {"mp4"},
    "video/x-m4v": {"m4v"},
    "video/quicktime": {"mov"},
    "application/pdf": {"pdf"},
}
"""Types that Apple takes, with the extensions that their URLs must have."""
_SPELT_OTHERWISE = {"audio/mp3", "audio/mpeg3", "audio/m4a", "audio/mp4", "audio/aac", "audio/x-mp3", "audio/mpg"}
_NUMBERED = re.compile(
    r"^\s*(?:#\s*\d+|(?:ep(?:isode)?|folge|episodio)\.?\s*#?\d+|s\d+\s*[:|e-]\s*e?\d+|\d{1,4}\s*[:.|–-]\s)",
    re.IGNORECASE,
)
_LONGEST_TEXT = 255
_channel = partial(Rule, profile=Profile.APPLE, scope=Scope.CHANNEL)
_item = partial(Rule, profile=Profile.APPLE, scope=Scope.ITEM)


def _explicit(node: Node, _context: Context) -> Iterator[str]:
    for child in node.all("itunes:explicit"):
        if child.text.lower() not in ("true", "false", "yes", "no", "clean", "explicit"):
            yield f"itunes:explicit says {child.text[:30]!r}"


def _old_explicit(node: Node, _context: Context) -> Iterator[str]:
    for child in node.all("itunes:explicit"):
        if child.text not in ("true", "false") and child.text.lower() in (
            "true", "false", "yes", "no", "clean", "explicit",
        ):  # fmt: skip
            yield f"itunes:explicit says {child.text!r}, an old or misspelt form of true or false"


def _categories(node: Node, _context: Context) -> Iterator[str]:
    for category in node.all("itunes:category"):
        parent = category.get("text")
        names = [f"{parent} > {child.get('text')}" for child in category.all("itunes:category")] or [parent]
        yield from (f"itunes:category {name!r} is none of Apple's" for name in names if name not in NAMES)


def _many_categories(node: Node, _context: Context) -> Iterator[str]:
    categories = node.all("itunes:category")
    if len(categories) > 1:
        yield f"there are {len(categories)} categories, only {categories[0].get('text')!r} counts"


def _image(node: Node, _context: Context) -> Iterator[str]:
    for image in node.all("itunes:image"):
        url = image.get("href") or image.text
        if url and suffix_of(url) not in ("jpg", "jpeg", "png"):
            yield f"itunes:image {url[:100]!r} does not end in .jpg or .png"
        if not image.get("href") and url:
            yield "itunes:image has its address as text, it must be the attribute href"


def _nothing(_node: Node, context: Context) -> Iterator[str]:
    if not any(enclosure_url(item) for item in context.items):
        yield "there is no episode with audio"


def _serial(node: Node, context: Context) -> Iterator[str]:
    if node.said("itunes:type").lower() == "serial":
        without = [item for item in context.items if not item.said("itunes:episode") and _is_full(item)]
        if without:
            yield f"the show is serial, but {len(without)} of {len(context.items)} episodes have no number"


def _is_full(item: Node) -> bool:
    return item.said("itunes:episodeType") in ("", "full")


def _padded(node: Node, _context: Context) -> Iterator[str]:
    for name in ("title", "itunes:author", "itunes:title"):
        if any(child.raw != child.text for child in node.all(name)):
            yield f"{name} begins or ends with a blank"


def _owner(node: Node, _context: Context) -> Iterator[str]:
    if node.all("itunes:owner"):
        yield "itunes:owner is no longer used by Apple, and shows your address to everybody"


def _enclosure_type(node: Node, _context: Context) -> Iterator[str]:
    for enclosure in node.all("enclosure")[:1]:
        kind = enclosure.get("type")
        if kind and kind not in MEDIA and kind not in _SPELT_OTHERWISE:
            yield f"enclosure type {kind!r} is none that Apple plays"


def _old_type(node: Node, _context: Context) -> Iterator[str]:
    for enclosure in node.all("enclosure")[:1]:
        if enclosure.get("type") in _SPELT_OTHERWISE:
            yield f"enclosure type {enclosure.get('type')!r} is not how Apple spells it"


def _enclosure_name(node: Node, _context: Context) -> Iterator[str]:
    url = enclosure_url(node)
    known = {suffix for suffixes in MEDIA.values() for suffix in suffixes}
    if url and suffix_of(url) not in known:
        yield f"the audio's address {url[:100]!r} does not end in .mp3, .m4a, .mp4, .m4v, .mov or .pdf"


def _ascii(node: Node, _context: Context) -> Iterator[str]:
    if not enclosure_url(node).isascii():
        yield f"the audio's address {enclosure_url(node)[:100]!r} holds other characters than ASCII"


def _insecure(node: Node, _context: Context) -> Iterator[str]:
    if is_insecure(enclosure_url(node)):
        yield "the audio's address begins with http://"


def _titles(node: Node, context: Context) -> Iterator[str]:
    title, show = node.said("title"), context.channel.said("title")
    if _NUMBERED.match(title):
        yield f"title {title[:80]!r} begins with its number"
    if len(show) > 5 and show.lower() in title.lower():
        yield f"title {title[:80]!r} repeats the show's name"


def _whole(name: str) -> Find:
    def find(node: Node, _context: Context) -> Iterator[str]:
        for child in node.all(name):
            if child.text and not (child.text.isdecimal() and int(child.text) >= 1):
                yield f"{name} says {child.text[:30]!r}, it must be a whole number from 1"

    return find


def _undated(node: Node, _context: Context) -> Iterator[str]:
    if not node.said("pubDate"):
        yield "pubDate is missing"
    elif parse_date(node.said("pubDate")) is None:
        yield f"pubDate {node.said('pubDate')[:60]!r} cannot be read"


def _flags(node: Node, _context: Context) -> Iterator[str]:
    for name in ("itunes:block", "itunes:complete"):
        for child in node.all(name):
            if child.text.lower() == "yes" and child.text != "Yes":
                yield f"{name} says {child.text!r}, only Yes has an effect"


RULES: tuple[Rule, ...] = (
    _channel("apple/title", severity=ERROR, field="channel/title", find=missing("title", "itunes:title"),
             mend="Add a title."),
    _channel("apple/description", severity=ERROR, field="channel/description",
             find=missing("description", "itunes:summary"), mend="Say what the show is about."),
    _channel("apple/image", severity=ERROR, field="channel/itunes:image",
             find=missing_attribute("itunes:image", "href"),
             mend="Add square artwork, 1400 to 3000 px, JPEG or PNG."),
    _channel("apple/image-name", severity=ERROR, field="channel/itunes:image", find=_image,
             mend="Let its address end in the extension of its format."),
    _channel("apple/language", severity=ERROR, field="channel/language", find=missing("language"),
             mend="Add a code such as en-us."),
    _channel("apple/category", severity=ERROR, field="channel/itunes:category",
             find=missing_attribute("itunes:category", "text"), mend="Add one of Apple's categories."),
    _channel("apple/category-known", severity=ERROR, field="channel/itunes:category", find=_categories,
             mend="Write one of Apple's 19 categories or 91 subcategories, spelt as Apple spells it."),
    _channel("apple/category-many", severity=HINT, field="channel/itunes:category", find=_many_categories,
             mend="Put the category that matters first."),
    _channel("apple/explicit", severity=ERROR, field="channel/itunes:explicit", find=missing("itunes:explicit"),
             mend="Add true or false."),
    _channel("apple/explicit-value", severity=ERROR, field="channel/itunes:explicit", find=_explicit,
             mend="Write true or false."),
    _channel("apple/explicit-old", severity=WARNING, field="channel/itunes:explicit", find=_old_explicit,
             mend="Write true or false."),
    _channel("apple/no-episode", severity=ERROR, field="channel/item", find=_nothing,
             mend="Publish an episode; a trailer is one."),
    _channel("apple/author", severity=WARNING, field="channel/itunes:author",
             find=missing("itunes:author", "author"), mend="Say who makes the show."),
    _channel("apple/link", severity=WARNING, field="channel/link", find=missing("link"),
             mend="Add the address of the show's website."),
    _channel("apple/type", severity=ERROR, field="channel/itunes:type",
             find=not_one_of("itunes:type", ("episodic", "serial")), mend="Write episodic or serial."),
    _channel("apple/serial-numbers", severity=ERROR, field="item/itunes:episode", find=_serial,
             mend="Number every full episode, or make the show episodic."),
    _channel("apple/description-length", severity=WARNING, field="channel/description",
             find=longer_than("description", DESCRIPTION_BYTES, in_bytes=True), mend="Shorten it."),
    _channel("apple/title-length", severity=WARNING, field="channel/title",
             find=longer_than("title", _LONGEST_TEXT), mend="Shorten it."),
    _channel("apple/blanks", severity=HINT, field="channel/title", find=_padded, mend="Take the blanks away."),
    _channel("apple/flags", severity=WARNING, field="channel/itunes:block", find=_flags, mend="Write Yes, or drop it."),
    _channel("apple/owner", severity=HINT, field="channel/itunes:owner", find=_owner,
             mend="Keep it while Spotify or another service mails codes to it, else drop it."),
    _item("apple/item-title", severity=ERROR, field="item/title", find=missing("title", "itunes:title"),
          mend="Add a title."),
    _item("apple/item-enclosure", severity=ERROR, field="item/enclosure",
          find=missing_attribute("enclosure", "url"), mend="Add the audio; an item without is not shown."),
    _item("apple/item-guid", severity=ERROR, field="item/guid", find=missing("guid"),
          mend="Give it a guid that never changes."),
    _item("apple/enclosure-repeated", severity=ERROR, field="item/enclosure",
          find=repeated("enclosure", enclosure_url), mend="Give each episode a file of its own."),
    _item("apple/enclosure-type", severity=ERROR, field="item/enclosure", find=_enclosure_type,
          mend="Offer MP3 (audio/mpeg) or M4A (audio/x-m4a), others as podcast:alternateEnclosure."),
    _item("apple/enclosure-type-old", severity=WARNING, field="item/enclosure", find=_old_type,
          mend="Write audio/mpeg for MP3 and audio/x-m4a for M4A."),
    _item("apple/enclosure-name", severity=WARNING, field="item/enclosure", find=_enclosure_name,
          mend="Let the address end in the extension of its format, before any ?."),
    _item("apple/enclosure-ascii", severity=ERROR, field="item/enclosure", find=_ascii,
          mend="Name files with ASCII letters, or percent-encode the address."),
    _item("apple/enclosure-https", severity=WARNING, field="item/enclosure", find=_insecure,
          mend="Serve audio by https."),
    _item("apple/item-title-noise", severity=WARNING, field="item/title", find=_titles,
          mend="Put numbers into itunes:season and itunes:episode; leave the show's name out."),
    _item("apple/item-date", severity=WARNING, field="item/pubDate", find=_undated,
          mend="Write it as Thu, 05 Feb 2026 11:00:00 +0000."),
    _item("apple/item-description", severity=HINT, field="item/description",
          find=missing("description", "content:encoded", "itunes:summary"), mend="Say what the episode is about."),
    _item("apple/item-description-length", severity=WARNING, field="item/description",
          find=longer_than("description", DESCRIPTION_BYTES, in_bytes=True),
          mend="Shorten it, and keep the whole in content:encoded."),
    _item("apple/item-title-length", severity=WARNING, field="item/title",
          find=longer_than("title", _LONGEST_TEXT), mend="Shorten it."),
    _item("apple/duration", severity=HINT, field="item/itunes:duration", find=missing("itunes:duration"),
          mend="Add the duration in seconds."),
    _item("apple/duration-value", severity=WARNING, field="item/itunes:duration",
          find=not_matching("itunes:duration", r"\d+(\.\d+)?|(\d+:)?\d{1,2}:\d{1,2}(\.\d+)?", "seconds"),
          mend="Write whole seconds, such as 1860."),
    _item("apple/item-explicit", severity=ERROR, field="item/itunes:explicit", find=_explicit,
          mend="Write true or false."),
    _item("apple/item-explicit-old", severity=WARNING, field="item/itunes:explicit", find=_old_explicit,
          mend="Write true or false."),
    _item("apple/episode-type", severity=ERROR, field="item/itunes:episodeType",
          find=not_one_of("itunes:episodeType", ("full", "trailer", "bonus")), mend="Write full, trailer or bonus."),
    _item("apple/season", severity=ERROR, field="item/itunes:season", find=_whole("itunes:season"),
          mend="Write a whole number from 1, or drop it."),
    _item("apple/episode", severity=ERROR, field="item/itunes:episode", find=_whole("itunes:episode"),
          mend="Write a whole number from 1, or drop it."),
    _item("apple/item-image-name", severity=WARNING, field="item/itunes:image", find=_image,
          mend="Let its address end in the extension of its format."),
    _item("apple/item-blanks", severity=HINT, field="item/title", find=_padded, mend="Take the blanks away."),
    _item("apple/item-flags", severity=WARNING, field="item/itunes:block", find=_flags, mend="Write Yes, or drop it."),
)  # fmt: skip
