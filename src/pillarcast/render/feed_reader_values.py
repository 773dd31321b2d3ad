"""Elements of the podcast namespace as values; what breaks their rules is left out with a remark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from pillarcast.model.base import Value
from pillarcast.model.episode import Person
from pillarcast.model.feed_values import (
    BlockRule,
    Chat,
    ContentLink,
    Frequency,
    Funding,
    Image,
    License,
    LinkedMedia,
    LinkedTranscript,
    Location,
    MediaSource,
    Recipient,
    RemoteItem,
    SocialPost,
    Soundbite,
    TimeSplit,
    Txt,
    ValueBlock,
)
from pillarcast.render.feed_numbers import parse_count, parse_length
from pillarcast.render.feed_xml import Node

Remarks = Callable[[str, str, str], None]
"""Takes field, what, and the episode."""

_APPLE = "applepodcastsverify"
ValueT = TypeVar("ValueT", bound=Value)


def built(kind: type[ValueT], said: Mapping[str, Any], name: str, remark: Remarks, where: str) -> ValueT | None:
    """A value of what was said; None, and a remark, where it breaks the rules of its element."""
    try:
        return kind.model_validate({key: value for key, value in said.items() if value not in ("", None)})
    except ValidationError as error:
        first = error.errors()[0]
        what = f"was left out: {'.'.join(str(step) for step in first['loc'])}: {first['msg']}"
        remark(name, what.replace("Value error, ", ""), where)
        return None


def every(
    kind: type[ValueT],
    nodes: Iterable[Node],
    said: Callable[[Node], Mapping[str, Any]],
    remark: Remarks,
    where: str = "",
) -> tuple[ValueT, ...]:
    values = (built(kind, said(node), node.name, remark, where) for node in nodes)
    return tuple(value for value in values if value is not None)


def person(node: Node) -> dict[str, Any]:
    return {
        "name": node.text,
        "role": node.get("role").lower(),
        "group": node.get("group").lower(),
        "url": node.get("href"),
        "image": node.get("img"),
    }


def people(node: Node, remark: Remarks, where: str = "") -> tuple[Person, ...]:
    return every(Person, node.all("podcast:person"), person, remark, where)


def fundings(node: Node, remark: Remarks, where: str = "") -> tuple[Funding, ...]:
    def said(child: Node) -> dict[str, Any]:
        return {"url": secured(child.get("url")), "text": child.text}

    return every(Funding, node.all("podcast:funding"), said, remark, where)


def secured(url: str) -> str:
    """The namespace wants https; what was written with http is asked for by https."""
    return "https://" + url.removeprefix("http://") if url.startswith("http://") else url


def license_of(node: Node, remark: Remarks, where: str = "") -> License | None:
    def said(child: Node) -> dict[str, Any]:
        return {"name": child.text, "url": secured(child.get("url"))}

    return next(iter(every(License, node.all("podcast:license"), said, remark, where)), None)


def locations(node: Node, remark: Remarks, where: str = "") -> tuple[Location, ...]:
    def said(child: Node) -> dict[str, Any]:
        return {name: child.get(name) for name in ("rel", "geo", "osm", "country")} | {"name": child.text}

    return every(Location, node.all("podcast:location"), said, remark, where)


def texts(node: Node, remark: Remarks, where: str = "") -> tuple[Txt, ...]:
    def said(child: Node) -> dict[str, Any]:
        return {"text": child.text, "purpose": child.get("purpose")}

    verify = [Txt(text=code.text, purpose=_APPLE) for code in node.all("itunes:applepodcastsverify") if code.text]
    return (*every(Txt, node.all("podcast:txt"), said, remark, where), *verify)


def blocks(node: Node, remark: Remarks) -> tuple[BlockRule, ...]:
    def said(child: Node) -> dict[str, Any]:
        return {"service": child.get("id"), "blocked": child.text.lower() == "yes"}

    return every(BlockRule, node.all("podcast:block"), said, remark)


def chat_of(node: Node, remark: Remarks, where: str = "") -> Chat | None:
    def said(child: Node) -> dict[str, Any]:
        account, space = child.get("accountId"), child.get("space")
        return {"server": child.get("server"), "protocol": child.get("protocol"), "account": account, "space": space}

    return next(iter(every(Chat, node.all("podcast:chat"), said, remark, where)), None)


def socials(node: Node, remark: Remarks, where: str = "") -> tuple[SocialPost, ...]:
    def said(child: Node) -> dict[str, Any]:
        return {
            "protocol": child.get("protocol") or child.get("platform"),
            "uri": child.get("uri") or child.text,
            "account": child.get("accountId"),
            "account_url": child.get("accountUrl"),
            "priority": child.get("priority"),
        }

    return every(SocialPost, node.all("podcast:socialInteract"), said, remark, where)


def images(node: Node, remark: Remarks, where: str = "") -> tuple[Image, ...]:
    def said(child: Node) -> dict[str, Any]:
        return {
            "url": child.get("href"),
            "alt": child.get("alt"),
            "aspect_ratio": child.get("aspect-ratio").replace(" ", ""),
            "width": parse_count(child.get("width")),
            "height": parse_count(child.get("height")),
            "media_type": child.get("type"),
            "purpose": child.get("purpose"),
        }

    return every(Image, node.all("podcast:image"), said, remark, where)


def remote(node: Node) -> dict[str, Any]:
    return {
        "feed_guid": node.get("feedGuid"),
        "feed_url": node.get("feedUrl"),
        "item_guid": node.get("itemGuid"),
        "medium": node.get("medium"),
        "title": node.get("title"),
    }


def remotes(node: Node | None, remark: Remarks) -> tuple[RemoteItem, ...]:
    return every(RemoteItem, node.all("podcast:remoteItem"), remote, remark) if node else ()


def frequency_of(node: Node, remark: Remarks) -> Frequency | None:
    def said(child: Node) -> dict[str, Any]:
        complete = child.get("complete").lower() == "true"
        return {"text": child.text, "rrule": child.get("rrule"), "dtstart": child.get("dtstart"), "complete": complete}

    return next(iter(every(Frequency, node.all("podcast:updateFrequency"), said, remark)), None)


def values(node: Node, remark: Remarks, where: str = "") -> tuple[ValueBlock, ...]:
    def said(child: Node) -> dict[str, Any]:
        return {
            "type": child.get("type"),
            "method": child.get("method"),
            "suggested": child.get("suggested"),
            "recipients": _recipients(child, remark, where),
            "time_splits": every(TimeSplit, child.all("podcast:valueTimeSplit"), _split(remark, where), remark, where),
        }

    return every(ValueBlock, node.all("podcast:value"), said, remark, where)


def _recipients(node: Node, remark: Remarks, where: str) -> tuple[Recipient, ...]:
    return every(Recipient, node.all("podcast:valueRecipient"), _recipient, remark, where)


def _recipient(node: Node) -> dict[str, Any]:
    said = {name: node.get(name) for name in ("address", "split", "type", "name")}
    custom = {"custom_key": node.get("customKey"), "custom_value": node.get("customValue")}
    return {**said, **custom, "fee": node.get("fee").lower() in ("true", "yes")}


def _split(remark: Remarks, where: str) -> Callable[[Node], Mapping[str, Any]]:
    def said(node: Node) -> dict[str, Any]:
        there = node.first("podcast:remoteItem")
        return {
            "start_s": node.get("startTime"),
            "duration_s": node.get("duration"),
            "remote_start_s": node.get("remoteStartTime"),
            "remote_percentage": node.get("remotePercentage"),
            "remote": remote(there) if there else None,
            "recipients": () if there else _recipients(node, remark, where),
        }

    return said


def soundbites(node: Node, remark: Remarks, where: str) -> tuple[Soundbite, ...]:
    def said(child: Node) -> dict[str, Any]:
        return {"start_s": child.get("startTime"), "duration_s": child.get("duration"), "title": child.text}

    return every(Soundbite, node.all("podcast:soundbite"), said, remark, where)


def transcripts(node: Node, remark: Remarks, where: str) -> tuple[LinkedTranscript, ...]:
    def said(child: Node) -> dict[str, Any]:
        media_type, language = child.get("type"), child.get("language")
        return {"url": child.get("url"), "media_type": media_type, "language": language, "rel": child.get("rel")}

    return every(LinkedTranscript, node.all("podcast:transcript"), said, remark, where)


def content_links(node: Node, remark: Remarks, where: str) -> tuple[ContentLink, ...]:
    def said(child: Node) -> dict[str, Any]:
        return {"url": child.get("href"), "text": child.text}

    return every(ContentLink, node.all("podcast:contentLink"), said, remark, where)


def _source(node: Node) -> dict[str, Any]:
    return {"uri": node.get("uri"), "media_type": node.get("contentType")}


def alternates(node: Node, remark: Remarks, where: str) -> tuple[LinkedMedia, ...]:
    def said(child: Node) -> dict[str, Any]:
        integrity = child.first("podcast:integrity")
        return {
            "media_type": child.get("type"),
            "sources": every(MediaSource, child.all("podcast:source"), _source, remark, where),
            "length_bytes": parse_length(child.get("length")) or None,
            "bitrate_bps": child.get("bitrate"),
            "height": parse_count(child.get("height")),
            "language": child.get("lang") or child.get("language"),
            "title": child.get("title"),
            "rel": child.get("rel"),
            "codecs": child.get("codecs"),
            "is_default": child.get("default").lower() == "true",
            "integrity": integrity.get("value") if integrity else "",
        }

    return every(LinkedMedia, node.all("podcast:alternateEnclosure"), said, remark, where)
