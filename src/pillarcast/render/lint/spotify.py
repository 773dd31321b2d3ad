"""What Spotify demands of a feed that another host serves.

Source: Spotify support, "Podcast specification" and "Claim your podcast": MP3 of 96 to 320 kbit/s and at most 200 MB,
square cover, a title, at least one episode, and an address in the feed that gets the code of the claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from pillarcast.render.feed_numbers import parse_duration
from pillarcast.render.feed_xml import Node
from pillarcast.render.lint.findings import Profile
from pillarcast.render.lint.rule import (
    ERROR,
    HINT,
    WARNING,
    Context,
    Rule,
    Scope,
    enclosure_url,
    missing,
    missing_attribute,
)

LARGEST_BYTES = 200_000_000
_PLAYED = {"audio/mpeg", "audio/mp3", "audio/x-m4a", "audio/m4a", "audio/mp4", "video/mp4", "video/quicktime"}
_channel = partial(Rule, profile=Profile.SPOTIFY, scope=Scope.CHANNEL)
_item = partial(Rule, profile=Profile.SPOTIFY, scope=Scope.ITEM)


def _nothing(_node: Node, context: Context) -> Iterator[str]:
    if not any(enclosure_url(item) for item in context.items):
        yield "there is no episode with audio"


def _address(node: Node, _context: Context) -> Iterator[str]:
    owners = node.all("itunes:owner")
    if not any(owner.said("itunes:email") for owner in owners) and not node.said("podcast:locked"):
        yield "itunes:owner with itunes:email is missing"
    elif not any(owner.said("itunes:email") for owner in owners):
        yield "itunes:owner with itunes:email is missing; only needed while you claim the show"


def _format(node: Node, _context: Context) -> Iterator[str]:
    for enclosure in node.all("enclosure")[:1]:
        if enclosure.get("type") and enclosure.get("type").lower() not in _PLAYED:
            yield f"enclosure type {enclosure.get('type')!r} is none that Spotify is known to play"


def _size(node: Node, _context: Context) -> Iterator[str]:
    for enclosure in node.all("enclosure")[:1]:
        length = enclosure.get("length")
        if length.isdecimal() and int(length) > LARGEST_BYTES:
            yield f"the audio has {int(length) // 1_000_000} MB, at most 200 MB are taken"


def _bitrate(node: Node, _context: Context) -> Iterator[str]:
    duration_s = parse_duration(node.said("itunes:duration"))
    for enclosure in node.all("enclosure")[:1]:
        length = enclosure.get("length")
        if not duration_s or not length.isdecimal() or enclosure.get("type") != "audio/mpeg":
            continue
        kbps = int(length) * 8 / duration_s / 1000
        if not 90 <= kbps <= 330 and int(length) > 100_000:
            yield f"length and duration say {kbps:.0f} kbit/s, Spotify wants 96 to 320"


RULES: tuple[Rule, ...] = (
    _channel("spotify/title", severity=ERROR, field="channel/title", find=missing("title"), mend="Add a title."),
    _channel("spotify/image", severity=ERROR, field="channel/itunes:image",
             find=missing_attribute("itunes:image", "href"), mend="Add square artwork, JPEG or PNG."),
    _channel("spotify/no-episode", severity=ERROR, field="channel/item", find=_nothing,
             mend="Publish an episode before you submit the show."),
    _channel("spotify/language", severity=WARNING, field="channel/language", find=missing("language"),
             mend="Add a code such as en-us."),
    _channel("spotify/category", severity=WARNING, field="channel/itunes:category",
             find=missing_attribute("itunes:category", "text"), mend="Add one of Apple's categories."),
    _channel("spotify/address", severity=HINT, field="channel/itunes:owner", find=_address,
             mend="Give an address in `email` until the show is claimed, then you may take it out again."),
    _item("spotify/item-title", severity=ERROR, field="item/title", find=missing("title"), mend="Add a title."),
    _item("spotify/item-enclosure", severity=ERROR, field="item/enclosure",
          find=missing_attribute("enclosure", "url"), mend="Add the audio."),
    _item("spotify/item-date", severity=WARNING, field="item/pubDate", find=missing("pubDate"),
          mend="Add the date; episodes without one are sorted anywhere."),
    _item("spotify/enclosure-type", severity=WARNING, field="item/enclosure", find=_format, mend="Offer MP3."),
    _item("spotify/enclosure-size", severity=WARNING, field="item/enclosure", find=_size,
          mend="Lower the bit rate, or part the episode."),
    _item("spotify/bitrate", severity=HINT, field="item/enclosure", find=_bitrate,
          mend="Check length and duration, or encode with 96 to 320 kbit/s."),
)  # fmt: skip
