"""What apps and directories have trouble with, whatever the specifications say: size, paging, broken XML.

Limits: no app publishes one; trouble is reported from 3 MB on (apps that refuse), from 5 MB on (directories).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import partial

from pillarcast.render.feed_urls import is_insecure
from pillarcast.render.feed_xml import Node, Quirk
from pillarcast.render.lint.findings import Profile
from pillarcast.render.lint.rule import ERROR, HINT, WARNING, Context, Find, Rule, Scope

SOME_APPS_BYTES = 3_000_000
DIRECTORIES_BYTES = 5_000_000
COMPRESSED_BYTES = 1_000_000
_channel = partial(Rule, profile=Profile.DELIVERY, scope=Scope.CHANNEL)
SHOW_LESS = "Set `feed.max_episodes = 300` with `feed.archives = true`, so that nothing is lost."


def _quirk(quirk: Quirk) -> Find:
    def find(_node: Node, context: Context) -> Iterator[str]:
        if quirk in context.markup.quirks:
            yield f"{quirk.value} ({context.markup.quirks[quirk]})"

    return find


def _large(_node: Node, context: Context) -> Iterator[str]:
    return large(context.markup.length_bytes)


def large(length: int) -> Iterator[str]:
    """What is to be said of a feed of so many bytes."""
    if length > DIRECTORIES_BYTES:
        yield f"the feed has {length / 1e6:.1f} MB; directories have trouble from 5 MB on"
    elif length > SOME_APPS_BYTES:
        yield f"the feed has {length / 1e6:.1f} MB; some apps refuse more than 3 MB"


def _large_compressed(_node: Node, context: Context) -> Iterator[str]:
    if context.markup.length_bytes > COMPRESSED_BYTES:
        length = len(zlib.compress(context.markup.body, 1))
        if length > COMPRESSED_BYTES:
            yield f"the feed has {length / 1e6:.1f} MB when compressed; every app fetches it again and again"


def _paged(node: Node, _context: Context) -> Iterator[str]:
    if any(link.get("rel") == "next" for link in node.all("atom:link")):
        yield "the feed is paged, and Apple and Spotify list the episodes of the first page only"


def _insecure(_node: Node, context: Context) -> Iterator[str]:
    if is_insecure(context.url):
        yield "the feed is served without https"


def _moved(node: Node, context: Context) -> Iterator[str]:
    there = node.said("itunes:new-feed-url")
    if there and context.url and there != context.url:
        yield f"itunes:new-feed-url says that the show lives at {there}"


RULES: tuple[Rule, ...] = (
    _channel("delivery/well-formed", severity=ERROR, field="xml", find=_quirk(Quirk.NOT_WELL_FORMED),
             mend="Escape & and < in texts, and close every element."),
    _channel("delivery/leading-blank", severity=ERROR, field="xml", find=_quirk(Quirk.LEADING_BLANK),
             mend="Let the document begin with its first character."),
    _channel("delivery/encoding", severity=ERROR, field="?xml", find=_quirk(Quirk.ENCODING),
             mend="Write UTF-8 and say so."),
    _channel("delivery/control-character", severity=ERROR, field="xml", find=_quirk(Quirk.CONTROL),
             mend="Delete it; it often comes with text pasted from a word processor."),
    _channel("delivery/entity", severity=ERROR, field="xml", find=_quirk(Quirk.ENTITY),
             mend="Write the character itself, or put HTML into CDATA."),
    _channel("delivery/size", severity=WARNING, field="feed", find=_large, mend=SHOW_LESS),
    _channel("delivery/compressed-size", severity=HINT, field="feed", find=_large_compressed, mend=SHOW_LESS),
    _channel("delivery/paging", severity=WARNING, field="channel/atom:link", find=_paged,
             mend="Serve all episodes in the main feed, and archives beside it."),
    _channel("delivery/https", severity=WARNING, field="feed", find=_insecure, mend="Serve it by https."),
    _channel("delivery/moved", severity=HINT, field="channel/itunes:new-feed-url", find=_moved,
             mend="Check the feed there instead."),
)  # fmt: skip
