"""The podcast namespace: one table of its elements, and the rules that no table can say.

Source: the tag documents of https://podcastindex.org/namespace/1.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from pillarcast.render.feed_urls import is_insecure
from pillarcast.render.feed_xml import Node
from pillarcast.render.lint.findings import Profile
from pillarcast.render.lint.psp import UUID
from pillarcast.render.lint.rule import ERROR, HINT, WARNING, Context, Rule, Scope

CHANNEL, ITEM = "channel", "item"


@dataclass(frozen=True)
class Tag:
    """Where an element may stand, what it must say, and how long its text may be (0: it has none)."""

    parents: tuple[str, ...]
    required: tuple[str, ...] = ()
    longest: int = 0
    pattern: str = ""
    is_single: bool = False
    needs_text: bool = False


_MEDIUMS = "podcast|music|video|film|audiobook|newsletter|blog|publisher|course"
_BOTH = (CHANNEL, ITEM, "liveItem")
TAGS = {
    "locked": Tag((CHANNEL,), pattern="yes|no", is_single=True, needs_text=True),
    "guid": Tag((CHANNEL,), pattern=UUID, is_single=True, needs_text=True),
    "medium": Tag((CHANNEL,), pattern=rf"(?:{_MEDIUMS})L?|mixed", is_single=True, needs_text=True),
    "funding": Tag(_BOTH, ("url",), 128),
    "person": Tag(_BOTH, (), 128, needs_text=True),
    "location": Tag(_BOTH, (), 128, needs_text=True),
    "license": Tag(_BOTH, (), 128, is_single=True, needs_text=True),
    "trailer": Tag((CHANNEL,), ("url", "pubdate"), 128, needs_text=True),
    "block": Tag((CHANNEL,), pattern="yes|no", needs_text=True),
    "txt": Tag(_BOTH, (), 4000, needs_text=True),
    "podroll": Tag((CHANNEL,), is_single=True),
    "publisher": Tag((CHANNEL,), is_single=True),
    "updateFrequency": Tag((CHANNEL,), (), 128, is_single=True),
    "podping": Tag((CHANNEL,), ("usesPodping",), is_single=True),
    "chat": Tag(_BOTH, ("server", "protocol"), is_single=True),
    "value": Tag(_BOTH, ("type", "method")),
    "valueRecipient": Tag(("value", "valueTimeSplit"), ("type", "address", "split")),
    "valueTimeSplit": Tag(("value",), ("startTime", "duration")),
    "remoteItem": Tag((CHANNEL, "podroll", "publisher", "valueTimeSplit"), ("feedGuid",)),
    "socialInteract": Tag(_BOTH, ("protocol",)),
    "image": Tag(_BOTH, ("href",)),
    "images": Tag(_BOTH, ("srcset",)),
    "liveItem": Tag((CHANNEL,), ("status", "start")),
    "contentLink": Tag((ITEM, "liveItem"), ("href",), 128),
    "season": Tag((ITEM, "liveItem"), pattern=r"\d+", is_single=True, needs_text=True),
    "episode": Tag((ITEM, "liveItem"), pattern=r"\d+(\.\d+)?", is_single=True, needs_text=True),
    "transcript": Tag((ITEM, "liveItem"), ("url", "type")),
    "chapters": Tag((ITEM, "liveItem"), ("url", "type"), is_single=True),
    "soundbite": Tag((ITEM, "liveItem"), ("startTime", "duration"), 128),
    "alternateEnclosure": Tag((ITEM, "liveItem"), ("type",)),
    "source": Tag(("alternateEnclosure",), ("uri",)),
    "integrity": Tag(("alternateEnclosure",), ("type", "value"), is_single=True),
    "metaBoost": Tag(("value",)),
}
_LONGEST_ATTRIBUTE = {("episode", "display"): 32, ("season", "name"): 128, ("txt", "purpose"): 128}
_channel = partial(Rule, profile=Profile.PODCASTING20, scope=Scope.CHANNEL)
_item = partial(Rule, profile=Profile.PODCASTING20, scope=Scope.ITEM)


def _ours(node: Node) -> Iterator[tuple[Node, str, Node]]:
    """Every element of the namespace below `node` but outside items, as (parent, name, element)."""
    for name, children in node.children.items():
        if name == ITEM and node.name == CHANNEL:
            continue
        for child in children:
            if name.startswith("podcast:"):
                yield node, name.removeprefix("podcast:"), child
                yield from _ours(child)


def _unknown(node: Node, _context: Context) -> Iterator[str]:
    for _parent, name, _child in _ours(node):
        if name not in TAGS:
            near = get_close_matches(name, TAGS, n=1, cutoff=0.7)
            yield f"podcast:{name} is no element of the namespace" + (f", podcast:{near[0]} is" if near else "")


def _misplaced(node: Node, _context: Context) -> Iterator[str]:
    for parent, name, _child in _ours(node):
        above = parent.name.removeprefix("podcast:")
        if name in TAGS and above not in TAGS[name].parents:
            yield f"podcast:{name} stands in {above}, it belongs into {' or '.join(TAGS[name].parents)}"


def _incomplete(node: Node, _context: Context) -> Iterator[str]:
    for _parent, name, child in _ours(node):
        if tag := TAGS.get(name):
            for attribute in tag.required:
                if not child.get(attribute):
                    yield f"podcast:{name} has no {attribute}"
            if tag.needs_text and not child.text:
                yield f"podcast:{name} is empty"


def _values(node: Node, _context: Context) -> Iterator[str]:
    for _parent, name, child in _ours(node):
        tag = TAGS.get(name)
        if tag and tag.pattern and child.text and not re.fullmatch(tag.pattern, child.text):
            yield f"podcast:{name} says {child.text[:60]!r}"


def _long(node: Node, _context: Context) -> Iterator[str]:
    for _parent, name, child in _ours(node):
        tag = TAGS.get(name)
        if tag and tag.longest and len(child.text) > tag.longest:
            yield f"podcast:{name} holds {len(child.text)} characters, {tag.longest} are shown"
        for (of, attribute), limit in _LONGEST_ATTRIBUTE.items():
            if of == name and len(child.get(attribute)) > limit:
                yield f"podcast:{name} has {len(child.get(attribute))} characters in {attribute}, {limit} are shown"


def _many(node: Node, _context: Context) -> Iterator[str]:
    for name, tag in TAGS.items():
        count = len(node.all(f"podcast:{name}"))
        if tag.is_single and count > 1:
            yield f"podcast:{name} stands there {count} times, one is allowed"


def _insecure(node: Node, _context: Context) -> Iterator[str]:
    for _parent, name, child in _ours(node):
        for attribute in ("url", "href", "img", "uri", "feedUrl"):
            if is_insecure(child.get(attribute)):
                yield f"podcast:{name} has an address that begins with http://"


def _soundbites(node: Node, _context: Context) -> Iterator[str]:
    for bite in node.all("podcast:soundbite"):
        try:
            duration_s = float(bite.get("duration") or "nan")
        except ValueError:
            yield f"podcast:soundbite has the duration {bite.get('duration')[:20]!r}"
            continue
        if not 15 <= duration_s <= 120:
            yield f"podcast:soundbite lasts {duration_s:g} s, 15 to 120 are recommended"


def _sourceless(node: Node, _context: Context) -> Iterator[str]:
    for media in node.all("podcast:alternateEnclosure"):
        if not media.all("podcast:source"):
            yield "podcast:alternateEnclosure has no podcast:source"


def _worthless(node: Node, _context: Context) -> Iterator[str]:
    for block in node.all("podcast:value"):
        if not block.all("podcast:valueRecipient"):
            yield "podcast:value names no podcast:valueRecipient"
    for social in node.all("podcast:socialInteract"):
        if social.get("protocol") != "disabled" and not social.get("uri"):
            yield "podcast:socialInteract has no uri"


def _deprecated(node: Node, _context: Context) -> Iterator[str]:
    if node.all("podcast:images"):
        yield "podcast:images was replaced by podcast:image"


def _old_namespace(_node: Node, context: Context) -> Iterator[str]:
    root = context.markup.root
    for uri in ({} if root is None else dict(root.element.nsmap)).values():
        if uri and "github.com/podcastindex-org" in uri.lower():
            yield "the namespace is declared by its old address on GitHub"


def _transcript_above(node: Node, _context: Context) -> Iterator[str]:
    if node.all("podcast:transcript"):
        yield "podcast:transcript stands in the channel, which makes AntennaPod crash"


def _shared(rule: partial[Rule], prefix: str) -> tuple[Rule, ...]:
    """The rules that hold for the channel and for items alike."""
    where = f"{prefix.rstrip('-') or 'channel'}/podcast"
    return (
        rule(f"pc20/{prefix}unknown", severity=WARNING, field=where, find=_unknown,
             mend="Spell it as the specification does; capitals count."),
        rule(f"pc20/{prefix}misplaced", severity=WARNING, field=where, find=_misplaced, mend="Move it there."),
        rule(f"pc20/{prefix}incomplete", severity=WARNING, field=where, find=_incomplete,
             mend="Add it; apps leave the element out otherwise."),
        rule(f"pc20/{prefix}value", severity=WARNING, field=where, find=_values,
             mend="Write what the specification of the element allows."),
        rule(f"pc20/{prefix}long", severity=WARNING, field=where, find=_long, mend="Shorten it."),
        rule(f"pc20/{prefix}many", severity=WARNING, field=where, find=_many, mend="Keep one."),
        rule(f"pc20/{prefix}https", severity=WARNING, field=where, find=_insecure, mend="Use https."),
        rule(f"pc20/{prefix}images", severity=HINT, field=f"{where}:images", find=_deprecated,
             mend="Write podcast:image with href."),
        rule(f"pc20/{prefix}worthless", severity=WARNING, field=where, find=_worthless, mend="Complete or drop it."),
    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    *_shared(_channel, ""),
    *_shared(_item, "item-"),
    _channel("pc20/namespace", severity=HINT, field="rss", find=_old_namespace,
             mend='Declare xmlns:podcast="https://podcastindex.org/namespace/1.0".'),
    _channel("pc20/transcript-in-channel", severity=ERROR, field="channel/podcast:transcript",
             find=_transcript_above, mend="Move it into its item."),
    _item("pc20/soundbite", severity=WARNING, field="item/podcast:soundbite", find=_soundbites,
          mend="Choose 15 to 120 seconds."),
    _item("pc20/source", severity=WARNING, field="item/podcast:alternateEnclosure", find=_sourceless,
          mend="Add <podcast:source uri=…>."),
)  # fmt: skip
