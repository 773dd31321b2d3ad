"""Values of the podcast namespace as elements; both the channel and its items may carry these."""

from __future__ import annotations

from collections.abc import Iterable

from pillarcast.model.episode import Person
from pillarcast.model.feed_values import (
    Chat,
    Funding,
    Image,
    License,
    Location,
    Recipient,
    RemoteItem,
    SocialPost,
    TimeSplit,
    Txt,
    ValueBlock,
)
from pillarcast.render.podcast_namespace import Element

YES_NO = {True: "yes", False: "no"}
TRUE_FALSE = {True: "true", False: "false"}


def number(value: float | None) -> str:
    """As short as it can be written without loss: 60, 42.25; empty for None."""
    return "" if value is None else repr(float(value)).removesuffix(".0")


def persons(people: Iterable[Person]) -> list[Element]:
    return [
        Element(
            "podcast:person",
            person.name,
            {"role": person.role, "group": person.group, "img": person.image, "href": person.url},
        )
        for person in people
    ]


def fundings(funding: Iterable[Funding]) -> list[Element]:
    return [Element("podcast:funding", pay.text, {"url": pay.url}) for pay in funding]


def licenses(licence: License | None) -> list[Element]:
    return [Element("podcast:license", licence.name, {"url": licence.url})] if licence else []


def locations(places: Iterable[Location]) -> list[Element]:
    return [
        Element(
            "podcast:location",
            place.name,
            {"rel": place.rel, "geo": place.geo, "osm": place.osm, "country": place.country.upper()},
        )
        for place in places
    ]


def texts(txt: Iterable[Txt]) -> list[Element]:
    return [Element("podcast:txt", text.text, {"purpose": text.purpose}) for text in txt]


def chats(chat: Chat | None) -> list[Element]:
    if chat is None:
        return []
    said = {"server": chat.server, "protocol": chat.protocol, "accountId": chat.account, "space": chat.space}
    return [Element("podcast:chat", attributes=said)]


def socials(posts: Iterable[SocialPost]) -> list[Element]:
    return [
        Element(
            "podcast:socialInteract",
            attributes={
                "priority": number(post.priority),
                "protocol": post.protocol,
                "uri": post.uri,
                "accountId": post.account,
                "accountUrl": post.account_url,
            },
        )
        for post in posts
    ]


def images(pictures: Iterable[Image]) -> list[Element]:
    return [
        Element(
            "podcast:image",
            attributes={
                "href": picture.url,
                "alt": picture.alt,
                "aspect-ratio": picture.aspect_ratio,
                "width": number(picture.width),
                "height": number(picture.height),
                "type": picture.media_type,
                "purpose": picture.purpose,
            },
        )
        for picture in pictures
    ]


def remote(there: RemoteItem) -> Element:
    said = {
        "feedGuid": there.feed_guid,
        "feedUrl": there.feed_url,
        "itemGuid": there.item_guid,
        "medium": there.medium,
        "title": there.title,
    }
    return Element("podcast:remoteItem", attributes=said)


def values(blocks: Iterable[ValueBlock]) -> list[Element]:
    return [
        Element(
            "podcast:value",
            attributes={"type": block.type, "method": block.method, "suggested": block.suggested},
            children=(*map(_recipient, block.recipients), *map(_time_split, block.time_splits)),
        )
        for block in blocks
    ]


def _recipient(payee: Recipient) -> Element:
    said = {
        "name": payee.name,
        "type": payee.type,
        "address": payee.address,
        "customKey": payee.custom_key,
        "customValue": payee.custom_value,
        "split": str(payee.split),
        "fee": "true" if payee.fee else "",
    }
    return Element("podcast:valueRecipient", attributes=said)


def _time_split(split: TimeSplit) -> Element:
    said = {"startTime": number(split.start_s), "duration": number(split.duration_s)}
    if split.remote is None:
        return Element("podcast:valueTimeSplit", attributes=said, children=tuple(map(_recipient, split.recipients)))
    said |= {
        "remoteStartTime": number(split.remote_start_s or None),
        "remotePercentage": number(split.remote_percentage),
    }
    return Element("podcast:valueTimeSplit", attributes=said, children=(remote(split.remote),))
